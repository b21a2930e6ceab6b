"""Freed memory goes back to the system, with help and without."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from perfstudio.session.recorder.process_memory import give_back


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other allocators give back by themselves")
def test_what_was_freed_in_small_pieces_goes_back() -> None:
    process = psutil.Process()
    pieces = [bytes(3000) for _ in range(40_000)]  # 120 MB, too small for mmap, too large for Python's own pools
    last = bytes(3000)  # lies above them: without help nothing below it can go back
    full = process.memory_full_info().uss
    del pieces
    give_back()
    assert full - process.memory_full_info().uss > 80 * 2**20
    assert len(last) == 3000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other allocators give back by themselves")
def test_pictures_that_were_freed_leave_no_holes_between_small_pieces() -> None:
    script = """
import psutil
from perfstudio.session.recorder.process_memory import stay_small
stay_small()
bytearray(30 << 20)  # glibc learns from it that what is smaller belongs on the heap
kept, pictures = [], []
for _ in range(60):
    pictures.append(b'x' * (2 << 20))
    kept.append(bytes(3000))
full = psutil.Process().memory_full_info().uss
del pictures
print((full - psutil.Process().memory_full_info().uss) >> 20)
"""
    freed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert int(freed) > 110
