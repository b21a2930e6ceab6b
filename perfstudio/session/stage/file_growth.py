"""Whether the files of the rolling take grow: sizes that were read back, on the window's own clock.

A recorder that hangs in the disk says the same again and again, so its word for "how long ago" is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from perfstudio.capture.recording.messages import RecorderStatus, Stream
from perfstudio.session.stage.signal_loss import FRESH_S


@dataclass(slots=True)
class Growth:
    """Feed it every status that is looked at."""

    _seen: dict[Stream, tuple[int, float]] = field(default_factory=dict)

    def look(self, status: RecorderStatus, at_s: float) -> dict[Stream, float]:
        """For how many seconds material has arrived and each file has not grown. `at_s` only goes forward."""
        if not status.rolling:
            self._seen.clear()
            return {}
        sound = self._still_s(Stream.SOUND, status.sound_bytes, status.block_age_s, at_s)
        picture = self._still_s(Stream.PICTURE, status.picture_bytes, status.frame_age_s, at_s)
        return {Stream.SOUND: sound, Stream.PICTURE: picture}

    def _still_s(self, stream: Stream, size: int, age_s: float | None, at_s: float) -> float:
        before, since_s = self._seen.get(stream, (-1, at_s))
        if size != before or age_s is None or age_s >= FRESH_S:  # it grew, or there was nothing to write
            since_s = at_s
        self._seen[stream] = size, since_s
        return at_s - since_s
