"""The body of one PATCH: a stretch of an open file, read in small pieces, that can be stopped between any two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import BinaryIO

from perfstudio.model.errors import DeliveryError, ErrorCode

PIECE = 1 << 16
"""Bytes per read: smooth progress, and the most that leaves after a stop."""
PIECE_MOST = 1 << 18
"""On a line that takes pieces faster than they can be handed over: fewer of them cost less."""
QUICK_S, SLOW_S = 0.005, 0.02
"""A piece that is gone in less may be followed by a larger one; after one that took more they are smaller again."""
QUICK_IN_A_ROW = 8


class FileSlice:
    """`length` bytes of `file` from `start`. `tick(sent)` runs before every piece and may raise to stop the transfer.

    requests takes the length from `__len__` (an exact Content-Length) and hands on piece after piece. All of them are
    views of one buffer: what a piece holds is gone with the next one, and a file of any size needs the memory of one.
    """

    def __init__(self, file: BinaryIO, start: int, length: int, tick: Callable[[int], None], *, name: str = "") -> None:
        """`name` is what the file is called when it cannot be read to the end."""
        self._file = file
        self._name = name
        self._start = start
        self._length = length
        self._tick = tick
        self.sent = 0
        """Bytes handed over so far."""

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[memoryview]:
        room = memoryview(bytearray(min(PIECE_MOST, self._length)))
        size, quick, began_s = PIECE, 0, monotonic()
        while self.sent < self._length:
            piece = room[: min(size, self._length - self.sent)]
            self.fill(piece)
            yield piece
            now_s = monotonic()
            took_s, began_s = now_s - began_s, now_s
            quick = quick + 1 if took_s < QUICK_S else 0
            if quick == QUICK_IN_A_ROW:
                size, quick = min(2 * size, PIECE_MOST), 0
            elif took_s > SLOW_S:
                size = max(size // 2, PIECE)

    def fill(self, piece: memoryview) -> None:
        """Read what comes next into all of `piece`; from then on it counts as handed over."""
        self._tick(self.sent)
        read_at(self._file, self._start + self.sent, piece, self._name)
        self.sent += len(piece)


def read_at(file: BinaryIO, at: int, room: memoryview, name: str) -> None:
    """Fill `room` from `at` on. A file that became shorter or unreadable must not look like a broken connection: raises
    DeliveryError(FILE_CHANGED).
    """
    try:
        file.seek(at)
        count = file.readinto(room)  # type: ignore[attr-defined]  # every file that is opened has it
    except OSError:
        count = 0
    if count != len(room):
        raise DeliveryError(ErrorCode.FILE_CHANGED, file=name)
