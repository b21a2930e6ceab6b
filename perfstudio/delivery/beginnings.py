"""SHA-256 of the beginnings of a file: made on the way while the whole of it is hashed, before its first byte leaves.

A receiver that offers `FROM_START` compares what it has of an upload, from its first byte to the end of a request, with
one of them. Then nothing is hashed on this side while bytes leave, and the receiver hashes each byte once, too.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from perfstudio.delivery.checksum_ahead import ChecksumAhead
from perfstudio.delivery.http import VERIFIED_PER_S
from perfstudio.delivery.policy import CHUNK_FLOOR
from perfstudio.durable import HASHED_AT_ONCE
from perfstudio.model.delivery import FROM_START

EVERY = CHUNK_FLOOR
"""At every so many bytes a beginning ends: no chunk needs to be smaller. 128 kB of digests for a gigabyte."""
_LENGTH = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Of one file of `size` bytes. `digests` holds SHA-256 of its first `EVERY` bytes, of twice as many and so on, one
    behind the other, and that of the whole last.
    """

    size: int
    digests: bytes

    @property
    def whole(self) -> str:
        """SHA-256 of the file, in hex."""
        return self.digests[-_LENGTH:].hex()

    def end(self, start: int, wanted: int) -> int:
        """Where what goes next from `start` ends: after at most `wanted` bytes, or at the first place that there is."""
        if start + wanted >= self.size:
            return self.size
        return min(max((start + wanted) // EVERY, start // EVERY + 1) * EVERY, self.size)

    def digest(self, end: int) -> bytes:
        """SHA-256 of the first `end` bytes; `end` is one of `end`."""
        at = (-(-end // EVERY) - 1) * _LENGTH
        return self.digests[at : at + _LENGTH]


def hash_beginnings(file: BinaryIO, tick: Callable[[], object] = lambda: None) -> Beginnings:
    """Read an open file from its first byte to its last. `tick` is called for each megabyte, and may raise."""
    hasher, digests, size = hashlib.sha256(), bytearray(), 0
    file.seek(0)
    while piece := file.read(HASHED_AT_ONCE):
        tick()
        view = memoryview(piece)
        for at in range(0, len(piece), EVERY):
            hasher.update(view[at : at + EVERY])
            digests += hasher.copy().digest()
        size += len(piece)
    return Beginnings(size, bytes(digests) or hasher.digest())


class ChecksumFromStart:
    """Says how much goes next and its Upload-Checksum, as `ChecksumAhead` does, and has nothing to do for it.

    For one file, from where the receiver said that it is.
    """

    def __init__(self, of: Beginnings) -> None:
        self._of = of
        self._taken = False
        self.read_s = 0.0
        """So much longer than usual the answer to what was taken last may take: a receiver that was started anew reads
        what it has of the file."""

    def __enter__(self) -> ChecksumFromStart:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, start: int, most: int, step: int) -> None:
        """Everything is there already."""

    def take(self, start: int, wanted: int, tick: Callable[[], None]) -> tuple[int, str]:
        """How many bytes from `start` go next, and their Upload-Checksum. More than `wanted` where that is less than
        `EVERY`.
        """
        self._taken, self.read_s = True, 0.0 if self._taken else start / VERIFIED_PER_S
        end = self._of.end(start, wanted)
        return end - start, f"{FROM_START} {base64.b64encode(self._of.digest(end)).decode()}"


Checksums = ChecksumAhead | ChecksumFromStart
