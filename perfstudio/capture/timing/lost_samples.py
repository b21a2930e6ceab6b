"""Where samples were lost on the way, from arrival times alone.

The driver's overflow flag and its capture times are kept in the record and never used for this: measured, three lost
stretches of 290 ms raised no flag, and driver times jump by a block and back without any loss. What shows a loss is
the clock map: from the first block behind it on, *every* arrival is late by the lost length, for good. A stall with
a late burst also makes blocks late, but that passes. So the lateness that no later block undercuts (the running
minimum from behind) rises at losses and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.model.support_line import MAX_SLOPE, Floats, support_line

MIN_GAP_S: Final = 4e-3
"""A lasting step of at least this height is a loss: promised from 5 ms, with room for the noise of arrivals."""
ROUGH: Final = 8.0
"""A loss is never less than so many times the usual difference of windows: very rough arrivals raise the limit."""
WINDOW_S: Final = 0.5
"""Lateness is judged by the earliest arrival in windows of this length."""
WINDOWS: Final = 3
"""A step lasts when it holds over so many windows."""
END_S: Final = 0.4
"""At the very end of the observations at least this much must lie behind a step (a take's tail is longer)."""
FLAT_S: Final = 2e-3
"""Minima of windows behind a step agree within this; a backlog that drains does not."""
PART_S: Final = 0.1
"""Where fewer than WINDOWS windows lie behind a step, arrivals have to come back to its height in stretches of this
length (see PARTS and PARTS_SHARE)."""
PARTS: Final = 3
"""In at least so many stretches behind the step do arrivals come back to its height."""
PARTS_SHARE: Final = 0.5
"""In at least this share of the stretches do arrivals come back: a busy computer delays by ever other lengths, a loss
by one."""
EDGE_S: Final = 1e-3
"""A block lower than the height behind a step by more than this lies before it."""


@dataclass(frozen=True, slots=True)
class LatenessStep:
    """Lateness rises for good by `height_s` before observation `edge`."""

    edge: int
    height_s: float


def lasting_steps(seconds: Floats, late: Floats) -> list[LatenessStep]:
    """All losses in a stream: `seconds` = samples delivered / rate, rising; `late` = arrival - seconds, in seconds."""
    if len(seconds) < 4:
        return []
    starts, lows = _window_lows(seconds, late)
    least = max(MIN_GAP_S, ROUGH * float(np.median(np.abs(np.diff(lows))))) if len(lows) > 4 else MIN_GAP_S
    candidates = [int(i) for i in starts[np.flatnonzero(np.abs(np.diff(lows)) > 1.5e-3) + 1]]
    found = _measured(seconds, late - _usual_slope(seconds, late, candidates) * seconds, least)
    # Once more with the rate of the stretches between true losses: candidates also cut at stalls.
    edges = [step.edge for step in found]
    return _measured(seconds, late - _usual_slope(seconds, late, edges) * seconds, least)


def _window_lows(seconds: Floats, late: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Where each window begins, and the earliest arrival in it."""
    window = np.floor(seconds / WINDOW_S).astype(np.int64)
    starts = np.flatnonzero(np.diff(window, prepend=window[0] - 1))
    return starts, np.minimum.reduceat(late, starts)


def _measured(seconds: Floats, level: Floats, least: float) -> list[LatenessStep]:
    """The steps in `level` (lateness without drift) of at least `least` seconds, each at its exact edge."""
    edges = _edges(seconds, level, least)
    found: list[LatenessStep] = []
    for edge, after in zip(edges, [*edges[1:], len(seconds)], strict=False):
        step = _measure(seconds, level, found[-1].edge if found else 0, edge, after)
        if step.height_s >= least and seconds[-1] - seconds[step.edge] >= END_S:
            found.append(step)
    return found


def _measure(seconds: Floats, level: Floats, before: int, edge: int, after: int) -> LatenessStep:
    """The first block behind the step near `edge`, and its height: lowest of 15 s behind over lowest of 15 s before.

    Blocks late by less than the step just before it would pass for the first ones behind; so the height behind is
    taken from a quarter second on, and the edge lies behind the last block that is below that height.
    """
    left = max(before, int(np.searchsorted(seconds, seconds[edge] - 15.0)))
    right = min(after, int(np.searchsorted(seconds, seconds[edge] + 15.0)))
    sure = min(int(np.searchsorted(seconds, seconds[edge] + WINDOW_S / 2)), right - 1)
    height = float(level[sure:right].min())
    below = np.flatnonzero(level[edge:sure] < height - EDGE_S)
    exact = edge + int(below[-1]) + 1 if len(below) else edge
    return LatenessStep(exact, height - float(level[left:exact].min()))


def _usual_slope(seconds: Floats, late: Floats, edges: list[int]) -> float:
    """The rate error: the middle one of the support lines of the stretches between `edges`, by their length."""
    slopes: list[float] = []
    weights: list[float] = []
    for a, b in pairwise([0, *edges, len(seconds)]):
        if b - a < 2 or seconds[b - 1] - seconds[a] < 2 * WINDOW_S:
            continue
        line = support_line(seconds[a:b], late[a:b])
        if line.support > 1 and abs(line.slope) < MAX_SLOPE:
            slopes.append(line.slope)
            weights.append(float(seconds[b - 1] - seconds[a]))
    if not slopes:
        return 0.0
    order = np.argsort(slopes)
    heavy = np.cumsum(np.array(weights)[order])
    return float(np.array(slopes)[order][np.searchsorted(heavy, heavy[-1] / 2)])


def _edges(seconds: Floats, level: Floats, least: float) -> list[int]:
    """Indices of the first observation behind each step that no later observation undercuts."""
    floor = np.minimum.accumulate(level[::-1])[::-1]
    ahead = np.minimum(np.searchsorted(seconds, seconds + WINDOW_S / 2), len(seconds) - 1)
    rising = np.flatnonzero(floor[ahead] - floor >= least)
    edges: list[int] = []
    while len(rising):
        stop = int(ahead[rising[0]])
        edge = int(rising[0]) + 1 + int(np.argmax(np.diff(floor[rising[0] : stop + 1])))
        if _lasts(seconds, level, floor, edge):
            _append_edge(edges, edge, seconds, floor)
        rising = rising[rising >= stop]
    return edges


def _append_edge(edges: list[int], edge: int, seconds: Floats, floor: Floats) -> None:
    """Add an edge; of two within 50 ms the lower is a late block just before the same loss."""
    if edges and seconds[edge] - seconds[edges[-1]] < 0.05:
        rise = floor[[edge, edges[-1]]] - floor[[edge - 1, edges[-1] - 1]]
        edges[-1] = edge if rise[0] >= rise[1] else edges[-1]
    else:
        edges.append(edge)


def _lasts(seconds: Floats, level: Floats, floor: Floats, edge: int) -> bool:
    """Whether lateness really settles at the height it has behind `edge`, rather than draining away to it."""
    risen = np.flatnonzero(floor[edge:] > floor[edge] + FLAT_S)
    stop = edge + int(risen[0]) if len(risen) else len(seconds)
    after = seconds[edge:stop] - seconds[edge]
    near = level[edge:stop] - floor[edge] < FLAT_S
    if after[-1] >= WINDOWS * WINDOW_S:
        return len(np.unique(np.floor(after[near] / WINDOW_S))) >= WINDOWS
    if len(risen) and after[-1] < WINDOW_S / 2:
        # A higher step follows at once: only a stall before it, unless it is long enough and a fair part lies flat.
        return float(after[-1]) >= PART_S and float(near.mean()) > 0.25
    # Another loss or the end is close.
    parts = len(np.unique(np.floor(after[near] / PART_S)))
    long_enough = len(risen) > 0 or float(after[-1]) >= END_S
    return long_enough and parts >= max(PARTS, PARTS_SHARE * float(after[-1]) / PART_S)
