"""Labels "as the last time" for several takes: what would be set, and from which take it comes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeRow
from perfstudio.model.labels import Labels
from perfstudio.model.take import TakeState


@dataclass(frozen=True, slots=True)
class LabelsAgain:
    """`labels` as they would be set to `take_ids`, and the take that has them."""

    title: str
    number: int
    labels: Labels
    take_ids: tuple[str, ...]


def labels_again(library: Library, take_ids: Collection[str]) -> LabelsAgain | None:
    """What was meant in the newest other take that says it, and how strongly: of the same scene where all are of one.

    How it felt, whether the character held and the own line belong to the one take they were said of. Takes that say
    what was meant are left as they are. None where nothing was said of any other take.
    """
    rows = library.list()
    wanted = [row for row in rows if row.take_id in take_ids and not row.meant]
    said = [row for row in rows if row.meant and row.take_id not in take_ids and row.state is not TakeState.BINNED]
    scenes = {(row.pack_id, row.prompt_id) for row in wanted}
    of_scene = [row for row in said if {(row.pack_id, row.prompt_id)} == scenes]
    for row in (*of_scene, *said):
        if wanted and (labels := _meant(library, row)) is not None:
            return LabelsAgain(row.prompt_title, row.take_number, labels, tuple(row.take_id for row in wanted))
    return None


def _meant(library: Library, row: TakeRow) -> Labels | None:
    said = library.manifest(row.take_id).said()
    return Labels(meant=said.meant, intensity=said.intensity) if said is not None and said.meant else None
