"""Cadence: real frame rate, its sag, and lost frames, from nothing but the times of the frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfstudio.checks.limits import CheckLimits
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.timing import Span, VideoStats

_STANDARD = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0)
_WINDOW_S = 5.0
_MAX_TIMES = 40
_ALIKE = 0.2
"""Distances that differ by no more than this share are of one pace. What a busy computer loses has none."""


@dataclass(frozen=True, slots=True)
class FramePacing:
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
    slow: frozenset[float] = frozenset()
    """Where those of them start that lie among their like: the camera took its time there, and nothing was lost."""

    def missed(self, nominal_fps: float) -> int:
        """Frames that are not there, counted in the holes."""
        return sum(max(0, round(length * nominal_fps) - 1) for _, length in self.intervals)

    def slowed(self) -> bool:
        """Whether most of what is not there is not there because the camera slowed down for a while."""
        among_like = sum(length for start, length in self.intervals if start in self.slow)
        return among_like > 0.5 * sum(length for _, length in self.intervals)


def measure_cadence(times_s: Sequence[float]) -> FramePacing | None:
    """Cadence of frame times in seconds, ascending; None for fewer than three frames."""
    if len(times_s) < 3:
        return None
    times = np.asarray(times_s, np.float64)
    steps = np.diff(times)
    usual = float(np.median(steps))
    if usual <= 0 or times[-1] <= times[0]:
        return None
    late = np.flatnonzero(steps > 1.5 * usual)
    like = np.abs(np.diff(steps)) <= _ALIKE * steps[1:]
    among_like = np.flatnonzero((steps[1:-1] > 1.5 * usual) & like[:-1] & like[1:]) + 1
    slowest, span = _slowest(times)
    duration = float(times[-1] - times[0])
    return FramePacing(
        frames=len(times),
        duration_s=duration,
        fps=len(steps) / duration,
        usual_fps=1 / usual,
        slowest_fps=slowest,
        slowest=span,
        longest_hole_s=float(steps.max()),
        intervals=tuple((float(times[i]), float(steps[i])) for i in late),
        slow=frozenset(float(times[i]) for i in among_like),
    )


def likely_nominal(cadence: FramePacing) -> float:
    """The film rate that was probably asked for: the standard rate nearest to the usual one, and never under 24."""
    return min(_STANDARD, key=lambda rate: abs(rate - cadence.usual_fps))


def judge_cadence(
    cadence: FramePacing, limits: CheckLimits, *, nominal_fps: float | None = None, stats: VideoStats | None = None
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
    results = [_rate(limits, CheckCode.FRAME_RATE, cadence.fps, nominal=nominal, share=share), drops]
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
    slowed = cadence.slowed() and not (stats and stats.dropped > lost / 2)
    whole = limits[CheckCode.FRAME_RATE].look.crossed(share * wanted / cadence.frames) is None
    return _told_once(results, slowed=slowed, whole=whole)


def _told_once(results: list[CheckResult], *, slowed: bool, whole: bool) -> tuple[CheckResult, ...]:
    """One cause, one finding: the others name the one that says it.

    Lost pictures make a low rate, and a camera that slows down leaves holes. `slowed`: it was that; `whole`: with what
    was lost the rate would be the one asked for.
    """
    found = {result.code for result in results if result.verdict is not Verdict.GOOD}
    rate, sag, drops = CheckCode.FRAME_RATE, CheckCode.FRAME_RATE_SAG, CheckCode.DROPS
    if slowed:
        causes = {drops: sag, rate: sag} if sag in found else {drops: rate}
    else:
        causes = {sag: drops, rate: drops} if whole else {sag: drops}
    return tuple(
        result.model_copy(update={"facts": result.facts | {"cause": causes[code].value}})
        if (code := result.code) in found and causes.get(code) in found
        else result
        for result in results
    )


def _rate(
    limits: CheckLimits, code: CheckCode, fps: float, *, nominal: float, share: float, times: tuple[Span, ...] = ()
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
