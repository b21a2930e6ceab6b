"""The driver's own capture times, as a second opinion on the microphone's rate: kept in the report, never used.

They are absent or zero with some systems, of the wrong sign or on another clock with others, and were seen not to
follow a real drift; so the clock map stands on arrivals alone. Where they are there and rise, they should tell the
same rate; where they do not, the take says so.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perfstudio.capture.observations import Log

AGREES_PPM: Final = 30.0
"""Two clocks that both follow the crystal lie closer than that; a driver that counts nominal blocks seldom does."""
LEAST_S: Final = 30.0
"""Shorter takes say too little: a millisecond of jitter over ten seconds is already 100 ppm."""


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
    slope = float(np.polyfit(seconds, late, 1)[0])
    return round((1.0 / (1.0 + slope) - 1.0) * 1e6, 3)
