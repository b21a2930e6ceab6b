"""The driver's own capture times: a second opinion on the microphone's rate, and how long its sound takes to arrive.

They are absent or zero with some systems, of the wrong sign or on another clock with others, and were seen not to
follow a real drift; so the rate of the clock map stands on arrivals alone. Where they are there and rise, they should
tell the same rate; where they do not, the take says so. What arrivals cannot tell is the constant time from the
converter to us. Systems that read it off the hardware's position do (1.5 ms on an ALSA sound card); that constant is
taken out of the timeline, as long as it is small and steady.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perfstudio.capture.timing.timing_log import Log
from perfstudio.model.support_line import Floats

AGREES_PPM: Final = 30.0
"""Two clocks that both follow the crystal lie closer than that; a driver that counts nominal blocks seldom does."""
LEAST_S: Final = 30.0
"""Shorter takes say too little: a millisecond of jitter over ten seconds is already 100 ppm."""
MEASURED_BY: Final = frozenset({"ALSA", "Core Audio"})
"""Sound systems whose capture times come from the hardware's position; others add a nominal latency."""
LONGEST_S: Final = 0.02
STEADY_S: Final = 0.003
"""A delivery that takes longer, or whose middle nine tenths spread wider, is not one: another clock or a guess."""
LEAST_BLOCKS: Final = 50


def delivery_s(captured_s: Floats, line_s: Floats) -> float | None:
    """The constant from capture to the earliest arrival: the median over blocks of arrival line minus capture time.

    `captured_s`: when the block's last sample was captured, by the driver (NaN: unknown); `line_s`: when it would have
    arrived at the earliest, by the map. Both in seconds on the one clock. None when the stamps cannot be believed.
    """
    taken = line_s - captured_s
    taken = taken[np.isfinite(taken)]
    if len(taken) < LEAST_BLOCKS:
        return None
    low, middle, high = np.percentile(taken, [5, 50, 95])
    return float(middle) if 0 <= middle <= LONGEST_S and high - low <= STEADY_S else None


def driver_ppm(blocks: Log, rate_hz: int) -> float | None:
    """How much faster (+) than nominal the microphone runs by the driver's stamps (least squares).

    None when stamps are missing, do not rise from block to block, or span less than LEAST_S.
    """
    stamps = blocks["adc_s"]
    if len(blocks) < 2 or not np.all(np.isfinite(stamps) & (stamps > 0)) or np.any(np.diff(stamps) <= 0):
        return None
    seconds = (blocks["first_sample"] - blocks["first_sample"][0]).astype(np.float64) / rate_hz
    if seconds[-1] < LEAST_S:
        return None
    late = stamps - stamps[0] - seconds
    away = seconds - seconds.mean()
    slope = float(away @ late / (away @ away))
    return round((1.0 / (1.0 + slope) - 1.0) * 1e6, 3)
