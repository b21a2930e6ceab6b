"""Locks between processes on an open file, which end with the file or with the process, however it ends.

Linux, macOS   flock(2)
Windows        msvcrt.locking, which is LockFile on the first byte; tried anew until it is free, for LK_LOCK gives
               up after ten seconds. An open file cannot be removed there, so it is closed first.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, Final, Protocol

_POLL_S: Final = 0.02


class FileLocks(Protocol):
    """How one system locks an open file."""

    def take(self, descriptor: int, *, wait: bool = False) -> bool:
        """False when another holds it; with `wait` it comes back once that has let go. Raises OSError."""

    def end(self, descriptor: int, path: Path) -> None:
        """Remove the file of a lock that is held, and let go of it. Raises OSError; it is let go of all the same."""


class PosixLocks:
    """Linux and macOS: nobody can take the lock of a file between its removal and its end."""

    def take(self, descriptor: int, *, wait: bool = False) -> bool:
        import fcntl  # noqa: PLC0415 - does not exist on Windows

        lock: Any = fcntl
        try:
            lock.flock(descriptor, lock.LOCK_EX | (0 if wait else lock.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def end(self, descriptor: int, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


class WindowsLocks:
    """A file that another process looks at just now stays, unlocked, which is as good as gone."""

    def take(self, descriptor: int, *, wait: bool = False) -> bool:
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        lock: Any = msvcrt
        while True:
            os.lseek(descriptor, 0, os.SEEK_SET)
            try:
                lock.locking(descriptor, lock.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
                time.sleep(_POLL_S)
            else:
                return True

    def end(self, descriptor: int, path: Path) -> None:
        os.close(descriptor)
        try:
            path.unlink(missing_ok=True)
        except PermissionError:
            return


def for_system(system: str) -> FileLocks:
    """The version of a system, by its `sys.platform`."""
    return WindowsLocks() if system == "win32" else PosixLocks()


FILE_LOCKS: Final = for_system(sys.platform)
"""Of this system."""
