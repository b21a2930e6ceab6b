"""Where the sample counter stands at a moment of the host clock: the support line below all arrivals.

A block that ends with sample n cannot arrive before that sample was taken, but any amount later. The line's slope is
the microphone's rate error, its height the smallest delay, which is constant and belongs to calibration.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.model.support_line import Floats, SupportLine, support_line

MINIMA_PER_S: Final = 10
"""Arrivals are thinned to the earliest per tenth of a second before the hull: nothing else can touch it from below."""
LIVE_FIRM_S: Final = 5.0
"""A shorter stretch says nothing about the rate: the live map is then the nominal rate through the earliest arrival."""
LIVE_SPAN_S: Final = 60.0
"""How far back the live map looks, in seconds."""
LIVE_NEW_S: Final = 1.5
"""Sound was lost when all arrivals of the last so many seconds lie above the live map by LIVE_STEP_S: what came before
says nothing about now, and the map begins anew."""
LIVE_STEP_S: Final = 3e-3
"""Lateness above the live map that counts as a loss, in seconds."""


def earliest(samples: Floats, late_s: Floats, rate_hz: int) -> NDArray[np.intp]:
    """Indices of the earliest arrival in each tenth of a second of samples (samples rising)."""
    if not len(samples):
        return np.zeros(0, np.intp)
    window = np.floor(samples * (MINIMA_PER_S / rate_hz)).astype(np.int64)
    starts = np.flatnonzero(np.diff(window, prepend=window[0] - 1))
    lows = np.minimum.reduceat(late_s, starts)
    hits = np.flatnonzero(late_s == np.repeat(lows, np.diff(starts, append=len(samples))))
    return hits[np.flatnonzero(np.diff(window[hits], prepend=window[0] - 1))]


@dataclass(frozen=True, slots=True)
class SampleClock:
    """The map between host time and a sample counter: n = (host_ns - zero_ns) / ns_per_sample."""

    zero_ns: int
    """Host time of sample 0 of the counter."""
    ns_per_sample: float

    def sample_at(self, host_ns: NDArray[np.int64] | int) -> Floats:
        """Sample counter (fractional) at host times; exact subtraction first, so that no precision is lost."""
        return np.asarray(np.asarray(host_ns, np.int64) - self.zero_ns, np.float64) / self.ns_per_sample

    def host_at(self, sample: float) -> int:
        """Host time of a sample."""
        return self.zero_ns + round(sample * self.ns_per_sample)

    def rate_ppm(self, rate_hz: int) -> float:
        """How much faster (+) than nominal the counter runs."""
        return (1e9 / rate_hz / self.ns_per_sample - 1.0) * 1e6


def clock_of(line: SupportLine, rate_hz: int, base_ns: int) -> SampleClock:
    """The clock that a support line means, when lateness was counted from `base_ns`."""
    return SampleClock(base_ns + round(line.height_s * 1e9), (1.0 + line.slope) * 1e9 / rate_hz)


class LiveClock:
    """The same map while rolling, over the last minute of arrivals: for markers, pre-roll and what is shown live.

    Fed by one thread, read by any. The final times of a take never come from here.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate = rate_hz
        self._base_ns: int | None = None
        self._minima: deque[tuple[float, float]] = deque(maxlen=round(LIVE_SPAN_S * MINIMA_PER_S))
        self._window = -1
        self._clock: SampleClock | None = None

    def add(self, end_sample: int, host_ns: int) -> None:
        """One arrival: the block that ends before sample `end_sample` was here at `host_ns`."""
        if self._base_ns is None:
            self._base_ns = host_ns
        seconds = end_sample / self._rate
        late = (host_ns - self._base_ns) * 1e-9 - seconds
        window = int(seconds * MINIMA_PER_S)
        if window != self._window:
            self._window = window
            self._minima.append((seconds, late))
            young = seconds - self._minima[0][0] < LIVE_FIRM_S
            if young or window % MINIMA_PER_S == 0:  # a clock does not hurry: once a second
                self._clock = clock_of(self._level() if young else self._fit(), self._rate, self._base_ns)
        elif late < self._minima[-1][1]:
            self._minima[-1] = (seconds, late)

    @property
    def clock(self) -> SampleClock | None:
        """The present map; None before the first arrival."""
        return self._clock

    def _level(self) -> SupportLine:
        return SupportLine(min(late for _, late in self._minima), 0.0, 1)

    def _fit(self) -> SupportLine:
        points = np.array(self._minima)
        line = support_line(points[:, 0], points[:, 1])
        fresh = points[points[:, 0] > points[-1, 0] - LIVE_NEW_S][:-1]  # the last window has just begun
        if len(fresh) and float((fresh[:, 1] - line.at(fresh[:, 0])).min()) > LIVE_STEP_S:
            self._minima = deque(map(tuple, fresh), self._minima.maxlen)
            return self._level()
        return line
