"""Times inside a take: markers, stream statistics, clock fits and the sync report.

Take time is seconds since the first sample of the take's sound; sample n lies at n / rate exactly. Picture is mapped
onto it. Positive picture-to-sound offsets mean: the sound is late.
"""

from __future__ import annotations

from enum import StrEnum

from perfstudio.model.base import Document
from perfstudio.model.calibration import CalibrationUsed


class MarkerName(StrEnum):
    """What a moment in a take means."""

    ROLL = "roll"  # record was pressed (the pre-roll lies before it)
    GO = "go"  # the countdown ended: play
    CUT = "cut"  # cut was pressed (the tail lies behind it)
    MARK = "mark"  # the performer marked a moment
    BROKE = "broke"  # broke character


class Marker(Document):
    """A named moment, in take time."""

    name: MarkerName
    at_s: float
    note: str = ""


class Span(Document):
    """A stretch of take time [start_s, end_s]."""

    start_s: float
    end_s: float


class GapCause(StrEnum):
    """Why sound or picture is missing."""

    OVERRUN = "overrun"  # samples were lost on the way
    STALL = "stall"  # the device delivered nothing
    DEVICE_LOST = "device_lost"
    DISK = "disk"
    BACKLOG = "backlog"  # the encoder could not keep up


class Gap(Document):
    """A hole: silence that was filled in, or a stretch without frames."""

    start_s: float
    length_s: float
    cause: GapCause


class ClockFit(Document):
    """A device clock against the host clock: the lower convex hull of (arrival - n / rate)."""

    rate_ppm: float
    """How much faster (+) or slower (-) than nominal the device ran."""
    residual_ms: float
    """95th percentile of arrival delay above the hull: how rough the delivery was, not an error bound."""
    support: int
    """Number of hull vertices that carry the fit."""
    observations: int
    segments: int = 1
    """Pieces the fit was made in: one more than there are gaps."""


class VideoStats(Document):
    """What the picture stream did while rolling."""

    frames: int
    dropped: int
    """Frames that reached us and were not written."""
    missed: int
    """Frames the camera did not deliver, from the holes in its times."""
    repeated: int
    """Frames identical to the one before."""
    measured_fps: float
    jitter_p99_ms: float
    longest_hole_ms: float
    damaged: int = 0
    """Of those `dropped`: they came cut off or could not be decoded."""
    gaps: tuple[Gap, ...] = ()
    encoder: str = "libx264"
    preset: str = ""


class AudioStats(Document):
    """What the sound stream did while rolling."""

    samples: int
    rate_hz: int
    channels: int
    sample_format: str
    overflows: int
    zero_runs: int
    longest_zero_s: float
    gaps: tuple[Gap, ...] = ()


class SyncReport(Document):
    """How picture and sound were put on one timeline, and how sure that is."""

    method: str = "lower-hull"
    audio: ClockFit | None = None
    frame_clock: str = "arrival"
    offset_ms: float = 0.0
    """Constant picture-to-sound correction that was applied, from calibration."""
    calibrated: bool = False
    calibration: CalibrationUsed | None = None
    """How that correction was measured; None when the pair is not calibrated."""
    drift_ms: float = 0.0
    """How far nominal rates would have drifted apart over the take: what the map removed."""
    residual_ms: float = 0.0
    """Estimated software error left (support line uncertainty), not counting camera and microphone latency."""
    delivery_ms: float | None = None
    """The constant time from the microphone's converter to us by the driver's stamps, taken out of the timeline; None
    where they do not tell."""
    driver_ppm: float | None = None
    """The microphone's rate by the driver's own stamps, which is never used; None when they cannot be judged."""
    driver_agrees: bool | None = None
    """Whether that rate lies within 30 ppm of the map's. Where it does not, the map stands and this says so."""
