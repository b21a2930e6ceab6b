"""The partner's voice: packets from the line, sound for the headphones."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

import av
import numpy as np

from perfstudio.call.heard_frames import HeardFrames
from perfstudio.call.mending import FRAME, RATE_HZ, SILENCE, Sound, loudness
from perfstudio.call.opus import Frames, VoiceDecoder, unpacked
from perfstudio.call.playout import Playout
from perfstudio.model.clock import host_ns

MOST_PACKETS_A_S: Final = 150
"""Three times what an honest side sends; what is more is not looked at."""


class VoiceIn:
    """`arrived` on the line's thread, `ask` on the sound system's."""

    def __init__(self, clock: Callable[[], int] = host_ns) -> None:
        self._clock = clock
        self._playout = Playout(VoiceDecoder().sound)
        self._rate: _OtherRate | None = None
        self._second_ns, self._packets = 0, 0
        self.nonsense = 0
        """Packets that were none of ours, or too many."""
        self.loudest = 0.0
        """Of what was given to the headphones since somebody last set this to nought, 0..32768."""

    @property
    def heard(self) -> HeardFrames:
        """What became of the frames until now."""
        return self._playout.heard

    def arrived(self, data: bytes) -> None:
        """A packet of the line, whatever is in it."""
        now = self._clock()
        if now - self._second_ns >= 1_000_000_000:
            self._second_ns, self._packets = now, 0
        self._packets += 1
        frames = _frames(data) if self._packets <= MOST_PACKETS_A_S else None
        if frames is None:
            self.nonsense += 1
            return
        self._playout.put(frames.number, frames.this, now)
        if frames.before and frames.number:
            self._playout.put(frames.number - 1, frames.before, now, again=True)

    def ask(self, frames: int, rate_hz: int) -> bytes:
        """The next so many frames for headphones of this rate: 16 bits, the same left and right."""
        now = self._clock()
        if rate_hz == RATE_HZ:
            sound = self._playout.take(frames, now)
        else:
            if self._rate is None or self._rate.rate_hz != rate_hz:
                self._rate = _OtherRate(rate_hz)
            sound = self._rate.take(frames, lambda count: self._playout.take(count, now))
        self.loudest = max(self.loudest, loudness(sound))
        return np.repeat(sound, 2).astype("<i2").tobytes()


def _frames(data: bytes) -> Frames | None:
    try:
        return unpacked(data)
    except ValueError:
        return None


class _OtherRate:
    """Headphones that do not run at 48 kHz."""

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
        self._left: Sound = SILENCE[:0]
        self._given = 0

    def take(self, frames: int, more: Callable[[int], Sound]) -> Sound:
        while len(self._left) < frames:
            piece = av.AudioFrame.from_ndarray(more(FRAME // 2)[None, :], format="s16", layout="mono")
            piece.sample_rate, piece.pts, piece.time_base = RATE_HZ, self._given, Fraction(1, RATE_HZ)
            self._given += FRAME // 2
            made = [frame.to_ndarray().reshape(-1) for frame in self._resampler.resample(piece)]
            self._left = np.concatenate((self._left, *made))
        sound, self._left = self._left[:frames], self._left[frames:]
        return sound
