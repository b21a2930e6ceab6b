"""The two clocks: one monotonic clock that stamps everything, and the wall clock, read once per take for people."""

from __future__ import annotations

import time
from datetime import UTC, datetime

host_ns = time.perf_counter_ns
"""The one monotonic clock of the house, integer nanoseconds. Comparable between processes of one machine on Linux
(CLOCK_MONOTONIC), macOS (mach_absolute_time) and Windows (QueryPerformanceCounter)."""


def utc_now() -> datetime:
    """Wall-clock time in UTC with milliseconds, for names and records; never for durations or sync."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def utc_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime."""
    return round(moment.timestamp() * 1000)
