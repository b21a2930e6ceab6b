"""The whole take's sound on one timeline: lost stretches counted (see steps.py), then one clock line over all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.timing.clock import SampleClock, clock_of, earliest
from perfstudio.capture.timing.driver_clock import delivery_s
from perfstudio.capture.timing.lost_samples import lasting_steps
from perfstudio.capture.timing.timing_log import BlockFlag, Log
from perfstudio.model.support_line import Floats, SupportLine, support_line
from perfstudio.model.timing import ClockFit


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
class AudioTimeline:
    """The take's timeline: sample n of the finished sound against the host clock."""

    rate_hz: int
    clock: SampleClock
    """Counts samples of the *finished* sound: lost stretches filled, 0 = the take's first sample."""
    lost: tuple[LostSound, ...]
    fit: ClockFit | None
    wander_s: float
    """Largest lasting distance of arrivals from the line: what a single line cannot explain."""
    delivery_s: float | None = None
    """From the capture of a sample to its earliest arrival, by the driver's stamps; None where they are no help."""

    def without_delivery(self) -> AudioTimeline:
        """The same map, whose samples are where they were captured and not where they arrived."""
        if self.delivery_s is None:
            return self
        return replace(self, clock=replace(self.clock, zero_ns=self.clock.zero_ns - round(self.delivery_s * 1e9)))

    def seconds_at(self, host_ns: NDArray[np.int64] | int) -> Floats:
        """Take time in seconds of moments on the host clock."""
        return self.clock.sample_at(host_ns) / self.rate_hz


def map_sound(blocks: Log, rate_hz: int, first_sample: int) -> AudioTimeline:
    """Fit the observations of a take whose sound file begins with stream sample `first_sample`.

    At least one observation is needed (ValueError otherwise). Works on 10 ms blocks of two hours within a second.
    """
    if not len(blocks):
        raise ValueError("no observations")
    base_ns = int(blocks["host_ns"][0])
    begins: NDArray[np.int64] = blocks["first_sample"]
    lengths: NDArray[np.int32] = blocks["frames"]
    ends = begins + lengths - first_sample
    host_s = (blocks["host_ns"] - base_ns).astype(np.float64) * 1e-9
    known = _unwritten(blocks)
    seconds = ends.astype(np.float64) / rate_hz
    found = _lost_on_the_way(seconds, host_s - seconds, blocks, rate_hz)
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
    return AudioTimeline(
        rate_hz,
        clock_of(line, rate_hz, base_ns),
        lost,
        _describe(line, seconds[use], late[use], len(blocks), len(inside) + 1),
        _wander(line, seconds, late),
        delivery_s(blocks["adc_s"] + blocks["frames"] / rate_hz - base_ns * 1e-9, seconds + line.at(seconds)),
    )


def _unwritten(blocks: Log) -> list[LostSound]:
    """Blocks that arrived inside the take and were not written."""
    written = np.flatnonzero(blocks["flags"] & BlockFlag.WRITTEN)
    first, frames = blocks["first_sample"][written], blocks["frames"][written].astype(np.int64)
    missing = first[1:] - first[:-1] - frames[:-1]
    position = np.cumsum(frames)
    return [
        LostSound(int(written[i + 1]), int(position[i]), int(missing[i]), known=True)
        for i in np.flatnonzero(missing > 0)
    ]


def _lost_on_the_way(seconds: Floats, late: Floats, blocks: Log, rate_hz: int) -> list[LostSound]:
    written = np.where(blocks["flags"] & BlockFlag.WRITTEN, blocks["frames"], 0)
    position = np.cumsum(written) - written
    return [
        LostSound(step.edge, int(position[step.edge]), round(step.height_s * rate_hz))
        for step in lasting_steps(seconds, late)
    ]


def _describe(line: SupportLine, seconds: Floats, late: Floats, observations: int, segments: int) -> ClockFit:
    above = late - line.at(seconds)
    return ClockFit(
        rate_ppm=round((1.0 / (1.0 + line.slope) - 1.0) * 1e6, 3),
        residual_ms=round(float(np.percentile(above, 95)) * 1e3, 4),
        support=line.support,
        observations=observations,
        segments=segments,
    )


def _wander(line: SupportLine, seconds: Floats, late: Floats) -> float:
    """Over windows of 10 s, the largest earliest-arrival lateness above the line."""
    above = late - line.at(seconds)
    window = np.floor((seconds - seconds[0]) / 10.0).astype(np.int64)
    # A short last window would speak of one stall only.
    window[window == window[-1]] = max(int(window[-1]) - 1, 0)
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    return float(np.minimum.reduceat(above, starts).max())
