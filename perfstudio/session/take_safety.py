"""What is being lost of the take that rolls, how serious that is and since when, and whether it reaches the disk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from perfstudio.capture.recording.messages import Notice, Stream


class Seriousness(IntEnum):
    """How soon somebody who plays has to hear of it."""

    LOST = 0  # at once: what is played now is not kept
    ENDS = 1  # at once: the take ends, or is about to
    NOTE = 2  # once the take is safe: nothing is lost by it


class LossKind(StrEnum):
    """What can be said of a take that rolls, the most serious first."""

    CAMERA_LOST = "camera_lost"  # gone for good; this and the next three end the take
    MICROPHONE_LOST = "microphone_lost"
    DISK_REFUSES = "disk_refuses"  # full, or it failed
    ENDING = "ending"  # for any other reason
    UNHEARD = "unheard"  # the recorder does not say how it is
    UNWRITTEN = "unwritten"  # what arrives does not reach the disk
    NO_SOUND = "no_sound"  # nothing arrives from the microphone
    MUTED = "muted"  # only exact zeros arrive
    SOUND_UNWRITTEN = "sound_unwritten"
    NO_PICTURE = "no_picture"  # nothing arrives from the camera
    PICTURE_UNWRITTEN = "picture_unwritten"
    BLACK = "black"
    STILL = "still"  # the camera repeats one picture
    DISK_ENDS = "disk_ends"  # it is nearly full
    DISK_LOW = "disk_low"
    BACKLOG = "backlog"  # the encoder was behind and works faster now
    PICTURE_CHANGED = "picture_changed"
    BATTERY_LOW = "battery_low"
    ENDED = "ended"  # a take that ended by itself is closed


_ENDS = {
    LossKind.CAMERA_LOST, LossKind.MICROPHONE_LOST, LossKind.DISK_REFUSES, LossKind.ENDING, LossKind.DISK_ENDS,
}  # fmt: skip
_NOTES = {
    LossKind.DISK_LOW, LossKind.BACKLOG, LossKind.PICTURE_CHANGED, LossKind.BATTERY_LOW, LossKind.ENDED,
}  # fmt: skip
SERIOUSNESS = {
    kind: Seriousness.ENDS if kind in _ENDS else Seriousness.NOTE if kind in _NOTES else Seriousness.LOST
    for kind in LossKind
}

UNWRITTEN = (LossKind.UNWRITTEN, LossKind.SOUND_UNWRITTEN, LossKind.PICTURE_UNWRITTEN)
"""Not more than one of these is said at a time."""


@dataclass(frozen=True, slots=True)
class TakeLoss:
    """One thing to say of the rolling take."""

    kind: LossKind
    since_s: float
    """When it began, on the clock of whoever feeds the judge."""
    notice: Notice | None = None
    """The recorder's word for it, where there is one."""

    @property
    def of_a_take(self) -> bool:
        """Whether its words are of a take, and mean nothing after a set-up check or a calibration."""
        return self.kind in (LossKind.BACKLOG, LossKind.ENDED)

    @property
    def seriousness(self) -> Seriousness:
        """How soon it has to be heard."""
        return SERIOUSNESS[self.kind]


@dataclass(frozen=True, slots=True)
class TakeSafety:
    """The take at one moment. Without a take that rolls: nothing is written, and nothing is lost."""

    written: bool = False
    """All that arrived in the last moments is on the disk, by sizes that were read back; sound is more than zeros."""
    losses: tuple[TakeLoss, ...] = ()
    """What is being lost, the most serious first."""
    missing: frozenset[Stream] = frozenset()
    """Streams that do not arrive, or do not reach the disk."""
    behind: bool = False
    """Pictures wait in memory for an encoder that is slow."""
    heard: bool = True
    """The recorder has said how it is within the last second."""

    @property
    def loss(self) -> TakeLoss | None:
        """The one to say."""
        return self.losses[0] if self.losses else None
