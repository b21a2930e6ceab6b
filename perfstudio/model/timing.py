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
    """What it means."""
    at_s: float
    """Where, in seconds of take time."""
    note: str = ""
    """What the performer wrote to it; empty without a note."""


class Span(Document):
    """A stretch of take time [start_s, end_s]."""

    start_s: float
    """Where it begins, in seconds of take time."""
    end_s: float
    """Where it ends, in seconds of take time."""


class GapCause(StrEnum):
    """Why sound or picture is missing."""

    OVERRUN = "overrun"  # samples were lost on the way
    STALL = "stall"  # the device delivered nothing
    DEVICE_LOST = "device_lost"  # the device went away
    DISK = "disk"  # the disk took nothing
    BACKLOG = "backlog"  # the encoder could not keep up


class Gap(Document):
    """A hole: silence that was filled in, or a stretch without frames."""

    start_s: float
    """Where it begins, in seconds of take time."""
    length_s: float
    """How long it is, in seconds."""
    cause: GapCause
    """Why it is there."""


class ClockFit(Document):
    """A device clock against the host clock: the lower convex hull of (arrival - n / rate)."""

    rate_ppm: float
    """How much faster (+) or slower (-) than nominal the device ran."""
    residual_ms: float
    """95th percentile of arrival delay above the hull: how rough the delivery was, not an error bound."""
    support: int
    """Number of hull vertices that carry the fit."""
    observations: int
    """Number of arrivals that the fit was made of."""
    segments: int = 1
    """Pieces the fit was made in: one more than there are gaps."""


class VideoStats(Document):
    """What the picture stream did while rolling."""

    frames: int
    """Pictures in the film."""
    dropped: int
    """Frames that reached us and were not written."""
    missed: int
    """Frames the camera did not deliver, from the holes in its times."""
    repeated: int
    """Frames identical to the one before."""
    measured_fps: float
    """Pictures a second, measured over the take."""
    jitter_p99_ms: float
    """99th percentile of how far the time between two pictures is from the usual one, in ms."""
    longest_hole_ms: float
    """The longest time between two pictures, in ms."""
    damaged: int = 0
    """Of those `dropped`: they came cut off or could not be decoded."""
    gaps: tuple[Gap, ...] = ()
    """Stretches without pictures, over 0.2 s and over one and a half usual steps."""
    encoder: str = "libx264"
    """What made the film of the pictures."""
    preset: str = ""
    """The fastest setting of the encoder that was needed; "as sent" where the film was made after the cut."""


class AudioStats(Document):
    """What the sound stream did while rolling."""

    samples: int
    """Samples per channel in audio.flac, those of filled gaps included."""
    rate_hz: int
    """Samples a second, nominal, in Hz."""
    channels: int
    """Number of channels."""
    sample_format: str
    """Bits of a sample as the device gave them: int16 or int24."""
    overflows: int
    """How often the driver said that samples were lost. Not trusted alone."""
    zero_runs: int
    """Stretches of exact zeros of at least 0.1 s: a room is never exactly silent."""
    longest_zero_s: float
    """The longest of them, in seconds."""
    gaps: tuple[Gap, ...] = ()
    """Stretches where sound is missing, filled with exact zeros so that everything behind them keeps its time."""


class SyncReport(Document):
    """How picture and sound were put on one timeline, and how sure that is."""

    method: str = "lower-hull"
    """How the clocks were fitted: the lower convex hull of arrival times over sample counts."""
    audio: ClockFit | None = None
    """The microphone's clock against the computer's; null where no observation was left."""
    frame_clock: str = "arrival"
    """What stamped the pictures: "driver", "arrival", or "none" for sound alone."""
    offset_ms: float = 0.0
    """Constant picture-to-sound correction that was applied, from calibration."""
    calibrated: bool = False
    """Whether the constant offset of this pair of devices was measured."""
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
