"""Whether the rolling take is being lost: the only reasons to speak to somebody who plays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfstudio.model.checks import CheckCode
from perfstudio.session.views import Pulse

FRESH_S = 1.0
"""What has arrived within this time is arriving."""
GROWN_S = 1.5
"""Files grow some six times a second; one that has not for so long is not being written. A disk that syncs holds a
write up for a second now and then, and nobody who plays needs to hear of that."""
NO_SOUND_S = 1.5
NO_PICTURE_S = 2.5
"""Silence of a device that is said. A camera that is slow in poor light is not silent."""
NEARLY_FULL_S, FREE_AGAIN_S = 120.0, 180.0
"""Recording time left on the disk at which it is said, and at which it is said no longer."""
STAYS_S = 3.0
"""What is said stays this long after it is over, so that what comes and goes does not flicker."""


class Loss(StrEnum):
    """What loses a take, the most serious first."""

    UNWRITTEN = "unwritten"  # what arrives does not reach the disk
    NO_SOUND = "no_sound"  # nothing arrives from the microphone
    MUTED = "muted"  # only exact zeros arrive
    SOUND_UNWRITTEN = "sound_unwritten"
    NO_PICTURE = "no_picture"  # nothing arrives from the camera
    PICTURE_UNWRITTEN = "picture_unwritten"
    BLACK = "black"
    STILL = "still"  # the camera repeats one picture
    DISK = "disk"  # nearly full


_ORDER = tuple(Loss)
_HINTS = {CheckCode.ZEROS: Loss.MUTED, CheckCode.BLACK: Loss.BLACK, CheckCode.FROZEN: Loss.STILL}


@dataclass(slots=True)
class LossWatch:
    """Feed it every pulse of a rolling take; it answers with the one thing to say, or nothing."""

    _shown: Loss | None = None
    _seen_s: float = 0.0

    def look(self, pulse: Pulse, at_s: float) -> Loss | None:
        """`at_s` is seconds on any clock that only goes forward."""
        found = self._found(pulse)
        graver = found is not None and (self._shown is None or _ORDER.index(found) <= _ORDER.index(self._shown))
        if graver or at_s - self._seen_s > STAYS_S:
            self._shown = found
        if found is not None and found is self._shown:
            self._seen_s = at_s
        return self._shown

    def forget(self) -> None:
        """Another take."""
        self._shown = None

    def _found(self, pulse: Pulse) -> Loss | None:
        hint = pulse.reading.hint
        known = _HINTS.get(hint.code) if hint is not None else None
        low = FREE_AGAIN_S if self._shown is Loss.DISK else NEARLY_FULL_S
        sound, picture = pulse.sound_unwritten_s >= GROWN_S, pulse.picture_unwritten_s >= GROWN_S
        found = {
            Loss.UNWRITTEN: sound and picture,
            Loss.SOUND_UNWRITTEN: sound,
            Loss.PICTURE_UNWRITTEN: picture,
            Loss.NO_SOUND: pulse.sound_age_s is not None and pulse.sound_age_s > NO_SOUND_S,
            Loss.NO_PICTURE: pulse.picture_age_s is not None and pulse.picture_age_s > NO_PICTURE_S,
            Loss.DISK: pulse.disk_s is not None and pulse.disk_s < low,
        }
        return next((loss for loss in Loss if found.get(loss, loss is known)), None)
