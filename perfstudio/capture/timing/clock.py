"""Two clocks, one line: where the sample counter stands at a moment of the host clock.

A block that ends with sample n cannot arrive before that sample was taken, but any amount later. Over many blocks the
lower convex hull of (arrival - n / rate) is therefore the best that arrival times can say about the two clocks (Moon,
Skelly, Towsley 1999; Zhang, Liu, Xia 2002). The hull edge over the middle is the line that lies closest below all
arrivals; its slope is the microphone's rate error, its height the smallest delay, which is constant and belongs to
calibration. Stalls, bursts and lumps lie above the line and do not move it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_SLOPE: Final = 1000e-6
"""No sound card is further from its nominal rate; a steeper line comes from too short a stretch."""
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


def lower_hull(x: Floats, y: Floats) -> NDArray[np.intp]:
    """Indices of the vertices of the lower convex hull of points sorted by strictly rising `x`.

    A point on or above the line between its present neighbours is never a vertex, whatever else is taken away, so
    all such points go at once, until none is left.
    """
    keep = np.arange(len(x))
    while len(keep) > 2:
        left, mid, right = keep[:-2], keep[1:-1], keep[2:]
        chord = (y[right] - y[left]) * (x[mid] - x[left]) - (y[mid] - y[left]) * (x[right] - x[left])
        below = chord > 0
        if below.all():
            break
        keep = np.concatenate((keep[:1], mid[below], keep[-1:]))
    return keep


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
class SupportLine:
    """late_s(n) = height_s + slope * n / rate: the support line below all arrivals."""

    height_s: float
    slope: float
    support: int

    def at(self, seconds: Floats) -> Floats:
        """Height of the line at nominal times n / rate."""
        return self.height_s + self.slope * seconds


def support_line(seconds: Floats, late_s: Floats, steepest: float = MAX_SLOPE) -> SupportLine:
    """The line below all points that is closest to them: the hull edge over the mean. `seconds` strictly rising.

    Fewer than two points, or an edge steeper than `steepest`, give a level line through the lowest point.
    """
    if len(seconds) == 0:
        return SupportLine(0.0, 0.0, 0)
    hull = lower_hull(seconds, late_s)
    if len(hull) >= 2:
        middle = float(seconds.mean())
        right = int(np.clip(np.searchsorted(seconds[hull], middle), 1, len(hull) - 1))
        a, b = hull[right - 1], hull[right]
        slope = float((late_s[b] - late_s[a]) / (seconds[b] - seconds[a]))
        if abs(slope) <= steepest:
            return SupportLine(float(late_s[a] - slope * seconds[a]), slope, len(hull))
    return SupportLine(float(late_s.min()), 0.0, 1)


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
