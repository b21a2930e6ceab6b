"""Small documents over a line that may lose, double and reorder: each is said again until heard, one after another.

What is in them is for whoever holds the line. Bounded in memory, whatever comes. Used on one thread; without a line, a
process or a wait, so that it is tried by hand.
"""

from __future__ import annotations

import struct
from typing import Final, TypeGuard

PAPER, PAPER_HEARD = 20, 21
MOST_PAPER: Final = 4000
"""Bytes of one."""
MOST_WAITING: Final = 16
"""PaperTalk that came and that nobody has taken yet; another one is not confirmed, and so comes again."""
_HEAD: Final = struct.Struct(">BI")


def is_paper(data: object) -> TypeGuard[bytes]:
    """Whether a message is of this kind."""
    return isinstance(data, bytes) and len(data) >= _HEAD.size and data[0] in (PAPER, PAPER_HEARD)


class PaperTalk:
    """One side."""

    def __init__(self) -> None:
        self._to_say: list[bytes] = []
        self._said = self._next = 0
        self._came: list[bytes] = []

    @property
    def all_heard(self) -> bool:
        """Whether the other side has confirmed all that was said."""
        return not self._to_say

    def say(self, paper: bytes) -> None:
        """To be heard by the other side, behind those that were said before."""
        self._to_say.append(paper[:MOST_PAPER])

    def due(self) -> list[bytes]:
        """What is to be said now, at each tick."""
        return [_HEAD.pack(PAPER, self._said) + paper for paper in self._to_say[:1]]

    def taken(self) -> list[bytes]:
        """What came since this was asked last."""
        came, self._came = self._came, []
        return came

    def heard(self, data: bytes) -> bytes | None:
        """What came, where it `is_paper`; what is answered to it."""
        kind, number = _HEAD.unpack_from(data)
        if kind == PAPER_HEARD:
            if number == self._said and self._to_say:
                self._to_say.pop(0)
                self._said += 1
            return None
        if number == self._next and len(self._came) < MOST_WAITING and len(data) <= _HEAD.size + MOST_PAPER:
            self._came.append(data[_HEAD.size :])
            self._next += 1
        return _HEAD.pack(PAPER_HEARD, number) if number < self._next else None
