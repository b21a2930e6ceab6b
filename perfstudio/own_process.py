"""What this process may use and has used, and what it leaves behind when it dies. Each limit holds for the processes
it starts too.

    Linux, macOS   setrlimit(2), getrusage(2); macOS counts bytes where Linux counts kilobytes, and refuses some limits
    Windows        has no such limits; there a watchdog stands in for them (`session/guarded_child`), which asks
                   GetProcessMemoryInfo (learn.microsoft.com, psapi.h)
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any


def leave_no_core() -> None:
    """No image of the memory is written where this process or a child of it dies: keys, tokens and faces lie in it."""
    _limit("RLIMIT_CORE", 0)


def confine(*, memory_bytes: int, cpu_s: float) -> None:
    """Take no more than so much memory and processor time, write no file, open few. There is no way back."""
    leave_no_core()
    _limit("RLIMIT_AS", memory_bytes)
    _limit("RLIMIT_CPU", int(cpu_s) + 1)
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_NOFILE", 64)


def _limit(name: str, most: int) -> None:
    """Lower one limit for good, as far as this system knows it and lets it be lowered."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - does not exist on Windows

    kind: int | None = getattr(resource, name, None)
    if kind is None:
        return
    hardest = resource.getrlimit(kind)[1]
    most = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
    with contextlib.suppress(OSError, ValueError):  # macOS refuses some that it lists
        resource.setrlimit(kind, (most, most))


def most_memory() -> int:
    """Bytes that this process has had in memory at most; 0 where that is not known."""
    if sys.platform == "win32":
        return _peak_on_windows()
    import resource  # noqa: PLC0415 - does not exist on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10


def _peak_on_windows() -> int:
    import ctypes  # noqa: PLC0415 - a quick verb does not wait for it

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", ctypes.c_uint32),
            ("faults", ctypes.c_uint32),
            *((name, ctypes.c_size_t) for name in ("peak", "now", "a", "b", "c", "d", "pagefile", "peak_pagefile")),
        )

    windows: Any = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    windows.GetCurrentProcess.restype = ctypes.c_void_p
    windows.K32GetProcessMemoryInfo.argtypes = (ctypes.c_void_p, ctypes.POINTER(Counters), ctypes.c_uint32)
    counters = Counters(cb=ctypes.sizeof(Counters))
    known = windows.K32GetProcessMemoryInfo(windows.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return int(counters.peak) if known else 0
