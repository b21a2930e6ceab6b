"""A statement that was read aloud, as it is signed with; and what is said of a reading that was cut short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perfstudio.model.base import sha256_hex
from perfstudio.model.errors import CaptureError, ConsentError, DeviceError, ErrorCode, PerfstudioError
from perfstudio.model.spoken import SpokenStatement

_BY_ITSELF: Final = {
    ErrorCode.RECORDER_DIED: "recorder_stopped",
    ErrorCode.RECORDER_STUCK: "recorder_stopped",
    ErrorCode.COMPUTER_SLEPT: "computer_slept",
}


@dataclass(frozen=True, slots=True)
class ReadAloud:
    """A recording in which a voice was heard, ready to be kept; and the words that were to be read."""

    sound: bytes
    """The FLAC file."""
    duration_s: float
    text: str
    language: str

    def statement(self) -> SpokenStatement:
        """What the record says of it."""
        return SpokenStatement(
            sha256=sha256_hex(self.sound),
            size=len(self.sound),
            duration_s=self.duration_s,
            text=self.text,
            language=self.language,
        )


def cut_short(problem: PerfstudioError) -> PerfstudioError:
    """What is said of a reading that a device or the disk has ended. Of a take it is said what is safe of it; of a
    reading nothing is kept. What is wrong with the reading itself stays as it is.
    """
    if isinstance(problem, ConsentError):
        return problem
    if isinstance(problem, DeviceError):
        return ConsentError(ErrorCode.SPOKEN_CUT_SHORT, problem="microphone_went")
    if isinstance(problem, CaptureError):
        return ConsentError(ErrorCode.SPOKEN_CUT_SHORT, problem=_BY_ITSELF.get(problem.code, "disk_refused"))
    return ConsentError(ErrorCode.SPOKEN_CUT_SHORT)
