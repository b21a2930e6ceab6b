"""Memory that was freed goes back to the system: after a take the recorder is as small as before it."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Hand freed pages back. Encoders and decoders free theirs in pieces, and glibc keeps them otherwise (measured:
    250 MB after a few takes of 720p). Takes some milliseconds; on other systems the allocator does it by itself."""
    gc.collect()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    found = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    return found if callable(found) else None
