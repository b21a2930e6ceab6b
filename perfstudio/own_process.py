"""What this process may use, and what it leaves behind when it dies. Each limit holds for the processes it starts too.

Windows has no such limits; there a watchdog stands in for them (`session/guarded_child`).
"""

from __future__ import annotations

import contextlib
import sys


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
