"""Locks on files, which the system lets go of when a process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from perfstudio.receiver.layout import PRIVATE_FILE


def open_lock(file: Path, *, wait: bool) -> IO[bytes]:
    """The file, locked until it is closed. Raises BlockingIOError when another holds it (`wait`: waits for them)."""
    handle = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE_FILE), "r+b")
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            way = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK  # type: ignore[attr-defined]
            msvcrt.locking(handle.fileno(), way, 1)  # type: ignore[attr-defined]
        else:
            import fcntl  # noqa: PLC0415 - does not exist on Windows

            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as held:
        with contextlib.suppress(OSError):
            handle.close()
        raise BlockingIOError from held
    return handle


@contextlib.contextmanager
def held(file: Path) -> Iterator[None]:
    """Nobody else is inside meanwhile; whoever comes waits."""
    with open_lock(file, wait=True):
        yield
