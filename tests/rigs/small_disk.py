"""A real disk that is soon full: a file system in memory, where the system lets us have one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rigs.systems import WINDOWS


@contextmanager
def disk_of(folder: Path, size: int, *options: str) -> Iterator[Path]:
    """The folder, which is made here, as a file system of so many bytes; skips the test where it can be none."""
    if WINDOWS:
        pytest.skip("not on Windows: no small disk can be mounted")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", ",".join((f"size={size}", *options)), "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
