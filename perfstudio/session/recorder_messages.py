"""What crosses the pipe between the window and the recorder process. Frozen, picklable, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.model.checks import FaceModel, StricterLimit
from perfstudio.model.device import DeviceSelection, DevicesUsed
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.room import RoomMeasured
from perfstudio.model.take import EndReason
from perfstudio.model.timing import Marker, MarkerName

if TYPE_CHECKING:  # the window speaks this language without loading media libraries
    from perfstudio.capture.finished import FinishedTake
    from perfstudio.capture.messages import Notice
    from perfstudio.model.calibration import Outcome
    from perfstudio.session.calibration import Calibration
    from perfstudio.session.developed import Developed


class Purpose(StrEnum):
    """What a recording is for, and so what is made of it after the cut."""

    TAKE = "take"
    ROOM = "room"  # the set-up check: measured, played back, deleted
    CLAPS = "claps"  # calibration by claps: measured, deleted
    PATTERN = "pattern"  # calibration by flashes and clicks: measured, deleted


# commands, from the window


@dataclass(frozen=True, slots=True)
class Open:
    """Open these devices and keep them open; whatever was open is closed first. `face_model` finds the faces."""

    selection: DeviceSelection
    face_model: FaceModel | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """From now on, hint by these limits too: what the pack of the chosen scene asks of the checks, and its title."""

    limits: tuple[StricterLimit, ...] = ()
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """Start a take in a folder that exists; `calibration` is applied when it is developed.

    `limits` is what the pack asks of the checks, live and in the report, and `pack` is its title.
    """

    folder: Path
    calibration: Calibration
    purpose: Purpose = Purpose.TAKE
    limits: tuple[StricterLimit, ...] = ()
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark this moment."""

    name: MarkerName
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """Keep the tail, close the files, develop the take."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class Shut:
    """Let the devices go."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the process. A rolling take is closed first."""


Command = Open | Judge | Roll | Mark | Cut | Shut | Quit

# answers, from the recorder


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has started and listens."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Devices are open; this is what they granted."""

    devices: DevicesUsed


@dataclass(frozen=True, slots=True)
class Regranted:
    """An open camera changed what it gives, between takes."""

    devices: DevicesUsed


@dataclass(frozen=True, slots=True)
class FaceModelRefused:
    """The face model cannot be used; the embedded finder looks in its place."""

    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class OpenRefused:
    """Devices could not be opened."""

    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class Rolled:
    """Both writers have their files and bytes are landing."""


@dataclass(frozen=True, slots=True)
class RollRefused:
    """The take could not be started; nothing was recorded."""

    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class Marked:
    """A moment was marked."""

    marker: Marker


@dataclass(frozen=True, slots=True)
class Developing:
    """A film is being made of pictures that were kept as sent; so much of it is done, 0..1."""

    done: float


@dataclass(frozen=True, slots=True)
class TakeFinished:
    """The take's files are closed and read back: it can be watched. The checks come with TakeDeveloped."""

    folder: Path
    finished: FinishedTake


@dataclass(frozen=True, slots=True)
class TakeDeveloped:
    """The take is closed, read back and checked; the window seals it."""

    folder: Path
    developed: Developed


@dataclass(frozen=True, slots=True)
class RoomDeveloped:
    """The recording of a set-up check is closed, read back and measured."""

    folder: Path
    measured: RoomMeasured


@dataclass(frozen=True, slots=True)
class RoomDropped:
    """A set-up check or a calibration was given up; its raw files are closed."""

    folder: Path


@dataclass(frozen=True, slots=True)
class OffsetMeasured:
    """A recording for calibration is closed and measured."""

    folder: Path
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class DevelopRefused:
    """The raw files are closed but nothing could be made of them."""

    folder: Path
    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of the recorder while rolling or in preview."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class TakeEnding:
    """A device or the disk gave up: the recorder is closing the take by itself, for this reason."""

    problem: PerfstudioError


Answer = (
    Ready
    | Opened
    | Regranted
    | FaceModelRefused
    | OpenRefused
    | Rolled
    | RollRefused
    | Marked
    | Developing
    | TakeFinished
    | TakeDeveloped
    | RoomDeveloped
    | RoomDropped
    | OffsetMeasured
    | DevelopRefused
    | Told
    | TakeEnding
)
