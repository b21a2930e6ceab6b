"""The body of one PATCH: a stretch of an open file, read in small pieces, that can be stopped between any two."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from perfstudio.model.errors import DeliveryError, ErrorCode

PIECE = 1 << 16
"""Bytes per read: smooth progress, and the most that leaves after a stop."""


class FileSlice:
    """`length` bytes of `file` from `start`. `tick(sent)` runs before every piece and may raise to stop the transfer.

    requests takes the length from `__len__` (an exact Content-Length) and reads piece by piece, so that a file of any
    size needs the memory of one piece.
    """

    def __init__(self, file: BinaryIO, start: int, length: int, tick: Callable[[int], None], *, name: str = "") -> None:
        """`name` is what the file is called when it cannot be read to the end."""
        self._file = file
        self._name = name
        self._start = start
        self._length = length
        self._sent = 0
        self._tick = tick

    @property
    def sent(self) -> int:
        """Bytes handed over so far."""
        return self._sent

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece

    def read(self, size: int = -1, /) -> bytes:
        """The next piece, never past the end of the stretch."""
        self._tick(self._sent)
        left = self._length - self._sent
        piece = self._read(self._start + self._sent, min(left, PIECE if size < 0 else size))
        self._sent += len(piece)
        return piece

    def digest(self, algorithm: str) -> bytes:
        """The hash of the whole stretch, read before it is sent. `tick` runs here, too."""
        hasher = hashlib.new(algorithm)
        for at in range(0, self._length, PIECE):
            self._tick(0)
            hasher.update(self._read(self._start + at, min(PIECE, self._length - at)))
        return hasher.digest()

    def _read(self, at: int, count: int) -> bytes:
        """Exactly `count` bytes: a file that became shorter or unreadable must not look like a broken connection."""
        try:
            self._file.seek(at)
            piece = self._file.read(count)
        except OSError:
            piece = b""
        if len(piece) != count:
            raise DeliveryError(ErrorCode.FILE_CHANGED, file=self._name)
        return piece
