"""When everything was last seen, read from the streams and the files of the take: what the watchdogs look at."""

from __future__ import annotations

from perfstudio.capture.recording.messages import Stream
from perfstudio.capture.recording.picture_intake import PictureIntake
from perfstudio.capture.recording.rolling_take import RollingTake
from perfstudio.capture.recording.sound_intake import SoundIntake
from perfstudio.capture.recording.watchdogs import Sighting
from perfstudio.model.clock import host_ns


class Sightings:
    """Remembers since when each file of a take has not grown."""

    def __init__(self) -> None:
        self._grown: dict[Stream, tuple[int, int]] = {}

    def clear(self) -> None:
        """Another take."""
        self._grown.clear()

    def now(self, sound: SoundIntake | None, pictures: PictureIntake | None, take: RollingTake | None) -> Sighting:
        """A look at all of it."""
        now, video = host_ns(), take.video if take else None
        return Sighting(
            now_ns=now,
            frame_ns=pictures.arrived_ns if pictures else None,
            block_ns=sound.arrived_ns if sound else None,
            nonzero_ns=sound.nonzero_ns if sound else None,
            changed_ns=pictures.changed_ns if pictures else None,
            bright_ns=pictures.bright_ns if pictures else None,
            picture_grown_ns=self._grew(Stream.PICTURE, video.written_bytes(), now) if video else None,
            sound_grown_ns=self._grew(Stream.SOUND, take.audio.file.size(), now) if take else None,
        )

    def _grew(self, stream: Stream, size: int, now: int) -> int:
        before, since = self._grown.get(stream, (-1, now))
        if size != before:
            since = now
        self._grown[stream] = (size, since)
        return since
