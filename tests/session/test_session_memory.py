"""Freed memory goes back to the system."""

from __future__ import annotations

import sys

import psutil
import pytest

from perfstudio.session.memory import give_back


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
