"""Checks while the preview runs and while the take rolls: cheap, streaming, one hint at a time.

Runs on the recorder's observer thread; every call returns quickly and nothing is ever written. Taking over a new take
and handing out its summary may happen on another thread (a lock stands between them). A finding becomes a hint
only after it has lasted, and goes away only after it has been gone for a while, so that nothing flickers on the stage's
edge. While rolling only what loses the take is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.faces import FaceFinder, HaarFinder, Image, to_grey
from perfstudio.checks.framing import judge_framing, measure_framing
from perfstudio.checks.hints import HintKeeper
from perfstudio.checks.levels import FLOOR_DBFS, dbfs, power_db
from perfstudio.checks.limits import CheckLimits, house_limits
from perfstudio.checks.live_sound import HeardSound, LiveSound
from perfstudio.checks.motion import tiny_luma
from perfstudio.checks.picture import PictureMeasures, PictureScan, judge_light
from perfstudio.checks.tracking import FaceSighting
from perfstudio.model.checks import CheckCode, CheckResult, LiveReading, Verdict

_CLIP_AT = 32766 / 32768
_CLIP_RUN = 3
_QUIET_AFTER_S = 4.0
_RECENT_S = 3.0
_PRE_ROLL_S = 1.0
_GLIMPSE_WIDTH = 640
_PREVIEW_EVERY_S = 0.33
_ROLLING_EVERY_S = 0.5
_STILL = {CheckCode.ZEROS: 2.0, CheckCode.SILENCE: _QUIET_AFTER_S, CheckCode.BLACK: 1.0, CheckCode.FROZEN: 3.0}


@dataclass(frozen=True, slots=True)
class LiveSummary:
    """What the live pass measured of the take, for the report: numbers only, and it crosses processes."""

    picture: PictureMeasures | None = None
    peak_dbfs: float = FLOOR_DBFS
    clipped_blocks: int = 0
    longest_zero_s: float = 0.0
    sound: HeardSound | None = None
    """Everything about the take's sound, bound to its samples."""


@dataclass(slots=True)
class _Ear:
    """Levels of the last moments."""

    peak: float = 0.0
    power: float = 0.0
    clipped: bool = False
    zeros_s: float = 0.0
    longest_zero_s: float = 0.0
    quiet_s: float = 0.0
    top: float = 0.0
    clipped_blocks: int = 0
    since_clip_s: float = 1e9

    def hear(self, samples: NDArray[np.float32], rate_hz: int) -> None:
        seconds = len(samples) / rate_hz
        magnitude = np.abs(samples)
        self.peak = float(magnitude.max(initial=0.0))
        self.power = float(np.einsum("nc,nc->", samples, samples)) / max(1, samples.size)
        self.zeros_s = self.zeros_s + seconds if self.peak == 0.0 else 0.0
        self.longest_zero_s = max(self.longest_zero_s, self.zeros_s)
        self.quiet_s = self.quiet_s + seconds if power_db(self.power) < -60.0 else 0.0
        self.clipped = self.peak >= _CLIP_AT and _flat(samples, magnitude)
        self.since_clip_s = 0.0 if self.clipped else self.since_clip_s + seconds
        self.clipped_blocks += self.clipped
        self.top = max(self.top, self.peak)

    def restart(self) -> None:
        self.top, self.clipped_blocks, self.longest_zero_s = 0.0, 0, 0.0


@dataclass(slots=True)
class LiveChecks:
    """Feed it blocks and frames as they come; read it as often as you like.

    `at_s` is seconds on the one host clock. Some five frames a second are enough, so nothing is said here about the
    frame rate: the recorder counts, and the report reads the closed file. No picture is kept but a tiny grid.
    """

    finder: FaceFinder = field(default_factory=HaarFinder)
    limits: CheckLimits = field(default_factory=house_limits)
    rolling: bool = False
    _ear: _Ear = field(default_factory=_Ear)
    _scan: PictureScan = field(init=False)
    _follower: LiveSound = field(default_factory=LiveSound)
    _hints: HintKeeper = field(default_factory=HintKeeper)
    _recent: list[FaceSighting] = field(default_factory=list)
    _face_seen: bool = False
    _zero_s: float | None = None
    _at_s: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._scan = PictureScan(self.finder, _PREVIEW_EVERY_S)

    def block(self, samples: NDArray[np.float32], rate_hz: int, at_s: float) -> None:
        """A block of sound, frames x channels, full scale 1.0."""
        if not len(samples):
            return
        with self._lock:
            if self.rolling and self._zero_s is None:
                self._zero_s = at_s
            self._ear.hear(samples.reshape(len(samples), -1), rate_hz)
            self._at_s = max(self._at_s, at_s)
            self._hints.update(self._sound_findings(), at_s, "sound")

    def written(self, samples: NDArray[np.float32], rate_hz: int) -> None:
        """What was written of the rolling take, each sample once and in order; frames x channels."""
        with self._lock:
            if self.rolling:
                self._follower.push(samples, rate_hz)

    def frame(self, bgr_small: Image, at_s: float, whole: Callable[[], Image]) -> None:
        """A frame; `whole` makes it in the camera's own size, which is not always needed."""
        with self._lock:
            self._look(bgr_small, at_s, whole)

    def _look(self, bgr_small: Image, at_s: float, whole: Callable[[], Image]) -> None:
        self._at_s = max(self._at_s, at_s)
        if not self._scan.frame(tiny_luma(to_grey(bgr_small)), at_s):
            return
        image = whole()
        self._scan.glimpse(_at_most(image), to_grey(image), at_s)
        if self._scan.sighting is not None:
            self._recent = [s for s in self._recent if s.at_s >= at_s - _RECENT_S] + [self._scan.sighting]
            self._face_seen = self._face_seen or self._scan.sighting.face is not None
        self._hints.update(self._picture_findings(), at_s, "picture")

    def reading(self) -> LiveReading:
        """What to show now."""
        with self._lock:
            return self._reading()

    def _reading(self) -> LiveReading:
        sighting = self._scan.sighting
        face = sighting.face if sighting else None
        return LiveReading(
            peak_dbfs=dbfs(self._ear.peak),
            rms_dbfs=power_db(self._ear.power),
            clipped=self._ear.since_clip_s < 1.0,
            zeros_s=self._ear.zeros_s,
            face_box=(face.x, face.y, face.width, face.height) if face else None,
            luma=self._scan.now[0] if self._scan.light is not None else None,
            hint=self._hints.hint(self._at_s, losing_only=self.rolling),
        )

    def begin_take(self, zero_s: float | None = None) -> None:
        """The take rolls: measurements start anew, small hints fall silent.

        `zero_s` is the take's first sample on the host clock; without it the recorder's usual pre-roll of a second
        before what was last heard or seen is taken for it.
        """
        with self._lock:
            self.rolling = True
            self._zero_s = zero_s if zero_s is not None or self._at_s == 0 else self._at_s - _PRE_ROLL_S
            self._ear.restart()
            self._follower = LiveSound()
            self._scan = PictureScan(self.finder, _ROLLING_EVERY_S)

    def end_take(self) -> Callable[[], LiveSummary]:
        """The take is over, and hints speak again. What is returned says once what was measured since `begin_take`, in
        take time (see there); after ten minutes that takes a third of a second, so it can wait until there is time."""
        with self._lock:
            scan, self._scan = self._scan, PictureScan(self.finder, _PREVIEW_EVERY_S)
            follower, self._follower = self._follower, LiveSound()
            zero_s, self.rolling = self._zero_s or 0.0, False
            heard = LiveSummary(None, dbfs(self._ear.top), self._ear.clipped_blocks, self._ear.longest_zero_s)

        def summary() -> LiveSummary:
            seen = scan.finish(zero_s, sparse=True) if scan.light is not None else None
            return replace(heard, picture=seen, sound=follower.finish())

        return summary

    def _sound_findings(self) -> list[CheckResult]:
        ear = self._ear
        found = []
        if ear.zeros_s >= _STILL[CheckCode.ZEROS]:
            found.append(self.limits.judge(CheckCode.ZEROS, ear.zeros_s, digits=1))
        elif ear.quiet_s >= _QUIET_AFTER_S:
            # Rest between two sentences is quiet too; a wrong or covered microphone stays quiet when somebody speaks.
            found.append(self.limits.judge(CheckCode.SILENCE, power_db(ear.power), digits=1, at_most=Verdict.LOOK))
        if ear.since_clip_s < 2.0:
            found.append(self.limits.judge(CheckCode.CLIPPING, 1, level_dbfs=dbfs(ear.peak)))
        return found

    def _picture_findings(self) -> list[CheckResult]:
        _, black_s, still_s = self._scan.now
        found = []
        if black_s >= _STILL[CheckCode.BLACK]:
            return [self.limits.judge(CheckCode.BLACK, max(black_s, 2.1), digits=1)]
        if still_s >= _STILL[CheckCode.FROZEN]:
            found.append(self.limits.judge(CheckCode.FROZEN, max(still_s, 3.1), digits=1))
        if self._scan.light is not None:
            found += judge_light(self._scan.light, self.limits)
        framing = measure_framing(self._recent)
        if framing.sightings >= 3:
            found += judge_framing(framing, self.limits)
        return [r for r in found if r.verdict is not Verdict.GOOD]


def _flat(samples: NDArray[np.float32], magnitude: NDArray[np.float32]) -> bool:
    """Whether any channel stands at full scale for three samples in a row."""
    full = magnitude >= _CLIP_AT
    run = full[2:] & full[1:-1] & full[:-2] & (samples[2:] * samples[:-2] > 0)
    return bool(run.any())


def _at_most(image: Image) -> Image:
    scale = _GLIMPSE_WIDTH / max(image.shape[:2])
    return (
        cast("Image", cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)) if scale < 1 else image
    )
