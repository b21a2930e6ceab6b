"""What studios told of the scenes for two that a take is one side of: pairs.json beside it, also of a deleted take."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perfstudio.library.folder import PAIRS, TakeLocation, read_pairs
from perfstudio.library.sealing import write_document
from perfstudio.model.errors import LibraryError
from perfstudio.model.pair_document import MOST_KEPT, PairsKept, PairTold

Find = Callable[[str], TakeLocation]
"""Where a take or its papers lie. Raises LibraryError(TAKE_UNKNOWN)."""
Write = Callable[[str, Callable[[], None]], None]
"""Writes something of a take while nobody else does."""


class PairPapers:
    """Of one library. Whether a studio signed what it told is looked at by whoever asks it."""

    def __init__(self, find: Find, write: Write) -> None:
        self._find = find
        self._write = write

    def of(self, take_id: str) -> tuple[PairTold, ...]:
        """What was told last of each pair, the one that changed last first. Raises LibraryError(TAKE_DAMAGED)."""
        kept = read_pairs(self._find(take_id))
        return kept.pairs if kept is not None else ()

    def keep(self, take_id: str, told: Iterable[PairTold]) -> tuple[PairTold, ...]:
        """Keep what is newer than what is known of its pair, and say which that is. Of what cannot be read any more
        nothing is known."""
        try:
            known = {one.pair_id: one for one in self.of(take_id)}
        except LibraryError:
            known = {}
        new = tuple(one for one in told if one.take_id == take_id and _is_newer(one, known.get(one.pair_id)))
        if new:
            known |= {one.pair_id: one for one in new}
            newest = sorted(known.values(), key=lambda one: one.changed_at, reverse=True)[:MOST_KEPT]
            kept = PairsKept(take_id=take_id, pairs=tuple(newest))
            self._write(take_id, lambda: write_document(self._find(take_id).folder / PAIRS, kept))
        return new


def _is_newer(told: PairTold, known: PairTold | None) -> bool:
    return known is None or told.changed_at > known.changed_at
