"""Lips against voice: do picture and sound look more than a tenth of a second apart?

The opening of the mouth (how dark the darkest part of the mouth region is) rises and falls with the loudness of the
voice. Both curves are compared at shifts of up to half a second, stretch by stretch. This is a sanity check, good to
some 50 ms on a clearly lit talking face; it never replaces the clocks, and it says how sure it is. Only curves are
kept, no picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.faces import FaceBox, Grey
from perfstudio.checks.levels import Levels
from perfstudio.checks.limits import CheckLimits
from perfstudio.model.checks import CheckCode, CheckResult, Verdict

_STEP_S = 0.01
_REACH_S = 0.5
_STRETCH_S = 4.0
_LEAST_S = 8.0
_SETTLE = 0.25
_SURE = 0.6
_SOME, _OTHERS = 60, 10
_CHANCE = 0.75
"""Over the root of the number of stretches: the highest correlation of curves that know nothing of each other."""

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LipSync:
    """Positive: the sound is late. Confidence 0..1; under 0.6 nothing is claimed."""

    offset_ms: float
    confidence: float


@dataclass(slots=True)
class LipScan:
    """Feeds on every frame's full-size luma and the face last seen in it."""

    _times: list[float] = field(default_factory=list)
    _opening: list[float] = field(default_factory=list)
    _box: FaceBox | None = None

    def push(self, luma: Grey, face: FaceBox | None, at_s: float) -> None:
        """One frame. Without a face the frame counts as unknown."""
        self._times.append(at_s)
        self._box = _eased(self._box, face)
        self._opening.append(_opening(luma, self._box) if self._box is not None else np.nan)

    def finish(self) -> tuple[Curve, Curve]:
        """(times in s, opening); unknown frames are NaN."""
        return np.array(self._times), np.array(self._opening)


def measure_lips(times_s: Curve, opening: Curve, levels: Levels, sound_start_s: float = 0.0) -> LipSync | None:
    """Compares the mouth's curve with the loudness of the voice; None when there is too little of both."""
    known = np.isfinite(opening)
    if known.sum() < 30 or times_s[-1] - times_s[0] < _LEAST_S:
        return None
    step = max(1, round(_STEP_S / levels.hop_s))
    power = levels.power[levels.loudest()]
    count = len(power) // step
    loud = 10 * np.log10(np.maximum(power[: count * step].reshape(count, step).mean(axis=1), 1e-9))
    sound_times = sound_start_s + (np.arange(count) + 0.5) * step * levels.hop_s
    begin, end = max(times_s[0], sound_times[0] if count else 0.0), min(times_s[-1], sound_times[-1] if count else 0.0)
    grid = np.arange(begin, end, _STEP_S)
    if len(grid) * _STEP_S < _LEAST_S:
        return None
    mouth = np.interp(grid, times_s[known], opening[known])
    covered = np.interp(grid, times_s, known.astype(float)) > 0.5
    voice = np.interp(grid, sound_times, loud)
    pairs = [
        pair
        for start in range(0, len(grid) - int(_STRETCH_S / _STEP_S) + 1, int(_STRETCH_S / _STEP_S / 2))
        if (pair := _pair(mouth, voice, covered, start)) is not None
    ]
    return _decide(pairs) if len(pairs) >= 3 else None


def judge_lips(lips: LipSync, limits: CheckLimits) -> CheckResult | None:
    """A look at most; None when the estimate is not sure of itself."""
    if lips.confidence < _SURE:
        return None
    return limits.judge(
        CheckCode.LIP_SYNC,
        lips.offset_ms,
        at_most=Verdict.LOOK,
        digits=0,
        confidence=lips.confidence,
        direction="sound_late" if lips.offset_ms > 0 else "sound_early",
    )


def _pair(mouth: Curve, voice: Curve, covered: NDArray[np.bool_], start: int) -> tuple[Curve, Curve] | None:
    """Voice and mouth of one stretch; None where the mouth is unknown or the voice says nothing."""
    part = slice(start, start + int(_STRETCH_S / _STEP_S))
    heard = _lively(voice[part])
    seen = _lively(mouth[part])
    return None if not covered[part].all() or heard.std() < 3.0 or seen.std() < 0.3 else (heard, seen)


def _correlations(a: Curve, b: Curve, reach: int) -> Curve:
    """Pearson's coefficient of what overlaps when `b` is shifted by -reach..reach samples, from running sums."""
    size, shifts = len(a), np.arange(-reach, reach + 1)
    both = np.correlate(a, b, "full")[size - 1 - reach : size + reach]
    count = size - np.abs(shifts)
    first_a, first_b = np.maximum(0, shifts), np.maximum(0, -shifts)
    means, spreads = [], []
    for curve, first in ((a, first_a), (b, first_b)):
        sums, squares = (np.concatenate([[0.0], np.cumsum(values)]) for values in (curve, curve**2))
        means.append((sums[first + count] - sums[first]) / count)
        spreads.append((squares[first + count] - squares[first]) / count - means[-1] ** 2)
    return np.asarray((both / count - means[0] * means[1]) / np.sqrt(spreads[0] * spreads[1]), np.float64)


def _decide(pairs: list[tuple[Curve, Curve]]) -> LipSync:
    mean = _mean_curve(pairs)
    reach = len(mean) // 2
    peak = int(np.argmax(mean))
    around = slice(max(0, peak - 15), peak + 16)
    elsewhere = mean.copy()
    elsewhere[around] = -1.0
    # Sure: the stretches agree (a high mean correlation), no other shift does nearly as well, and a voice from another
    # moment of the take does not either.
    height = float(mean[peak])
    margins = (height / 0.5, (height - float(elsewhere.max())) / 0.12, (height - _chance(pairs)) / 0.1)
    confidence = float(np.prod(np.clip(margins, 0, 1)))
    return LipSync((peak - reach) * _STEP_S * 1000, round(confidence, 2))


def _mean_curve(pairs: list[tuple[Curve, Curve]]) -> Curve:
    """Mean correlation at every shift over all stretches."""
    reach = int(_REACH_S / _STEP_S)
    return np.asarray(np.mean([_correlations(heard, seen, reach) for heard, seen in pairs], axis=0), np.float64)


def _chance(pairs: list[tuple[Curve, Curve]]) -> float:
    """How well mouths and voices go together that do not belong together: each mouth against voices of later moments.

    Of a long take sixty stretches are enough. The floor is for short ones, which have few other moments.
    """
    some = pairs[:: -(-len(pairs) // _SOME)]
    later = range(2, min(len(some) - 1, 2 + _OTHERS))
    strangers = [[(some[(i + by) % len(some)][0], seen) for i, (_, seen) in enumerate(some)] for by in later]
    found = [float(_mean_curve(pair).max()) for pair in strangers]
    return max([_CHANCE / math.sqrt(len(pairs)), *found])


def _lively(curve: Curve) -> Curve:
    """A curve without what changes slower than once in two seconds or faster than eight times a second."""
    smooth = np.convolve(np.pad(curve, 5, mode="edge"), np.hanning(11) / np.hanning(11).sum(), "valid")
    slow = np.convolve(np.pad(smooth, 50, mode="edge"), np.full(101, 1 / 101), "valid")
    return np.asarray(smooth - slow, np.float64)


def _eased(old: FaceBox | None, new: FaceBox | None) -> FaceBox | None:
    """The face's box without the jitter of its finder."""
    if old is None or new is None or old.overlap(new) < 0.3:
        return new
    return replace(
        new,
        x=old.x + _SETTLE * (new.x - old.x),
        y=old.y + _SETTLE * (new.y - old.y),
        width=old.width + _SETTLE * (new.width - old.width),
        height=old.height + _SETTLE * (new.height - old.height),
    )


def _opening(luma: Grey, face: FaceBox) -> float:
    """How much darker the darkest sixth of the mouth region is than its middle value."""
    height, width = luma.shape
    rows = slice(max(0, round((face.y + 0.62 * face.height) * height)), round((face.y + 1.0 * face.height) * height))
    left, right = face.x + 0.25 * face.width, face.x + 0.75 * face.width
    cut = luma[rows, max(0, round(left * width)) : max(0, round(right * width))]
    if cut.shape[0] < 8 or cut.shape[1] < 8:
        return float("nan")
    small = np.sort(cv2.resize(cut, (24, 18), interpolation=cv2.INTER_AREA).ravel())
    return float(small[small.size // 2]) - float(small[: small.size // 6].mean())
