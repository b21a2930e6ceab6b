"""Whether the files of the rolling take grow: sizes that were read back, on the clock of whoever read them.

Only looks that happened count. Between two that lie far apart no more than LONGEST_STEP_S is counted as standing still,
so that neither a window nor a recorder that was held up takes its own lateness for a disk that does not write.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from perfstudio.capture.recording.messages import RecorderStatus, Stream
from perfstudio.model.loss_limits import ARRIVING_S, BEHIND_S, LONGEST_STEP_S, UNWRITTEN_S


@dataclass(slots=True)
class _File:
    """One file, as it was last seen."""

    size: int = -1
    grew_s: float = 0.0
    still_s: float = 0.0
    """How long it has been seen not to grow while material waited."""

    def look(self, read_s: float, step_s: float, size: int, age_s: float | None) -> None:
        nothing_to_write = age_s is None or age_s >= ARRIVING_S
        if size != self.size or nothing_to_write:
            self.size, self.grew_s, self.still_s = size, read_s, 0.0
        elif age_s is not None and read_s - age_s > self.grew_s:  # something came after it had grown
            self.still_s += step_s


@dataclass(slots=True)
class FileGrowth:
    """Feed it every status that is looked at; the same one twice is one look."""

    _read_s: float | None = None
    _sound: _File = field(default_factory=_File)
    _picture: _File = field(default_factory=_File)
    _frames: int = -1
    _idle_s: float = 0.0
    """How long the encoder has been seen to take no frame."""
    _slow: bool = False

    def look(self, status: RecorderStatus) -> None:
        """Take in a status."""
        if not status.rolling:
            self.clear()
            return
        read_s = status.read_ns * 1e-9
        step_s = 0.0 if self._read_s is None else min(read_s - self._read_s, LONGEST_STEP_S)
        self._read_s = read_s
        self._sound.look(read_s, step_s, status.sound_bytes, status.block_age_s)
        self._picture.look(read_s, step_s, status.picture_bytes, status.frame_age_s)
        self._idle_s = 0.0 if status.frames != self._frames else self._idle_s + step_s
        self._frames = status.frames
        self._slow = status.backlog_s >= ARRIVING_S and self._idle_s < ARRIVING_S

    def clear(self) -> None:
        """Another take."""
        self._read_s, self._sound, self._picture = None, _File(), _File()
        self._frames, self._idle_s, self._slow = -1, 0.0, False

    @property
    def still_s(self) -> dict[Stream, float]:
        """For how long material has been waiting for each file that does not grow."""
        return {Stream.SOUND: self._sound.still_s, Stream.PICTURE: self._picture.still_s}

    @property
    def unwritten(self) -> dict[Stream, float]:
        """The files that are not being written, and for how long: with the one also the other, if it is about to be.

        An encoder that is behind and goes on taking frames is slow, and the disk is not to blame, for a while.
        """
        limits = {Stream.SOUND: UNWRITTEN_S, Stream.PICTURE: BEHIND_S if self._slow else UNWRITTEN_S}
        over_s = {stream: still_s - limits[stream] for stream, still_s in self.still_s.items()}
        if max(over_s.values()) < 0.0:
            return {}
        return {stream: self.still_s[stream] for stream, by_s in over_s.items() if by_s >= -2 * LONGEST_STEP_S}
