"""When frames were taken that have nothing but the time of their arrival: network cameras, and drivers without stamps.

A camera takes its pictures at one period; the way here only delays them. So the map of the sound holds for pictures
too: the line below all (arrival - n * period) is when they left, whatever jitter, stall or burst lay on the way. It is
used where the camera proves to have a period: pictures that never came are whole steps of it, and the earliest
arrivals keep coming back to the line. A camera that changes its rate (many phones do, in poor light) does not, and its
pictures keep the time of their arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.timing.lost_samples import LatenessStep, lasting_steps
from perfstudio.model.support_line import Floats, support_line

LEAST_S: Final = 3.0
"""A shorter stretch does not show a period."""
WINDOW_S: Final = 0.5
"""The earliest arrival of such a stretch is what must come back to the line."""
OFF: Final = 0.15
"""By so much of a period it may lie above it, and a step may differ from whole periods."""
ON_LINE: Final = 0.85
"""So many of the stretches must come back to the line: what was held up on the way does, a camera that went slower does
not; a burst of what was held up is over within one stretch."""
ENDS: Final = 2
ENDS_OFF: Final = 1.0
"""One of so many frames at the beginning, at the end and before every step must lie so near, in periods: no later
stretch could tell that the camera was slower there."""
PERIOD_OFF: Final = 0.01
"""The period is known so well before the line is laid: on a busy computer the distances of a short take are rough."""


@dataclass(frozen=True, slots=True)
class SteadiedTimes:
    """Times on the host clock, int64 nanoseconds, rising; `residual_s`: how far they may be off (95 %)."""

    host_ns: NDArray[np.int64]
    residual_s: float


def steadied(index: NDArray[np.int64], host_ns: NDArray[np.int64]) -> SteadiedTimes | None:
    """The times of frames that arrived at `host_ns`; `index` counts the pictures of the camera as far as it is known.

    None when the camera shows no period.
    """
    if len(index) < 10 or (host_ns[-1] - host_ns[0]) * 1e-9 < LEAST_S or np.any(np.diff(index) <= 0):
        return None
    arrived = (host_ns - host_ns[0]).astype(np.float64) * 1e-9
    count = (index - index[0]).astype(np.float64)
    period = float(np.median(np.diff(arrived) / np.diff(count)))
    if period <= 0:
        return None
    period = _refined(count, arrived, period)
    counted = _with_steps(count, arrived, period)
    if counted is None:
        return None
    seconds = counted * period
    line = support_line(seconds, arrived - seconds, PERIOD_OFF)
    above = arrived - seconds - line.at(seconds)
    lows = _window_lows(arrived, above)
    on = lows <= OFF * period
    pieces = np.split(above, np.flatnonzero(np.diff(counted - count)) + 1)
    ends = [above[:ENDS], *(piece[-ENDS:] for piece in pieces)]
    if on.mean() < ON_LINE or max(end.min() for end in ends) > ENDS_OFF * period:
        return None
    times = host_ns[0] + np.round((seconds + line.at(seconds)) * 1e9).astype(np.int64)
    return SteadiedTimes(np.minimum(times, host_ns), float(np.percentile(lows[on], 95)))


def _refined(count: Floats, arrived: Floats, period: float) -> float:
    """The period from the long run: the middle of many distances of some seconds, where nothing was left out."""
    stride = max(1, round(WINDOW_S / period))
    if len(count) <= 4 * stride:
        return period
    far = (arrived[stride:] - arrived[:-stride]) / (count[stride:] - count[:-stride])
    return float(np.median(far))


def _with_steps(count: Floats, arrived: Floats, period: float) -> Floats | None:
    """`count` with the pictures added that never came and that nobody counted; None when a step is not a whole one."""
    counted = count.copy()
    for step in _together(lasting_steps(count * period, arrived - count * period), count * period):
        missing = round(step.height_s / period)
        if missing < 1 or abs(step.height_s - missing * period) > 2 * OFF * period:
            return None
        counted[step.edge :] += missing
    return counted


def _together(steps: list[LatenessStep], seconds: Floats) -> list[LatenessStep]:
    """Steps that follow at once are one: the picture just before a hole was late by the smaller of them."""
    out: list[LatenessStep] = []
    for step in steps:
        if out and seconds[step.edge] - seconds[out[-1].edge] < WINDOW_S / 2:
            edge = step.edge if step.height_s > out[-1].height_s else out[-1].edge
            out[-1] = LatenessStep(edge, out[-1].height_s + step.height_s)
        else:
            out.append(step)
    return out


def _window_lows(arrived: Floats, above: Floats) -> Floats:
    window = np.floor(arrived / WINDOW_S).astype(np.int64)
    starts = np.flatnonzero(np.diff(window, prepend=window[0] - 1))
    return np.asarray(np.minimum.reduceat(above, starts))
