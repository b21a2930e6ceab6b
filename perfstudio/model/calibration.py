"""The constant picture-to-sound offset of a camera and a microphone: how it was measured, for which pair it holds.

A positive offset means: the sound is late, and the picture is moved later by as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.dates import Moment
from perfstudio.model.device import DevicesUsed


class Method(StrEnum):
    """What was recorded to measure it."""

    CLAP = "clap"  # the performer's own hands: no other device's delay is in it
    PATTERN = "pattern"  # flashes and clicks: a player's own delay is in it, see `source_ms`


class Unsure(StrEnum):
    """Why a recording gives no offset. Nothing is stored then."""

    NOTHING_HEARD = "nothing_heard"  # no sharp sounds
    NOTHING_SEEN = "nothing_seen"  # sounds, but nothing in the picture moves or lights up with them
    TOO_FEW = "too_few"  # events that are both heard and seen: paired, needed
    NO_AGREEMENT = "no_agreement"  # the events contradict one another: paired
    TOO_WIDE = "too_wide"  # they agree, but not closely enough: sure_ms, needed_ms


class PairKey(Document):
    """The camera in its mode and the microphone in its own: another mode or another driver has another delay."""

    camera: str
    backend: str
    width: int
    height: int
    fps: int
    pixel_format: str
    frame_clock: str
    microphone: str
    host_api: str
    rate_hz: int


class Measurement(Document):
    """An offset and how sure it is. `offset_ms` has `source_ms` taken out already."""

    offset_ms: float = Field(ge=-2000, le=2000, allow_inf_nan=False)
    """How late the sound is against the picture (+), in ms; `source_ms` is taken out."""
    sure_ms: float = Field(ge=0, allow_inf_nan=False)
    """Half of the range that holds the offset with 95 %, from the agreement of the events."""
    spread_ms: float = Field(ge=0, allow_inf_nan=False)
    """Standard deviation of the single events."""
    count: int = Field(ge=1)
    """Events that were both heard and seen."""
    method: Method
    """What was recorded to measure it."""
    source_ms: float = 0.0
    """Pattern: how much later than its flashes the player itself gave its clicks, as told."""
    source_sure_ms: float | None = None
    """Pattern: how well that is known; None when nobody measured it. 0 for claps and practice devices."""


class CalibrationUsed(Measurement):
    """In the sync report of a take: the measurement that was applied, and when it was made."""

    measured_utc: Moment
    """When it was measured."""


class PairCalibration(Document):
    """One line of the store."""

    pair: PairKey
    camera_name: str = ""
    microphone_name: str = ""
    used: CalibrationUsed


class CalibrationBook(Document):
    """calibration.json in the home folder: at most one line a pair."""

    format: Literal["perfstudio-calibration/1"] = "perfstudio-calibration/1"
    pairs: tuple[PairCalibration, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """No offset: why, with what was heard and seen."""

    why: Unsure
    heard: int = 0
    paired: int = 0
    needed: int = 0
    sure_ms: float = 0.0
    needed_ms: float = 0.0


Outcome = Measurement | Refusal


def pair_key(devices: DevicesUsed) -> PairKey | None:
    """The pair of an opened camera and microphone; None without a picture or without a sound."""
    camera, microphone = devices.camera, devices.microphone
    if camera is None or microphone is None:
        return None
    return PairKey(
        camera=camera.id,
        backend=camera.backend,
        width=camera.width,
        height=camera.height,
        fps=round(camera.fps),
        pixel_format=camera.pixel_format,
        frame_clock=camera.frame_clock,
        microphone=microphone.id,
        host_api=microphone.host_api,
        rate_hz=microphone.rate_hz,
    )
