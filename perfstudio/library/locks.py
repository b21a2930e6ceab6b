"""Locks between processes that die with their holder, so that kill -9 never leaves one behind.

Two kinds. *Short* locks guard one change of one subject (a take, a prompt's circle, the counters): 32 stripe files per
kind, so the folder never grows. *Living* locks say "this unsealed take is being worked on by a living process"; one
file per open take, removed when the take is sealed. Order: a prompt lock may be held while taking a take lock, never
the other way round, and never two of one kind.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from perfstudio.durable import take_lock
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.systems.locks import FILE_LOCKS

_STRIPES = 32
_POLL_S = 0.01
PATIENCE_S = 10.0
"""How long a change waits for another process before it gives up with LIBRARY_IN_USE."""


class Locks:
    """The lock folder of one library. Held locks belong to this object and end with `close` or with the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._living: dict[str, int] = {}

    @contextmanager
    def hold(self, kind: str, subject: str, patience_s: float = PATIENCE_S) -> Iterator[None]:
        """Hold the short lock of one subject. Raises LibraryError(LIBRARY_IN_USE) after `patience_s` seconds."""
        stripe = zlib.crc32(subject.encode()) % _STRIPES
        descriptor = self._open(f"{kind}-{stripe:02d}.lock")
        try:
            give_up_ns = host_ns() + round(patience_s * 1e9)
            while not take_lock(descriptor):
                if host_ns() > give_up_ns:
                    raise LibraryError(ErrorCode.LIBRARY_IN_USE)
                time.sleep(_POLL_S)
            yield
        finally:
            os.close(descriptor)

    def claim(self, take_id: str) -> bool:
        """Take the living lock of an unsealed take; False when a living process (this one too) has it."""
        if take_id in self._living:
            return False
        while True:
            descriptor = self._open(f"{take_id}.open")
            if not take_lock(descriptor):
                os.close(descriptor)
                return False
            if self._is_current(f"{take_id}.open", descriptor):
                self._living[take_id] = descriptor
                return True
            os.close(descriptor)  # released and removed by another process between our open and our lock

    def is_claimed(self, take_id: str) -> bool:
        """Whether a living process holds the living lock of this take. Leaves no file behind."""
        if take_id in self._living:
            return True
        path = self._folder / f"{take_id}.open"
        if not path.exists():
            return False
        free = self.claim(take_id)
        if free:
            self.release(take_id)
        return not free

    def any_claimed(self) -> bool:
        """Whether a living process works on any unsealed take."""
        try:
            found = [path.stem for path in self._folder.glob("*.open")]
        except OSError:
            return False
        return any(self.is_claimed(take_id) for take_id in found)

    def release(self, take_id: str) -> None:
        """Give the living lock back and remove its file; quiet when it is not held here."""
        descriptor = self._living.pop(take_id, None)
        if descriptor is None:
            return
        FILE_LOCKS.end(descriptor, self._folder / f"{take_id}.open")

    def close(self) -> None:
        """Give every living lock back; the files of takes that are still open stay, unlocked."""
        for descriptor in self._living.values():
            os.close(descriptor)
        self._living.clear()

    def _is_current(self, name: str, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), (self._folder / name).lstat())
        except FileNotFoundError:
            return False

    def _open(self, name: str) -> int:
        self._folder.mkdir(mode=0o700, exist_ok=True)  # not its parents: a library that went away is not recreated
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        return os.open(self._folder / name, flags, 0o600)
