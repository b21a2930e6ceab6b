"""Brings the sound of a film to the loudspeaker, a little ahead of what is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Protocol

from perfstudio.capture.devices.sound_run import SoundRun
from perfstudio.capture.devices.speaker import SpeakerState
from perfstudio.capture.playing.film_sound import FRAME_BYTES, FilmSound
from perfstudio.capture.playing.laid_sound import MixedSound
from perfstudio.capture.playing.play_options import PlayOptions

AHEAD_S = 0.3
"""What waits for the loudspeaker: longer than a decoder or the window holds anything up, short enough for a new speed
or volume to be heard at once."""
WAKE_S = 3.0
"""So long a loudspeaker may take to open, and so long again to begin; then the film goes on without it."""
_SILENCE_S = 0.1


class LoudSpeaker(Protocol):
    """The loudspeaker as a film needs it."""

    rate_hz: int
    state: SpeakerState

    def play(self, run: SoundRun) -> None:
        """This from now on."""
        ...

    def hush(self) -> None:
        """Be silent at once."""
        ...

    def try_again(self) -> None:
        """There was none; there may be one now."""
        ...

    def close(self) -> None:
        """Give the device back."""
        ...


MakeSpeaker = Callable[[int], LoudSpeaker]
"""A loudspeaker for sound of so many samples a second, asked for when something is to be heard for the first time."""


class Readiness(Enum):
    """Whether sound can begin."""

    NOT_YET = "not_yet"
    YES = "yes"
    NO = "no"


class SoundFeed:
    """The sound, the loudspeaker, and the stretch that is being played."""

    def __init__(self, sound: FilmSound | MixedSound, make_speaker: MakeSpeaker) -> None:
        self._sound, self._make_speaker = sound, make_speaker
        self._speaker: LoudSpeaker | None = None
        self._asked_ns: int | None = None
        self._begun_ns = 0
        self._blocks: Iterator[bytes] = iter(())
        self.run: SoundRun | None = None

    @property
    def torn_s(self) -> float | None:
        """Where the sound ends although the file tells of more."""
        return self._sound.torn_s

    def ready(self, now_ns: int) -> Readiness:
        """Whether the loudspeaker is there; it is asked for as often as a stretch is to begin."""
        if self._speaker is None:
            self._speaker, self._asked_ns = self._make_speaker(self._sound.rate_hz), now_ns
        elif self._asked_ns is None:
            self._asked_ns = now_ns
            self._speaker.try_again()
        if self._speaker.state is SpeakerState.READY:
            return Readiness.YES
        waits = self._speaker.state is SpeakerState.OPENING and now_ns - self._asked_ns < WAKE_S * 1e9
        return Readiness.NOT_YET if waits else Readiness.NO

    def begin(self, start_s: float, end_s: float, options: PlayOptions, now_ns: int) -> SoundRun:
        """Play from a moment to another; the loudspeaker is ready."""
        assert self._speaker is not None  # noqa: S101 - it said so
        rate = self._speaker.rate_hz
        self._blocks = self._sound.played(start_s, end_s, rate, options)
        self.run, self._asked_ns, self._begun_ns = SoundRun(rate, FRAME_BYTES), None, now_ns
        self.feed()
        self._speaker.play(self.run)
        return self.run

    def feed(self) -> None:
        """Give on what is missing; silence follows the end."""
        run = self.run
        while run is not None and run.waiting_s < AHEAD_S:
            run.put(next(self._blocks, None) or bytes(round(run.rate_hz * _SILENCE_S) * FRAME_BYTES))

    def is_lost(self, now_ns: int) -> bool:
        """Whether what should be heard is not, and will not be."""
        if self.run is None:
            return False
        return self.run.lost or (self.run.heard_s(now_ns) is None and now_ns - self._begun_ns > WAKE_S * 1e9)

    def waits(self, now_ns: int) -> bool:
        """Whether the first sound has not been heard yet."""
        return self.run is not None and self.run.heard_s(now_ns) is None

    def stop(self) -> None:
        """Silence, at once."""
        if self.run is not None and self._speaker is not None:
            self._speaker.hush()
        self.run, self._asked_ns, self._blocks = None, None, iter(())

    def close(self) -> None:
        """Give the device back."""
        self.stop()
        if self._speaker is not None:
            self._speaker.close()
