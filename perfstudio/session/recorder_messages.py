"""What crosses the pipe between the window and the recorder process. Frozen, picklable, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.model.checks import FaceModel, StricterLimit
from perfstudio.model.device import DeviceSelection, DevicesUsed
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.partner import PartnerReady, PartnerWish
from perfstudio.model.room import RoomMeasured
from perfstudio.model.take import EndReason
from perfstudio.model.timing import Marker, MarkerName

if TYPE_CHECKING:  # the window speaks this language without loading media libraries
    from perfstudio.capture.finishing.finished_take import FinishedTake
    from perfstudio.capture.recording.messages import Notice, Stream
    from perfstudio.model.calibration import Outcome
    from perfstudio.model.loopback import LoopbackFound, LoopbackRefusal
    from perfstudio.session.offset_store import OffsetStore
    from perfstudio.session.takes.processed_take import ProcessedTake


class Purpose(StrEnum):
    """What a recording is for, and so what is made of it after the cut."""

    TAKE = "take"
    ROOM = "room"  # the set-up check: measured, played back, deleted
    CLAPS = "claps"  # calibration by claps: measured, deleted
    PATTERN = "pattern"  # calibration by flashes and clicks: measured, deleted
    LOOPBACK = "loopback"  # clicks from headphones to the microphone: measured, deleted
    SPOKEN = "spoken"  # a statement that is read aloud: its sound is kept with the consent, or deleted


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording, from its Roll to the answer that closes it: every word about it says which one is meant."""

    purpose: Purpose
    folder: Path


# commands, from the window


@dataclass(frozen=True, slots=True)
class Open:
    """Open these devices and keep them open; whatever was open is closed first. `face_model` finds the faces.

    `opening` numbers it; what is said of the devices carries the number.
    """

    opening: int
    selection: DeviceSelection
    face_model: FaceModel | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """From now on, hint by these limits too: what the pack of the chosen scene asks of the checks, and its title."""

    limits: tuple[StricterLimit, ...] = ()
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """Get ready to play this clip in these headphones while takes roll, from their "go" on; None: nobody is heard.

    Shut and Open let go of both. PartnerStands answers, of a clip that was asked for.
    """

    wish: PartnerWish | None


@dataclass(frozen=True, slots=True)
class Roll:
    """Start a recording in a folder that exists; `calibration` is applied when it is developed.

    `limits` is what the pack asks of the checks, live and in the report, and `pack` is its title.
    """

    recording: Recording
    calibration: OffsetStore
    limits: tuple[StricterLimit, ...] = ()
    pack: str = ""
    headphones: tuple[str, str] = ("", "")
    """In which the clicks of a LOOPBACK are played: id and name."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark this moment of a recording. Ignored when it does not roll."""

    recording: Recording
    name: MarkerName
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """Keep the tail, close the files, make of it what its purpose asks for. Ignored when it does not roll.

    Anything but a take that is cut as ABANDONED is dropped.
    """

    recording: Recording
    reason: EndReason


@dataclass(frozen=True, slots=True)
class Shut:
    """Let the devices go."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the process. A rolling take is closed first."""


Command = Open | Judge | Partner | Roll | Mark | Cut | Shut | Quit

# answers, from the recorder: about devices


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has started and listens."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Devices are open; this is what they granted."""

    opening: int
    devices: DevicesUsed


@dataclass(frozen=True, slots=True)
class Regranted:
    """An open camera changed what it gives, between takes."""

    opening: int
    devices: DevicesUsed


@dataclass(frozen=True, slots=True)
class OpeningSlow:
    """A device takes long to open; `now` off: no more, it is open or has failed."""

    opening: int
    stream: Stream
    now: bool = True


@dataclass(frozen=True, slots=True)
class OpenRefused:
    """Devices could not be opened."""

    opening: int
    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class PartnerStands:
    """How the partner's clip stands: ready to be heard, or the reason why it is not, or not any more."""

    opening: int
    ready: PartnerReady | None = None
    problem: PerfstudioError | None = None


@dataclass(frozen=True, slots=True)
class FaceModelRefused:
    """The face model cannot be used; the embedded finder looks in its place."""

    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class RecorderNotice:
    """A notice of the recorder while rolling or in preview."""

    notice: Notice
    opening: int = 0
    recording: Recording | None = None
    """What was in hand at that moment."""


# answers, from the recorder: about a recording. After Rolled exactly one of CLOSING follows, and it is the last.


@dataclass(frozen=True, slots=True)
class Rolled:
    """Both writers have their files and bytes are landing."""

    recording: Recording


@dataclass(frozen=True, slots=True)
class RollRefused:
    """The recording could not be started; nothing was recorded."""

    recording: Recording
    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class Marked:
    """A moment was marked."""

    recording: Recording
    marker: Marker


@dataclass(frozen=True, slots=True)
class RecordingEnding:
    """A device or the disk gave up: the recorder is closing the recording by itself, for this reason."""

    recording: Recording
    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class Processing:
    """A film is being made of pictures that were kept as sent; so much of it is done, 0..1."""

    recording: Recording
    done: float


@dataclass(frozen=True, slots=True)
class TakeWatchable:
    """The take's files are closed and read back: it can be watched. The checks come with TakeDeveloped."""

    recording: Recording
    finished: FinishedTake


@dataclass(frozen=True, slots=True)
class TakeProcessed:
    """The take is closed, read back and checked; the window seals it."""

    recording: Recording
    developed: ProcessedTake


@dataclass(frozen=True, slots=True)
class RoomProcessed:
    """The recording of a set-up check is closed, read back and measured."""

    recording: Recording
    measured: RoomMeasured


@dataclass(frozen=True, slots=True)
class OffsetMeasured:
    """A recording for calibration is closed and measured."""

    recording: Recording
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ClicksMeasured:
    """Clicks from headphones to the microphone are recorded and measured."""

    recording: Recording
    outcome: LoopbackFound | LoopbackRefusal


@dataclass(frozen=True, slots=True)
class SpokenRecorded:
    """The sound of a statement is closed, as it was recorded."""

    recording: Recording
    sound: Path


@dataclass(frozen=True, slots=True)
class RecordingDropped:
    """Nothing is made of it: it was given up, or its devices were closed under it. Its raw files are closed."""

    recording: Recording


@dataclass(frozen=True, slots=True)
class ProcessingRefused:
    """The raw files are closed but nothing could be made of them."""

    recording: Recording
    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class RecorderDied:
    """The process ended before it had closed the recording. Said by the window's end; crosses no pipe."""

    recording: Recording


@dataclass(frozen=True, slots=True)
class Displaced:
    """Another recording was asked for, and this one has been given up for it. Said by the window's end."""

    recording: Recording


AboutRecording = (
    Rolled
    | RollRefused
    | Marked
    | RecordingEnding
    | Processing
    | TakeWatchable
    | TakeProcessed
    | RoomProcessed
    | OffsetMeasured
    | ClicksMeasured
    | SpokenRecorded
    | RecordingDropped
    | ProcessingRefused
    | RecorderDied
    | Displaced
)
CLOSING = (
    RollRefused, TakeProcessed, RoomProcessed, OffsetMeasured, ClicksMeasured, SpokenRecorded, RecordingDropped,
    ProcessingRefused, RecorderDied,
)  # fmt: skip
AboutDevices = Opened | Regranted | OpenRefused | OpeningSlow | PartnerStands | RecorderNotice
Answer = Ready | FaceModelRefused | AboutDevices | AboutRecording
