"""What a performer has played before: takes of a scene, and how its character sounded elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfstudio.library.take_row import TakeFilter, TakeRow
from perfstudio.model.prompt_2 import character_of
from perfstudio.model.take import TakeState
from perfstudio.session.takes.arranging import KEPT

if TYPE_CHECKING:
    from perfstudio.library.library import Library
    from perfstudio.session.views import SceneCard

MOST = 5
"""Takes of a scene that are named, the newest ones."""


@dataclass(frozen=True, slots=True)
class EarlierTakes:
    """Newest first; nothing that was binned or is damaged."""

    of_scene: tuple[TakeRow, ...] = ()
    as_character: TakeRow | None = None
    """Of another scene of the pack, kept, and circled where one was: how the character looks and sounds."""


def earlier_takes(library: Library, card: SceneCard) -> EarlierTakes:
    """Of a scene, from the index alone."""
    prompt, there = card.prompt, (*KEPT, TakeState.UNDECIDED)
    rows = library.list(TakeFilter(states=frozenset(there), pack_id=card.pack_id, prompt_id=prompt.id))
    name = character_of(prompt, card.brief)
    if not name:
        return EarlierTakes(rows[:MOST])
    others = library.list(TakeFilter(states=KEPT, pack_id=card.pack_id, character=name))
    elsewhere = [row for row in others if row.prompt_id != prompt.id]
    circled = [row for row in elsewhere if row.circled]
    return EarlierTakes(rows[:MOST], next(iter((*circled, *elsewhere)), None))
