"""A room as the set-up check measured it: codes and numbers. No picture, no face, no voice is kept in it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.dates import Moment
from perfstudio.model.device import DevicesUsed
from perfstudio.model.timing import Span


class RoomPart(StrEnum):
    """The recorded parts of the check, in their order; also the note of the mark at which each begins."""

    TONE = "tone"  # two seconds of nobody
    LOUD = "loud"
    SOFT = "soft"
    PLAY = "play"  # five seconds as in the scene: what is played back


class RoomTopic(StrEnum):
    """What is judged, in the order in which it is shown. The comment names the first check of its reading."""

    ROOM = "room"  # NOISE_FLOOR of the tone
    LOUD = "loud"  # TRUE_PEAK of the loud line; headroom_db
    SOFT = "soft"  # SNR of the soft line over the tone
    MICROPHONE = "microphone"  # BANDWIDTH, ZEROS …
    FRAMING = "framing"  # FACE_SIZE, HEADROOM, CENTRING …
    LIGHT = "light"  # BRIGHTNESS, BACKLIGHT, COLOUR_CAST …
    CAMERA = "camera"  # FRAME_RATE, FOCUS …
    SYNC = "sync"  # SYNC; calibrated


class RoomReading(Document):
    """One topic: the checks that belong to it. A set-up is good or worth a look; nothing is ever lost by it."""

    topic: RoomTopic
    checks: tuple[CheckResult, ...] = Field(min_length=1)

    @property
    def verdict(self) -> Verdict:
        """GOOD when all are good."""
        return self.telling.verdict

    @property
    def telling(self) -> CheckResult:
        """The check to speak of: the first that wants a look, else the first."""
        return next((c for c in self.checks if c.verdict is not Verdict.GOOD), self.checks[0])


class RoomKey(Document):
    """The devices of a room in their modes. Another size or rate sees and hears differently, so it stands alone."""

    camera: str
    """Empty for sound only."""
    width: int
    height: int
    microphone: str
    rate_hz: int
    channels: int


class RoomProfile(Document):
    """What one set-up check measured. The same devices stand for the same room: a laptop that was carried into another
    one shows itself in what changed."""

    measured_utc: Moment
    key: RoomKey
    character: str = ""
    """"pack/brief" of the character it was made for, or empty."""
    readings: tuple[RoomReading, ...]

    def checks(self) -> tuple[CheckResult, ...]:
        """All checks of all topics."""
        return tuple(check for reading in self.readings for check in reading.checks)


class RoomBook(Document):
    """rooms.json in the home folder, oldest first."""

    format: Literal["perfstudio-rooms/1"] = "perfstudio-rooms/1"
    profiles: tuple[RoomProfile, ...] = ()


class RoomMeasured(Document):
    """What the recorder made of a set-up recording: readings, and where in take.mp4 (or audio.flac) to play."""

    readings: tuple[RoomReading, ...]
    play: Span
    duration_s: float
    pictured: bool

    def check(self, code: CheckCode) -> CheckResult | None:
        """One check by its code."""
        return next((c for r in self.readings for c in r.checks if c.code is code), None)


def room_key(devices: DevicesUsed) -> RoomKey | None:
    """The key of opened devices; None without a microphone."""
    camera, microphone = devices.camera, devices.microphone
    if microphone is None:
        return None
    return RoomKey(
        camera=camera.id if camera else "",
        width=camera.width if camera else 0,
        height=camera.height if camera else 0,
        microphone=microphone.id,
        rate_hz=microphone.rate_hz,
        channels=microphone.channels,
    )
