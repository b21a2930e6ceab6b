"""Everything about the picture of one file or one live take: one pass, one frozen measurement, one tuple of results.

Every frame gives its time and a tiny grid of luma; three times a second there is a *glimpse*, a small colour picture in
which the face is looked for and the light is measured, with the full-size luma beside it for focus.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.faces import FaceFinder, Image
from perfstudio.checks.frame_pacing import FramePacing, judge_cadence, measure_cadence
from perfstudio.checks.framing import Framing, judge_framing, measure_framing
from perfstudio.checks.light import Light, blur, look
from perfstudio.checks.limits import CheckLimits
from perfstudio.checks.lip_sync import Curve, LipScan
from perfstudio.checks.motion import Motion, MotionScan, Tiny
from perfstudio.checks.tracking import FaceSighting, FaceTracker
from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.timing import VideoStats

GLIMPSE_EVERY_S = 0.33
_MAX_TIMES = 40
_DARK_FACE = 85.0
_DARK_TOP = 140.0


@dataclass(frozen=True, slots=True)
class PictureMeasures:
    """What was measured; picklable, numbers only."""

    width: int
    height: int
    cadence: FramePacing | None
    motion: Motion
    framing: Framing
    light: Light | None
    blur: float | None
    glimpses: int
    mouth: tuple[Curve, Curve] | None = None
    """(times in s, opening) of every frame; see `lips`. Only from files."""
    mirrored: bool = False
    """The container asks players for a mirror image; see `upright`."""
    finder: tuple[str, str] = ("", "")
    """What looked for faces, and the hash of its model."""
    begins_s: float | None = None
    ends_s: float | None = None
    """When the first picture comes and the last one goes; only from files."""


@dataclass(slots=True)
class PictureScan:
    """Feeds on frames in time order, from a file or live. Times in seconds on any clock; `finish` moves them."""

    finder: FaceFinder
    glimpse_every_s: float = GLIMPSE_EVERY_S
    width: int = 0
    height: int = 0
    sighting: FaceSighting | None = None
    light: Light | None = None
    _times: list[float] = field(default_factory=list)
    _motion: MotionScan = field(default_factory=MotionScan)
    _tracker: FaceTracker = field(init=False)
    _sightings: list[FaceSighting] = field(default_factory=list)
    _lights: list[Light] = field(default_factory=list)
    _blurs: list[float] = field(default_factory=list)
    _lips: LipScan | None = None
    _next_s: float = -1e18

    def __post_init__(self) -> None:
        self._tracker = FaceTracker(self.finder)

    def frame(self, tiny: Tiny, at_s: float, whole: Tiny | None = None) -> bool:
        """One frame, with its full-size luma where that is at hand; True when a glimpse is due now."""
        due = at_s >= self._next_s or at_s < self._next_s - 10 * self.glimpse_every_s
        self._times.append(at_s)
        self._motion.push(tiny, at_s, watch_shake=due, whole=whole)
        if due:
            self._next_s = at_s + self.glimpse_every_s
        return due

    def glimpse(self, image: Image, luma: NDArray[np.uint8], at_s: float) -> None:
        """A small colour picture (at most some 640 across) and the full-size luma of the frame given just before."""
        self.height, self.width = luma.shape
        self.sighting = self._tracker.step(image, at_s)
        face = self.sighting.face
        self.light = look(image, face)
        self._sightings.append(self.sighting)
        self._lights.append(self.light)
        if face is not None and face.pose != "held" and (soft := blur(luma, face)) is not None:
            self._blurs.append(soft)

    def mouth(self, luma: NDArray[np.uint8], at_s: float) -> None:
        """The full-size luma of the frame given just before, when lips are to be compared with the voice."""
        self._lips = self._lips or LipScan()
        self._lips.push(luma, self.sighting.face if self.sighting else None, at_s)

    @property
    def now(self) -> tuple[float, float, float]:
        """(mean luma, seconds black, seconds still) at the last frame."""
        return self._motion.now

    def finish(self, zero_s: float = 0.0, *, sparse: bool = False) -> PictureMeasures:
        """The measurements, with `zero_s` taken off all times. `sparse`: not every frame was seen, no rate is told."""
        moved = [FaceSighting(s.at_s - zero_s, s.face, s.other) for s in self._sightings]
        return PictureMeasures(
            width=self.width,
            height=self.height,
            cadence=None if sparse else measure_cadence([t - zero_s for t in self._times]),
            motion=self._motion.finish(zero_s, sparse=sparse),
            framing=measure_framing(moved),
            light=_typical(self._lights),
            blur=median(self._blurs) if self._blurs else None,
            glimpses=len(self._lights),
            mouth=self._lips.finish() if self._lips is not None else None,
            finder=(self.finder.name, self.finder.sha256),
        )


def judge_picture(
    measures: PictureMeasures,
    limits: CheckLimits,
    *,
    nominal_fps: float | None = None,
    stats: VideoStats | None = None,
) -> tuple[CheckResult, ...]:
    """Results for one picture stream."""
    results: list[CheckResult] = []
    if measures.cadence is not None:
        results += judge_cadence(measures.cadence, limits, nominal_fps=nominal_fps, stats=stats)
    results += _judge_motion(measures.motion, limits)
    if measures.height:
        results.append(limits.judge(CheckCode.ORIENTATION, measures.height / measures.width, digits=2))
    if measures.mirrored:
        results.append(limits.judge(CheckCode.MIRRORED, 1))
    black_s = sum(s.end_s - s.start_s for s in measures.motion.black)
    if measures.cadence is not None and black_s > 0.9 * measures.cadence.duration_s:
        return tuple(results)  # nothing else can be said about a black picture
    results += judge_framing(measures.framing, limits, alive=measures.motion.alive, finder=measures.finder)
    if measures.light is not None:
        results += judge_light(measures.light, limits)
    if measures.blur is not None:
        results.append(limits.judge(CheckCode.FOCUS, measures.blur))
    return tuple(results)


def judge_light(light: Light, limits: CheckLimits) -> list[CheckResult]:
    """Brightness, backlight, burnt and crushed areas, colour cast of one look or of a typical one."""
    where = "picture" if light.face_luma is None else "face"
    level = light.luma if light.face_luma is None else light.face_luma
    burnt = light.burnt if light.face_burnt is None else light.face_burnt
    crushed = light.crushed if light.face_crushed is None else light.face_crushed
    strength = float(np.hypot(light.red, light.blue))
    results = [
        limits.judge(CheckCode.BRIGHTNESS, level, digits=0, where=where, direction="dark" if level < 128 else "bright"),
        limits.judge(CheckCode.BURNT, burnt, where=where),
        limits.judge(CheckCode.CRUSHED, crushed, where=where),
        limits.judge(
            CheckCode.COLOUR_CAST,
            100 * (2**strength - 1),
            digits=0,
            direction=_direction(light.red, light.blue),
            red=light.red,
            blue=light.blue,
        ),
    ]
    if light.face_luma is not None and light.behind_luma is not None and light.face_top is not None:
        # Dark skin in good light has bright highlights; a face against the light has none.
        shaded = light.face_luma < _DARK_FACE and light.face_top < _DARK_TOP
        stops = 2.2 * float(np.log2(max(light.behind_luma, 1.0) / max(light.face_luma, 1.0)))
        results.append(limits.judge(CheckCode.BACKLIGHT, stops, against=stops if shaded else min(stops, 0.0), digits=1))
    return results


def _judge_motion(motion: Motion, limits: CheckLimits) -> Iterable[CheckResult]:
    black = [s.end_s - s.start_s for s in motion.black]
    frozen = [s.end_s - s.start_s for s in motion.frozen]
    still = tuple(s for s in motion.frozen if s.end_s - s.start_s >= 0.3)
    yield limits.judge(CheckCode.BLACK, sum(black), times=motion.black[:_MAX_TIMES], digits=2)
    yield limits.judge(
        CheckCode.FROZEN, max(frozen, default=0.0), times=still[:_MAX_TIMES], digits=2, total_s=sum(frozen)
    )
    if motion.flicker_percent is not None:
        yield limits.judge(CheckCode.FLICKER, motion.flicker_percent, digits=2, frequency_hz=motion.flicker_hz)
    if motion.shake is not None:
        yield limits.judge(CheckCode.SHAKE, motion.shake, digits=2)


def _direction(red: float, blue: float) -> str:
    if max(abs(red), abs(blue)) < 0.05:
        return "none"
    if red > 0 and blue < 0:
        return "orange"
    if red < 0 and blue > 0:
        return "blue"
    if red > 0 and blue > 0:
        return "magenta"
    return "green"


def _typical(lights: list[Light]) -> Light | None:
    """The median look, number by number; face numbers over the looks that have a face."""
    if not lights:
        return None

    def middle(name: str) -> float | None:
        values = [v for light in lights if (v := getattr(light, name)) is not None]
        return float(median(values)) if values else None

    return Light(**{name: middle(name) for name in Light.__dataclass_fields__})  # type: ignore[arg-type]
