"""Files that account for every byte: written whole or refused, sized by what the system says, synced on purpose."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from perfstudio import durable
from perfstudio.model.errors import CaptureError
from perfstudio.systems.durability import DURABILITY

_BINARY: Final = getattr(os, "O_BINARY", 0)


class DurableFile:
    """A new file of mode 0600, unbuffered, with the calls of a raw binary file that muxers need.

    On a full disk `relief` is asked once to make room (see Ballast) and the write goes on where it stopped. The first
    write that fails all the same is kept in `problem` and every later write fails the same way, so that nothing is
    written behind a hole. What was written before it stays. One thread writes; any may ask for size and sync.
    """

    def __init__(self, path: Path, relief: Callable[[], bool] | None = None) -> None:
        self.path = path
        self.problem: CaptureError | None = None
        self._relief = relief or (lambda: False)
        self._closing = threading.Lock()
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        except OSError as problem:
            raise durable.file_error(problem, path, CaptureError) from problem

    def write(self, data: bytes | memoryview) -> int:
        """Write all of it, or raise CaptureError."""
        if self.problem is not None:
            raise self.problem
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._fd, rest) :]
            except OSError as problem:
                if durable.is_full(problem) and self._relief():
                    continue
                self.problem = durable.file_error(problem, self.path, CaptureError)
                raise self.problem from problem
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Read from where the file stands."""
        return os.read(self._fd, size if size >= 0 else self.size())

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move; the muxer goes back to complete its headers."""
        return os.lseek(self._fd, offset, whence)

    def tell(self) -> int:
        """Where the file stands."""
        return os.lseek(self._fd, 0, os.SEEK_CUR)

    def seekable(self) -> bool:
        """True."""
        return True

    def readable(self) -> bool:
        """True."""
        return True

    def writable(self) -> bool:
        """True."""
        return True

    def size(self) -> int:
        """Bytes in the file, as the system says; 0 after `close`."""
        with self._closing:
            return os.fstat(self._fd).st_size if self._fd >= 0 else 0

    def sync(self) -> None:
        """Ask for what was written to be safe against power loss. A failure is final, never retried as success.

        Nobody waits for a slow disk meanwhile, not even `close`: the sync has a descriptor of its own.
        """
        with self._closing:
            if self._fd < 0 or self.problem is not None:
                return
            fd = os.dup(self._fd)
        try:
            DURABILITY.flush_data(fd)
        except OSError as problem:
            self.problem = durable.file_error(problem, self.path, CaptureError)
        finally:
            os.close(fd)

    def close(self) -> None:
        """Sync and close; may be called twice."""
        self.sync()
        with self._closing:
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1


class Ballast:
    """A few megabytes held on the disk while rolling, let go when it is full so that the take closes cleanly."""

    def __init__(self, path: Path, size: int = 4 * 2**20) -> None:
        self._path = path
        self.released = False
        try:
            durable.write_new(path, _incompressible(size))
        except OSError as problem:
            durable.remove(path)
            raise durable.file_error(problem, path, CaptureError) from problem

    def release(self) -> bool:
        """Let go; True the first time, when there is new room."""
        first = not self.released
        self.released = True
        with contextlib.suppress(OSError):
            durable.remove(self._path)
        return first


def _incompressible(size: int) -> bytes:
    """So many bytes, a multiple of 128, that no file system can pack, share or leave out: random ones, sixteen times,
    each time in another disguise. To ask the system for all of them would take longer than to write them."""
    few = np.frombuffer(os.urandom(size // 16), np.uint64)
    return (few ^ np.frombuffer(os.urandom(128), np.uint64)[:, None]).tobytes()


def put_in_place(written: Path, final: Path) -> None:
    """Give a closed file its name: after this it is saved. Raises CaptureError."""
    try:
        durable.replace_durably(written, final)
    except OSError as problem:
        raise durable.file_error(problem, final, CaptureError) from problem


def write_saved(path: Path, data: bytes) -> None:
    """Save a small file whole or not at all. Raises CaptureError."""
    try:
        durable.write_durably(path, data)
    except OSError as problem:
        raise durable.file_error(problem, path, CaptureError) from problem
