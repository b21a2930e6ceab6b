"""Memory that was freed goes back to the system: after a take the recorder is as small as before it."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import cache

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
"""mallopt(3)"""
_PR_SET_THP_DISABLE = 41
"""prctl(2)"""
_LARGE_BYTES = 128 << 10
"""A compressed picture, and whatever is larger."""


def stay_small() -> None:
    """Let freed memory be free at once, and take no more of it than is needed; called before there are other threads.

    glibc gives each thread a heap of its own, and each keeps what it once held. Once a picture has been freed it takes
    the next ones from there too, where small pieces between them keep their place for good. And an encoder asks for
    pages of two megabytes, 8 MB of which hold nothing at 1080p; its work is the same without them. Together 1080p rolls
    in some 20 MB less the first time, in some 60 less behind a review (`tests/bench/test_bench_memory.py`).
    """
    mallopt, prctl = _glibc("mallopt"), _glibc("prctl")
    if mallopt is not None and prctl is not None:
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        prctl(_PR_SET_THP_DISABLE, 1, 0, 0, 0)


def give_back() -> None:
    """Hand freed pages back, those of forgotten circles among them; takes some 10 ms."""
    gc.collect()
    trim()


def trim() -> None:
    """Hand freed pages back. Encoders and decoders free theirs in pieces, and glibc keeps them otherwise (measured:
    250 MB after a few takes of 720p). Takes some milliseconds; on other systems the allocator does it by itself."""
    malloc_trim = _glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


@cache
def _glibc(name: str) -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    found = getattr(ctypes.CDLL(None), name, None)  # musl has none
    return found if callable(found) else None
