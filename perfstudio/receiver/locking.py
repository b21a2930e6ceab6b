"""Locks on files, which the system lets go of when a process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from perfstudio.durable import take_lock
from perfstudio.receiver.layout import PRIVATE_FILE


def open_lock(file: Path, *, wait: bool) -> IO[bytes]:
    """The file, locked until it is closed. Raises BlockingIOError when another holds it (`wait`: waits for them)."""
    handle = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE_FILE), "r+b")
    with contextlib.ExitStack() as refused:
        refused.callback(handle.close)
        if not take_lock(handle.fileno(), wait=wait):
            raise BlockingIOError
        refused.pop_all()
    return handle


@contextlib.contextmanager
def held(file: Path) -> Iterator[None]:
    """Nobody else is inside meanwhile; whoever comes waits."""
    with open_lock(file, wait=True):
        yield
