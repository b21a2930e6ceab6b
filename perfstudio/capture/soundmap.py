"""The whole take's sound on one timeline: lost stretches found and counted, then one clock line over all of it.

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

from perfstudio.capture.clock import (
    MAX_SLOPE,
    Floats,
    Line,
    SampleClock,
    clock_of,
    earliest,
    support_line,
)
from perfstudio.capture.observations import BlockFlag, Log
from perfstudio.model.timing import ClockFit

MIN_GAP_S: Final = 4e-3
"""A lasting step from here on is a gap: promised from 5 ms, with room for the noise of arrivals."""
WINDOW_S: Final = 0.5
"""Lateness is judged by the earliest arrival in windows of this length ..."""
WINDOWS: Final = 3
"""... and a step lasts when it holds over so many of them."""
FLAT_S: Final = 2e-3
"""Minima of windows behind a step agree within this; a backlog that drains does not."""


@dataclass(frozen=True, slots=True)
class LostSound:
    """A stretch of samples that never reached us."""

    after_block: int
    """Index of the observation before which they are missing."""
    at_sample: int
    """Where they are missing, in samples of the sound file as it was written."""
    samples: int
    known: bool = False
    """True when we ourselves did not write what had arrived (a disk too slow), so that the length is exact."""


@dataclass(frozen=True, slots=True)
class SoundMap:
    """The take's timeline: sample n of the finished sound against the host clock."""

    rate_hz: int
    clock: SampleClock
    """Counts samples of the *finished* sound: lost stretches filled, 0 = the take's first sample."""
    lost: tuple[LostSound, ...]
    fit: ClockFit | None
    wander_s: float
    """Largest lasting distance of arrivals from the line: what a single line cannot explain."""

    def seconds_at(self, host_ns: NDArray[np.int64] | int) -> Floats:
        """Take time in seconds of moments on the host clock."""
        return self.clock.sample_at(host_ns) / self.rate_hz


def map_sound(blocks: Log, rate_hz: int, first_sample: int) -> SoundMap:
    """Fit the observations of a take whose sound file begins with stream sample `first_sample`.

    At least one observation is needed (ValueError otherwise). Works on 10 ms blocks of two hours within a second.
    """
    if not len(blocks):
        raise ValueError("no observations")
    base_ns = int(blocks["host_ns"][0])
    ends = blocks["first_sample"] + blocks["frames"] - first_sample
    host_s = (blocks["host_ns"] - base_ns).astype(np.float64) * 1e-9
    known = _unwritten(blocks)
    seconds = ends.astype(np.float64) / rate_hz
    found = _find_lost(seconds, host_s - seconds, blocks, rate_hz)
    inside = [loss for loss in found if blocks["first_sample"][loss.after_block] > first_sample]
    shift = np.zeros(len(blocks))
    for loss in found:
        # A loss before the take's first sample moves what came before it, and needs no filling.
        if loss in inside:
            shift[loss.after_block :] += loss.samples / rate_hz
        else:
            shift[: loss.after_block] -= loss.samples / rate_hz
    seconds = seconds + shift
    late = host_s - seconds
    use = earliest(seconds * rate_hz, late, rate_hz)
    line = support_line(seconds[use], late[use])
    lost = tuple(sorted([*inside, *known], key=lambda loss: loss.after_block))
    return SoundMap(
        rate_hz,
        clock_of(line, rate_hz, base_ns),
        lost,
        _describe(line, seconds[use], late[use], len(blocks), len(inside) + 1),
        _wander(line, seconds, late),
    )


def _unwritten(blocks: Log) -> list[LostSound]:
    """Blocks that arrived inside the take and were not written."""
    written = np.flatnonzero(blocks["flags"] & BlockFlag.WRITTEN)
    out: list[LostSound] = []
    position = 0
    for index, following in pairwise(written):
        position += int(blocks["frames"][index])
        end = int(blocks["first_sample"][index] + blocks["frames"][index])
        missing = int(blocks["first_sample"][following]) - end
        if missing > 0:
            out.append(LostSound(int(following), position, missing, known=True))
    return out


def _find_lost(seconds: Floats, late: Floats, blocks: Log, rate_hz: int) -> list[LostSound]:
    """Losses on the way to us, from lateness alone; sizes refined against the levels on both sides."""
    if len(seconds) < 4:
        return []
    slope = _usual_slope(seconds, late)
    edges, steps = _measured_steps(seconds, late, slope)
    # Once more with the rate that the mended timeline has: candidates were judged with a rough one.
    mended = seconds + _staircase(len(seconds), edges, steps)
    use = earliest(mended * rate_hz, late + seconds - mended, rate_hz)
    slope = support_line(mended[use], (late + seconds - mended)[use]).slope
    edges, steps = _measured_steps(seconds, late, slope)
    written = np.where(blocks["flags"] & BlockFlag.WRITTEN, blocks["frames"], 0)
    position = np.cumsum(written) - written
    return [
        LostSound(edge, int(position[edge]), round(step * rate_hz)) for edge, step in zip(edges, steps, strict=True)
    ]


def _measured_steps(seconds: Floats, late: Floats, slope: float) -> tuple[list[int], list[float]]:
    """Where lateness steps up for good, and by how many seconds, given the rate error."""
    level = late - slope * seconds
    edges = _lasting_steps(seconds, level)
    bounds = [0, *edges, len(seconds)]
    steps = [_step(seconds, level, a, b, c) for a, b, c in zip(bounds, bounds[1:], bounds[2:], strict=False)]
    kept = [(edge, step) for edge, step in zip(edges, steps, strict=True) if step >= MIN_GAP_S]
    return [edge for edge, _ in kept], [step for _, step in kept]


def _staircase(length: int, edges: list[int], steps: list[float]) -> Floats:
    """Seconds lost before each observation."""
    out = np.zeros(length)
    for edge, step in zip(edges, steps, strict=True):
        out[edge:] += step
    return out


def _step(seconds: Floats, level: Floats, before: int, edge: int, after: int) -> float:
    """Height of the step at `edge`: the lowest of up to 15 s behind it over the lowest of up to 15 s before it."""
    left = np.searchsorted(seconds[:edge], seconds[edge] - 15.0)
    right = np.searchsorted(seconds, seconds[edge] + 15.0)
    return float(level[edge : min(after, right)].min() - level[max(before, left) : edge].min())


def _usual_slope(seconds: Floats, late: Floats) -> float:
    """The rate error, steps and stalls aside: the support lines of the stretches between candidate steps, weighted."""
    window = np.floor(seconds / WINDOW_S).astype(np.int64)
    starts = np.flatnonzero(np.diff(window, prepend=window[0] - 1))
    lows = np.minimum.reduceat(late, starts)
    jumps = np.flatnonzero(np.abs(np.diff(lows)) > 1.5e-3) + 1
    cuts = [0, *starts[jumps], len(seconds)]
    slopes: list[float] = []
    weights: list[float] = []
    for a, b in pairwise(cuts):
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


def _lasting_steps(seconds: Floats, level: Floats) -> list[int]:
    """Indices of the first observation behind each step that no later observation undercuts."""
    floor = np.minimum.accumulate(level[::-1])[::-1]
    ahead = np.minimum(np.searchsorted(seconds, seconds + WINDOW_S / 2), len(seconds) - 1)
    rising = np.flatnonzero(floor[ahead] - floor >= MIN_GAP_S)
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
    # Another loss or the end is close: the first quarter second behind the step must already lie at its height.
    enough = bool(len(risen)) or after[-1] >= WINDOW_S * 0.8
    return enough and bool(near[after < WINDOW_S / 2].any())


def _describe(line: Line, seconds: Floats, late: Floats, observations: int, segments: int) -> ClockFit:
    above = late - line.at(seconds)
    return ClockFit(
        rate_ppm=round((1.0 / (1.0 + line.slope) - 1.0) * 1e6, 3),
        residual_ms=round(float(np.percentile(above, 95)) * 1e3, 4),
        support=line.support,
        observations=observations,
        segments=segments,
    )


def _wander(line: Line, seconds: Floats, late: Floats) -> float:
    """Over windows of 10 s, the largest earliest-arrival lateness above the line."""
    above = late - line.at(seconds)
    window = np.floor((seconds - seconds[0]) / 10.0).astype(np.int64)
    # A short last window would speak of one stall only.
    window[window == window[-1]] = max(int(window[-1]) - 1, 0)
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    return float(np.minimum.reduceat(above, starts).max())
