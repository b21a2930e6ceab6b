"""Noticing afterwards that the computer slept: of two clocks only one goes on in sleep.

The wall clock is not asked: somebody who sets it would end a take.
"""

from __future__ import annotations

import ctypes
import platform
import time
from collections.abc import Callable
from typing import Any, Final

SLEPT_S: Final = 0.5
"""Clocks that drift apart by more than this between two looks have seen a sleep; they are read to some 20 ms."""

Clocks = Callable[[], tuple[int, int]]
"""(nanoseconds awake, nanoseconds in all) since any moment."""


class SleepDetector:
    """Asked a few times a second, answers once for each sleep."""

    def __init__(self, clocks: Clocks | None = None) -> None:
        self._clocks = clocks or system_clocks()
        self._asleep_ns = self._so_far()

    def slept_s(self) -> float:
        """How long the computer slept since the last call; 0.0 when it did not."""
        before, self._asleep_ns = self._asleep_ns, self._so_far()
        slept = (self._asleep_ns - before) * 1e-9
        return slept if slept > SLEPT_S else 0.0

    def _so_far(self) -> int:
        awake, always = self._clocks()
        return always - awake


def system_clocks() -> Clocks:
    """The two clocks of this system; the same one twice, which never tells of a sleep, where two are not known."""
    system = platform.system()
    if system == "Linux":
        return _posix("CLOCK_MONOTONIC", "CLOCK_BOOTTIME")
    if system == "Darwin":
        return _posix("CLOCK_UPTIME_RAW", "CLOCK_MONOTONIC_RAW")
    return _windows if system == "Windows" else lambda: (0, 0)


def _posix(awake: str, always: str) -> Clocks:
    awake_id, always_id = getattr(time, awake), getattr(time, always)
    return lambda: (time.clock_gettime_ns(awake_id), time.clock_gettime_ns(always_id))


def _windows() -> tuple[int, int]:
    kernel: Any = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    awake = ctypes.c_ulonglong()  # in steps of 100 ns
    kernel.QueryUnbiasedInterruptTime(ctypes.byref(awake))
    kernel.GetTickCount64.restype = ctypes.c_ulonglong
    return awake.value * 100, kernel.GetTickCount64() * 1_000_000
