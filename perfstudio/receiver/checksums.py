"""Whether what a request brought is what its sender said: by a hash of it, or of the upload from its first byte on.

For the second, SHA-256 of what has come is kept between requests, and each byte is hashed once. It is not on the disk:
after a restart, and where other requests came without it, what is missing is read once, a stretch at a time, when the
body has come; whoever waits for the answer waits for that, the event loop for nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from perfstudio.model.delivery import FROM_START
from perfstudio.receiver.errors import RefusedError, upload_gone

ALGORITHMS = ("sha256", "sha1", FROM_START)
READ_AT_ONCE = 16 << 20
"""A reader can be stopped after so much: some hundredths of a second."""
_PIECE = 1 << 20


class Hasher(Protocol):
    """What takes bytes in their order."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class RunningHash:
    """SHA-256 of the first `size` bytes of a partial file. Any thread, one at a time."""

    def __init__(self) -> None:
        self._hasher = hashlib.sha256()
        self.size = 0

    def copy(self) -> RunningHash:
        """Another one, that goes on by itself."""
        made = RunningHash()
        made._hasher, made.size = self._hasher.copy(), self.size
        return made

    def update(self, data: bytes | memoryview, /) -> None:
        """What comes next in the file."""
        self._hasher.update(data)
        self.size += len(data)

    def digest(self) -> bytes:
        """Of what came so far."""
        return self._hasher.digest()

    def read_on(self, part: Path, end: int) -> bool:
        """Read what comes next in the file, at most `READ_AT_ONCE` bytes; whether `end` is reached.

        Raises OSError, and RefusedError(410) when the file has gone or become shorter.
        """
        try:
            file = part.open("rb", buffering=0)
        except FileNotFoundError:
            raise upload_gone() from None
        with file:
            file.seek(self.size)
            room, most = memoryview(bytearray(_PIECE)), min(end, self.size + READ_AT_ONCE)
            while self.size < most:
                count = file.readinto(room[: most - self.size])
                if not count:
                    raise upload_gone()
                self.update(room[:count])
        return self.size >= end


class BodyCheck:
    """Of one request that appends to a partial file from `start` on; `known` is what is known of the file before."""

    def __init__(self, expected: tuple[str, bytes] | None, part: Path, start: int, known: RunningHash) -> None:
        self._algorithm, self._digest = expected or ("", b"")
        self._part = part
        self._start = start
        self.known = known if known.size <= start else RunningHash()
        """What the next request may begin with, however this one ends."""
        self._ours: RunningHash | None = None
        self.hasher: Hasher | None = None
        """Hears of every byte that was written, where it has to."""
        if self._algorithm == FROM_START:
            if self.known.size == start:
                self.hasher = self._ours = self.known.copy()
        elif self._algorithm:
            self.hasher = hashlib.new(self._algorithm)

    async def holds(self, end: int) -> bool:
        """Whether the bytes up to `end`, all of which are written, are those of the sender. Raises as `read_on`."""
        if not self._algorithm:
            return True
        if self._algorithm != FROM_START:
            assert self.hasher is not None  # noqa: S101 - see above
            return self.hasher.digest() == self._digest
        if self._ours is None:
            await self._read(self.known, self._start)
            self._ours = self.known.copy()
        await self._read(self._ours, end)
        if self._ours.digest() == self._digest:
            return True
        self._ours = None
        return False

    def over(self) -> RunningHash:
        """What is known of the file from now on. What has come before a sender broke off is kept, and so is this."""
        return self._ours or self.known

    async def _read(self, running: RunningHash, end: int) -> None:
        while running.size < end:
            await run_in_threadpool(running.read_on, self._part, end)


def parse_checksum(text: str | None) -> tuple[str, bytes] | None:
    """(algorithm, digest) or None when none was sent. Raises RefusedError(400)."""
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise RefusedError(400, "unreadable checksum") from None
    if algorithm not in ALGORITHMS:
        raise RefusedError(400, "unsupported checksum algorithm")
    return algorithm, digest
