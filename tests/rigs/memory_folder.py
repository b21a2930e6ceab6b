"""Where the whole suite puts its files: in memory, if there is room for them, so that six processes of tests do not
wait for one disk, and a synced file costs a tenth.

What a disk has to have been told before a power cut is proved by who is told what and when (`core_power`), on any file
system. A test that is run by itself, and every test where memory is short, writes to the disk. Linux only.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import psutil

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - names are drawn, and private
ROOM = 8 << 30
"""Bytes that have to be free, of the memory and of its file system. A run writes half a gigabyte; a home with less room
than this would warn of it."""


def made() -> Path | None:
    """A new folder in memory, or None where there is no room for it."""
    try:
        roomy = min(shutil.disk_usage(IN_MEMORY).free, psutil.virtual_memory().available) >= ROOM
        return Path(tempfile.mkdtemp(prefix="perfstudio-", dir=IN_MEMORY)) if roomy else None
    except OSError:
        return None
