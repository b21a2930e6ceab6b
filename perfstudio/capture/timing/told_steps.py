"""Where headphones ran dry by their driver's word: what lateness shows of it, and what it does not.

Measured (a sound server stopped for half a second, or the callback held; a null sink whose monitor is the microphone):
what was heard behind it came 43 to 150 ms later for good, while the server filled a larger buffer and so asked no later
than before. The driver's word of each block, when it was asked plus its delay, rose by just that, within 1 ms from the
first block on. Its flag shows where to look, and so does a pause between asks; neither is a measure of anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.timing.lost_samples import MIN_GAP_S, LatenessStep
from perfstudio.model.support_line import Floats

_UNASKED_S: Final = 0.15
"""Asks come every 10 to 110 ms; behind a longer pause the level is asked anew."""
_FEWEST: Final = 4
_NEAR: Final = 64
"""Words that make a level, at least and at most."""
_CLOSE_S: Final = 5e-3
"""Half of the words of a level lie within this."""
_SAME_S: Final = 3e-3
"""A word so close to a level is of it."""
_BEHIND: Final = 8
"""The first block of a level lies within so many behind the last doubt."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Blocks from `start` to before `end` between two doubts, and the levels at either end of them."""

    start: int
    end: int
    first_s: float
    last_s: float


def told_steps(
    words_s: Floats, asked_s: Floats, dry: NDArray[np.bool_], late: list[LatenessStep]
) -> list[LatenessStep]:
    """The steps in when sound is heard: those found in lateness, corrected by the driver where it is steady on both
    sides of one. A step below 0 means that what follows is heard earlier: some of the sound was dropped.

    `words_s`: of each block how much later than its place on a straight line it is heard, NaN where nothing is told;
    `dry`: the driver's flag; `late`: the steps found in lateness.
    """
    paused = np.diff(asked_s, prepend=asked_s[:1]) > _UNASKED_S
    edges = sorted({0, len(words_s), *np.flatnonzero(dry | paused).tolist(), *(step.edge for step in late)})
    parts = [part for start, end in pairwise(edges) if (part := _part(words_s, start, end))]
    if not parts:
        return late
    kept = [step for step in late if step.edge <= parts[0].start or step.edge >= parts[-1].end]
    found = [step for one, other in pairwise(parts) if (step := _between(words_s, one, other))]
    return sorted((*kept, *found), key=lambda step: step.edge)


def _part(words_s: Floats, start: int, end: int) -> _Part | None:
    """None where the driver is not steady at both ends."""
    first, last = _level(words_s[start : min(end, start + _NEAR)]), _level(words_s[max(start, end - _NEAR) : end])
    return _Part(start, end, first, last) if first is not None and last is not None else None


def _level(words_s: Floats) -> float | None:
    told = words_s[np.isfinite(words_s)]
    if len(told) < _FEWEST:
        return None
    low, middle, high = np.percentile(told, (25, 50, 75))
    return float(middle) if high - low <= _CLOSE_S else None


def _between(words_s: Floats, one: _Part, other: _Part) -> LatenessStep | None:
    height_s = other.first_s - one.last_s
    if abs(height_s) < MIN_GAP_S:
        return None
    there = np.abs(words_s[one.end : other.start + _BEHIND] - other.first_s) < _SAME_S
    both = np.flatnonzero(there[:-1] & there[1:])
    return LatenessStep(one.end + int(both[0]) if len(both) else other.start, height_s)
