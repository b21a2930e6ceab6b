"""Which takes are chosen: one, from here to there, all that are shown."""

from __future__ import annotations

from collections.abc import Sequence


class Choosing:
    """Take ids, and the anchor from which a range goes. `order` is always that in which takes are shown."""

    def __init__(self) -> None:
        self._chosen: set[str] = set()
        self._anchor = ""

    def __contains__(self, take_id: str) -> bool:
        return take_id in self._chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def turn(self, take_id: str) -> None:
        """Choose a take, or no longer; a range goes from here."""
        self._chosen ^= {take_id}
        self._anchor = take_id

    def reach(self, order: Sequence[str], start: str, goal: str) -> None:
        """Choose all from the anchor, or `start` where there is none, to `goal`, and no others."""
        self._anchor = self._anchor if self._anchor in order else start
        ends = sorted((order.index(self._anchor), order.index(goal)))
        self._chosen = set(order[ends[0] : ends[1] + 1])

    def all(self, order: Sequence[str]) -> None:
        """Choose everything that is shown."""
        self._chosen = set(order)

    def clear(self) -> None:
        """Choose nothing."""
        self._chosen, self._anchor = set(), ""

    def keep_to(self, order: Sequence[str]) -> None:
        """What is not shown any more is not chosen: nobody decides about what they do not see."""
        self._chosen &= set(order)
        self._anchor = self._anchor if self._anchor in self._chosen else ""
