"""What the recorder says while it works: rare notices, and ten times a second how it is, sizes read back included."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfstudio.model.errors import PerfstudioError
from perfstudio.model.take import EndReason


class Stream(StrEnum):
    """Which of the two streams a notice is about."""

    PICTURE = "picture"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """A device is gone for good. A rolling take is being closed."""

    stream: Stream
    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class Stalled:
    """Nothing has arrived for `silent_s` seconds."""

    stream: Stream
    silent_s: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """The stream arrives again after `silent_s` seconds."""

    stream: Stream
    silent_s: float


@dataclass(frozen=True, slots=True)
class ZeroSound:
    """Only exact zeros for `seconds`: the microphone is muted, not permitted or unplugged. False: sound is back."""

    seconds: float
    now: bool = True


@dataclass(frozen=True, slots=True)
class StillPicture:
    """The camera has sent the same picture again and again for `seconds`. False: it moves again."""

    seconds: float
    now: bool = True


@dataclass(frozen=True, slots=True)
class BlackPicture:
    """The picture has been black for `seconds`. False: there is light again."""

    seconds: float
    now: bool = True


@dataclass(frozen=True, slots=True)
class PictureChanged:
    """The camera changed the size of its pictures. A take that was `rolling` goes on in the size it began with, and
    they are shown whole in it; otherwise the next take has their size.
    """

    width: int
    height: int
    rolling: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """The encoder is behind by `seconds` and now works at the faster `preset`; `dropped` frames were given up."""

    seconds: float
    preset: str
    dropped: int


@dataclass(frozen=True, slots=True)
class DiskLow:
    """About `seconds_left` of recording still fit."""

    seconds_left: float


@dataclass(frozen=True, slots=True)
class BatteryLow:
    """The computer runs on its battery, of which `share` is left. Told once, before a take or in it."""

    share: float


@dataclass(frozen=True, slots=True)
class DiskFull:
    """The disk is full or refused to write; the take is being closed with all that was written."""

    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class TakeEnding:
    """The recorder is closing the rolling take by itself."""

    reason: EndReason
    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class TakeEnded:
    """The raw files of the take that ended by itself are closed; it can be finished now."""

    reason: EndReason


Notice = (
    DeviceLost
    | Stalled
    | Resumed
    | ZeroSound
    | StillPicture
    | BlackPicture
    | PictureChanged
    | Backlog
    | DiskLow
    | BatteryLow
    | DiskFull
    | TakeEnding
    | TakeEnded
)


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """The state of the recorder, read back and not assumed. Counts are of the rolling take, zero when none rolls."""

    rolling: bool = False
    elapsed_s: float = 0.0
    """Since roll, without the pre-roll."""
    frames: int = 0
    """Frames that the encoder has taken."""
    dropped: int = 0
    """Frames that reached the recorder and were not written."""
    samples: int = 0
    """Sound samples per channel handed to the disk."""
    picture_bytes: int = 0
    """Size of the picture file, as the system says."""
    sound_bytes: int = 0
    """Size of the sound file, as the system says."""
    nonzero: bool = False
    """Whether the last second of sound held anything but exact zeros."""
    frame_age_s: float | None = None
    """Since the last frame arrived; None without a camera or before the first."""
    block_age_s: float | None = None
    """Since the last sound arrived; None before the first."""
    backlog_s: float = 0.0
    """How far the encoder is behind."""
    preset: str = ""
    """The encoder's present preset."""
    disk_s: float | None = None
    """Recording time that still fits on the disk; None while unknown."""
    battery: float | None = None
    """Share left of a battery that is low and not being charged; None otherwise."""
    drift_ppm: float | None = None
    """The microphone's clock against the computer's, from the live map."""
    read_ns: int = 0
    """The moment of this reading, on the host clock."""
