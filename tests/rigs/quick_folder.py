"""A folder in memory, for tests that write durably thousands of times and are not about a disk."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's own folder in memory
ROOM = 1 << 30


@contextlib.contextmanager
def quick_folder(otherwise: Path) -> Iterator[Path]:
    """A new folder in memory where the system has one with room for it, else `otherwise`."""
    try:
        free = os.statvfs(MEMORY).f_bavail * os.statvfs(MEMORY).f_frsize if os.access(MEMORY, os.W_OK) else 0
    except (OSError, AttributeError):  # Windows has no such call
        free = 0
    if free < ROOM:
        yield otherwise
        return
    with TemporaryDirectory(dir=MEMORY, prefix="perfstudio-test-") as made:
        yield Path(made)
