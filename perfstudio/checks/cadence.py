"""Cadence: real frame rate, its sag, and lost frames, from nothing but the times of the frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfstudio.checks.limits import Limits
from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.timing import Span, VideoStats

_STANDARD = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0)
_WINDOW_S = 5.0
_MAX_TIMES = 40


@dataclass(frozen=True, slots=True)
class Cadence:
    """What the frame times say. Rates in frames per second, holes in seconds."""

    frames: int
    duration_s: float
    fps: float
    usual_fps: float
    """One over the median distance of two frames: the rate when nothing is lost."""
    slowest_fps: float
    slowest: Span | None
    longest_hole_s: float
    intervals: tuple[tuple[float, float], ...]
    """(start_s, length_s) of every distance over 1.5 usual frames."""

    def missed(self, nominal_fps: float) -> int:
        """Frames that are not there, counted in the holes."""
        return sum(max(0, round(length * nominal_fps) - 1) for _, length in self.intervals)


def measure_cadence(times_s: Sequence[float]) -> Cadence | None:
    """Cadence of frame times in seconds, ascending; None for fewer than three frames."""
    if len(times_s) < 3:
        return None
    times = np.asarray(times_s, np.float64)
    steps = np.diff(times)
    usual = float(np.median(steps))
    if usual <= 0 or times[-1] <= times[0]:
        return None
    late = np.flatnonzero(steps > 1.5 * usual)
    slowest, span = _slowest(times)
    duration = float(times[-1] - times[0])
    return Cadence(
        frames=len(times),
        duration_s=duration,
        fps=len(steps) / duration,
        usual_fps=1 / usual,
        slowest_fps=slowest,
        slowest=span,
        longest_hole_s=float(steps.max()),
        intervals=tuple((float(times[i]), float(steps[i])) for i in late),
    )


def likely_nominal(cadence: Cadence) -> float:
    """The film rate that was probably asked for: the standard rate nearest to the usual one, and never under 24."""
    return min(_STANDARD, key=lambda rate: abs(rate - cadence.usual_fps))


def judge_cadence(
    cadence: Cadence, limits: Limits, *, nominal_fps: float | None = None, stats: VideoStats | None = None
) -> tuple[CheckResult, ...]:
    """Frame rate, sag and drops. With the recorder's own statistics, its counts are the ones that are told."""
    nominal = nominal_fps or likely_nominal(cadence)
    lost = stats.missed + stats.dropped if stats else cadence.missed(nominal)
    wanted = max(1, cadence.frames + lost)
    hole_ms = max(cadence.longest_hole_s * 1000, stats.longest_hole_ms if stats else 0.0)
    holes = tuple(Span(start_s=a, end_s=a + length) for a, length in cadence.intervals if length >= 0.1)
    share = cadence.fps / nominal
    drops = limits.judge(
        CheckCode.DROPS, 100 * lost / wanted, times=holes[:_MAX_TIMES], digits=2, lost=lost, longest_hole_ms=hole_ms
    )
    if stats and stats.damaged:
        drops = drops.model_copy(update={"facts": drops.facts | {"damaged": stats.damaged}})
    results = [
        _rate(limits, CheckCode.FRAME_RATE, cadence.fps, nominal=nominal, share=share),
        drops,
    ]
    if cadence.slowest is not None:
        sag = cadence.slowest_fps / max(cadence.fps, 1e-6)
        results.append(
            _rate(
                limits,
                CheckCode.FRAME_RATE_SAG,
                cadence.slowest_fps,
                nominal=cadence.fps,
                share=sag,
                times=(cadence.slowest,),
            )
        )
    return tuple(results)


def _rate(
    limits: Limits, code: CheckCode, fps: float, *, nominal: float, share: float, times: tuple[Span, ...] = ()
) -> CheckResult:
    result = limits.judge(code, fps, against=share, times=times, digits=2, nominal_fps=nominal, share=share)
    bound = round(result.limit * nominal, 2) if result.limit is not None else None
    return result.model_copy(update={"limit": bound})  # the limit is a share; what is shown is frames per second


def _slowest(times: np.ndarray) -> tuple[float, Span | None]:
    if times[-1] - times[0] < 2 * _WINDOW_S:
        return 0.0, None
    starts = times[times <= times[-1] - _WINDOW_S]
    counts = np.searchsorted(times, starts + _WINDOW_S) - np.arange(len(starts))
    worst = int(np.argmin(counts))
    span = Span(start_s=float(starts[worst]), end_s=float(starts[worst] + _WINDOW_S))
    return float(counts[worst] / _WINDOW_S), span
