"""What crosses the pipe between the process of a line and whoever started it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perfstudio.call.heard_frames import HeardFrames
from perfstudio.model.call_ways import NO_SERVERS, CallWays
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.pair import ClocksProblem

LINGER_S: Final = 3.0
"""So long a side that has heard enough answers the other, which may have begun a little later."""

BY_HAND_S: Final = 600.0
"""So long the side that answers by hand waits for the other to hear of it: as long as a code is good."""


@dataclass(frozen=True, slots=True)
class LineOrder:
    """To the process: what it is to do."""

    first: bool
    """Whether this side begins, and the other answers."""
    seconds: float
    """How long to measure once the line stands."""
    ways: CallWays = NO_SERVERS
    """No server is asked that is not named here."""
    by_hand: bool = False
    """What is said of this side is handed over by a person, and so heard minutes later."""


@dataclass(frozen=True, slots=True)
class PeerSaid:
    """To the process: how the other side can be reached."""

    text: str


@dataclass(frozen=True, slots=True)
class Described:
    """From it: how this side can be reached."""

    text: str


@dataclass(frozen=True, slots=True)
class LineOpen:
    """From it: the line stands."""


@dataclass(frozen=True, slots=True)
class SayPaper:
    """To the process: a document that the other side is to hear."""

    text: bytes


@dataclass(frozen=True, slots=True)
class PaperCame:
    """From it: a document that the other side said."""

    text: bytes


@dataclass(frozen=True, slots=True)
class AllSaid:
    """To the process: nothing more is to be agreed on; it goes on with its order."""


@dataclass(frozen=True, slots=True)
class LineMeasured:
    """From it: what the line is like. `problem`: the clocks could not be laid on each other."""

    bound_s: float = 0.0
    """Two takes that were made now could be laid on each other within this, in seconds."""
    round_trip_s: float = 0.0
    """The least that a message took there and back."""
    pings: int = 0
    """How many went out."""
    unanswered: int = 0
    """Those of them to which no answer came."""
    offset_ns: int = 0
    """How far the other side's clock was ahead of one's own when the measuring began, give or take `bound_s`."""
    problem: ClocksProblem | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """From it, and its last word: why there is no line."""

    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class MediaOrder:
    """What is heard over the line, and where."""

    microphone: str
    """The name of the ring into which the recorder copies what the microphone gives."""
    headphones: str
    """By id, and"""
    called: str = ""
    """their name, where it is known."""


@dataclass(frozen=True, slots=True)
class PlayOrder:
    """To the process, in the place of a `LineOrder`: hold the line while a take is made."""

    first: bool
    ways: CallWays = NO_SERVERS
    media: MediaOrder | None = None
    """None: the line carries no voice."""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Speak:
    """To the process: send one's own voice from now on, or none. Until it is told, none is sent."""

    on: bool


@dataclass(frozen=True, slots=True)
class VoiceNow:
    """From the process, ten times a second: the partner's voice."""

    loud: float
    """The loudest 10 ms since the last of these as a share of full scale, root of the mean square."""
    heard: HeardFrames
    """What became of all that came."""
    mute: bool = False
    """The partner said that they are."""


@dataclass(frozen=True, slots=True)
class MediaTrouble:
    """From the process: microphone or headphones are not there for the line. It goes on without them."""

    problem: PerfstudioError


@dataclass(frozen=True, slots=True)
class Hello:
    """To the process: this side is ready to roll. From it: the other side is."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Agreed:
    """From the process: the moment both begin at, on the clock of this machine."""

    start_ns: int


@dataclass(frozen=True, slots=True)
class HasCut:
    """To the process: this side has cut. From it: the other side has."""


@dataclass(frozen=True, slots=True)
class LineQuiet:
    """From the process: nothing has come of the other side for some seconds; or it comes again. The line is kept."""

    quiet: bool


@dataclass(frozen=True, slots=True)
class LineDown:
    """From the process: nothing comes through any more. The take goes on."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """From the process, every second: records of pings, as in duet-pings.bin, that are new."""

    records: bytes
    pings: int
    """How many pings were sent until now."""


@dataclass(frozen=True, slots=True)
class Parted:
    """From the process, and its last word: all is told."""
