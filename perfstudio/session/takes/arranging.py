"""The order of the takes on their page, and what of them is shown: pure functions over the rows of the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from perfstudio.library.take_row import TakeRow
from perfstudio.model.base import Document
from perfstudio.model.checks import Verdict
from perfstudio.model.take import TakeState

KEPT = frozenset({TakeState.KEPT, TakeState.ACCEPTED, TakeState.DELIVERED, TakeState.WITHDRAWN})
"""States of a take that its performer has kept."""
_GRAVEST = {Verdict.RETAKE: 0, Verdict.LOOK: 1, None: 2, Verdict.GOOD: 3}


class SortBy(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    SCENE = "scene"  # by title, then number
    LENGTH = "length"  # the longest first
    VERDICT = "verdict"  # what the checks found gravest first


class Shown(StrEnum):
    """Which takes, by their state."""

    ALL = "all"  # but those in the bin
    UNDECIDED = "undecided"
    KEPT = "kept"
    CIRCLED = "circled"
    DELIVERED = "delivered"
    BIN = "bin"


_FITS: dict[Shown, Callable[[TakeRow], bool]] = {
    Shown.ALL: lambda row: row.state is not TakeState.BINNED,
    Shown.UNDECIDED: lambda row: row.state is TakeState.UNDECIDED,
    Shown.KEPT: lambda row: row.state in KEPT,
    Shown.CIRCLED: lambda row: row.circled and row.state is not TakeState.BINNED,
    Shown.DELIVERED: lambda row: row.state is TakeState.DELIVERED or bool(row.sent),
    Shown.BIN: lambda row: row.state is TakeState.BINNED,
}
_KEYS: dict[SortBy, Callable[[TakeRow], tuple[object, ...]]] = {
    SortBy.SCENE: lambda row: (row.prompt_title.casefold(), row.pack_id, row.prompt_id, row.take_number),
    SortBy.LENGTH: lambda row: (-(row.duration_s or 0.0),),
    SortBy.VERDICT: lambda row: (_GRAVEST[row.verdict],),
}


class TakesView(Document):
    """How the performer last looked at their takes; an empty text means any."""

    sort: SortBy = SortBy.NEWEST
    by_scene: bool = False
    shown: Shown = Shown.ALL
    character: str = ""
    emotion: str = ""


@dataclass(frozen=True, slots=True)
class TakeGroup:
    """Takes under one heading; the title is empty where there is none."""

    title: str
    rows: tuple[TakeRow, ...]


def arranged(rows: Iterable[TakeRow], view: TakesView, fits: Callable[[TakeRow], bool]) -> tuple[TakeGroup, ...]:
    """The takes that are shown, in their order. `rows` come newest first; `fits` judges by what was typed."""
    found = [row for row in rows if _FITS[view.shown](row) and _is_of(row, view) and fits(row)]
    key = _KEYS.get(view.sort)
    ordered = sorted(found, key=key) if key is not None else found
    if not view.by_scene:
        return (TakeGroup("", tuple(ordered)),) if ordered else ()
    groups: dict[tuple[str, str], list[TakeRow]] = {}
    for row in ordered:
        groups.setdefault((row.pack_id, row.prompt_id), []).append(row)
    return tuple(TakeGroup(of[0].prompt_title, tuple(of)) for of in groups.values())


def counted(rows: Sequence[TakeRow]) -> dict[Shown, int]:
    """How many takes each choice of states holds."""
    return {shown: sum(map(fits, rows)) for shown, fits in _FITS.items()}


def characters(rows: Iterable[TakeRow]) -> tuple[str, ...]:
    """Every character that was played."""
    return tuple(sorted({row.character for row in rows if row.character}, key=str.casefold))


def emotions(rows: Iterable[TakeRow]) -> tuple[str, ...]:
    """Every emotion that was asked for or meant, as its word."""
    return tuple(sorted({word for row in rows for word in (*row.emotions, *row.meant)}))


def _is_of(row: TakeRow, view: TakesView) -> bool:
    of_character = not view.character or row.character == view.character
    return of_character and (not view.emotion or view.emotion in row.emotions or view.emotion in row.meant)
