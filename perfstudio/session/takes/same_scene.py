"""The other takes of a scene, as Review leads from one to the next and lays two beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfstudio.library.take_row import TakeRow
from perfstudio.model.take import TakeState


@dataclass(frozen=True, slots=True)
class SceneTake:
    """One take of a scene that can be watched."""

    take_id: str
    number: int
    circled: bool


def watchable(rows: Iterable[TakeRow]) -> tuple[SceneTake, ...]:
    """Those that are whole and not in the bin, in the order in which they were played."""
    whole = (row for row in rows if row.sealed and not row.damage and row.state is not TakeState.BINNED)
    takes = (SceneTake(row.take_id, row.take_number, row.circled) for row in whole)
    return tuple(sorted(takes, key=lambda take: (take.number, take.take_id)))
