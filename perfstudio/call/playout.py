"""A partner's voice put back in order and in time: frames come when the network lets them, sound is asked for evenly.

A frame is played so far behind the quickest way as most frames need (`arrival_spread`). When that changes, or the two
machines' clocks run apart, frames are left out or played twice in pauses of the voice, and where the difference is
large also within it, a period at a time. What is missing at its turn is filled out of what was heard last. Whatever
comes, no more than MOST_HELD frames are held.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from perfstudio.call import mending
from perfstudio.call.arrival_spread import FRAME_NS, ArrivalSpread
from perfstudio.call.heard_frames import HeardFrames
from perfstudio.call.mending import FRAME, RATE_HZ, SILENCE, Sound

MOST_BEHIND_NS: Final = 500_000_000
"""When for so long nothing has come but frames behind their turn, they are counted anew."""
MOST_HELD: Final = 50
"""Frames: a second of them. What is further ahead is another stream."""
BEHIND_NS, BEFORE_NS = 18_000_000, 4_000_000
"""So far behind and before its moment sound may lie; further, it is brought back in pauses,"""
FAR_NS: Final = 60_000_000
"""and further than this in the middle of a word."""
LOST_NS: Final = 300_000_000
"""Sound that lies so far behind is left out at once: the network stood still, or the other side was mute."""
_PAUSE: Final = 0.15
"""Quieter than so much of the voice is a pause,"""
_STILL: Final = 60.0
"""and so is what is quieter than -55 dBFS."""
_SMOOTH: Final = 0.1


class Playout:
    """`put` from one thread and `take` from another."""

    def __init__(self, decode: Callable[[bytes], Sound]) -> None:
        """`decode` makes FRAME samples of each frame, in order; it may raise ValueError for what is none."""
        self._decode = decode
        self._lock = threading.Lock()
        self._spread = ArrivalSpread()
        self._frames: dict[int, bytes] = {}
        self._next: int | None = None
        self._begun = False
        self._left: Sound = SILENCE[:0]
        self._past: Sound = np.zeros(mending.PAST, np.int16)
        self._hole = 0
        self._behind_ns = 0
        """Since when nothing has come but frames behind their turn; 0: something else has."""
        self._ahead_ns = 0
        self._off_ns = 0.0
        self._voice = 0.0
        self._heard = HeardFrames()

    @property
    def heard(self) -> HeardFrames:
        """What became of the frames."""
        return self._heard

    @property
    def wait_ns(self) -> int:
        """How far behind the quickest way a frame is to be played now."""
        return self._spread.wait_ns + self._ahead_ns

    def put(self, number: int, data: bytes, arrived_ns: int, *, again: bool = False) -> None:
        """A frame; `again`: out of the packet behind its own."""
        with self._lock:
            if self._next is None or number - self._next >= MOST_HELD or self._is_behind(arrived_ns):
                self._restart(number)
            if self._next is not None and number < self._next:
                if not again:
                    self._count(late=1)
                    self._behind_ns = self._behind_ns or arrived_ns
                return
            self._behind_ns = 0
            if not again:
                self._spread.add(number, arrived_ns)
            self._frames.setdefault(number, data)

    def take(self, samples: int, now_ns: int) -> Sound:
        """The next so many samples, which are given to the headphones now."""
        with self._lock:
            asked_ns = round(samples / RATE_HZ * 1e9)
            self._ahead_ns = max(asked_ns, round(self._ahead_ns * (1 - 0.01)))
            parts, held = [self._left], len(self._left)
            while held < samples:
                part = self._frame(now_ns + round(held / RATE_HZ * 1e9))
                self._past = np.concatenate((self._past, part))[-mending.PAST :]
                parts.append(part)
                held += len(part)
            sound = np.concatenate(parts)
            self._left = sound[samples:]
            return sound[:samples]

    def _is_behind(self, arrived_ns: int) -> bool:
        return bool(self._behind_ns) and arrived_ns - self._behind_ns > MOST_BEHIND_NS

    def _restart(self, number: int) -> None:
        self._frames.clear()
        self._spread.forget()
        self._next, self._begun, self._off_ns = number, False, 0.0

    def _frame(self, at_ns: int) -> Sound:
        """The next piece of sound, of which the first sample is given at `at_ns`."""
        while self._next is not None:
            delay_ns = at_ns - self._spread.way_ns - self._next * FRAME_NS
            over_ns = delay_ns - self.wait_ns
            if not self._begun and over_ns < -FRAME_NS // 2:
                break
            self._begun = True
            self._off_ns += _SMOOTH * (over_ns - self._off_ns)
            if over_ns > LOST_NS:
                self._leave_out(over_ns // FRAME_NS)
            elif self._next not in self._frames:
                return self._missing(over_ns)
            elif (sound := self._present(delay_ns)) is not None:
                return sound
        return SILENCE

    def _leave_out(self, count: int) -> None:
        assert self._next is not None  # noqa: S101 - the caller has looked
        self._next += count
        self._off_ns = 0.0
        kept = {number: data for number, data in self._frames.items() if number >= self._next}
        self._count(left_out=len(self._frames) - len(kept))
        self._frames = kept

    def _missing(self, over_ns: int) -> Sound:
        """Gone, when its time is over and one behind it is there; else it may still come."""
        assert self._next is not None  # noqa: S101 - the caller has looked
        if self._frames and over_ns >= 0:
            self._next += 1
        if self._hole < mending.FILLED:
            self._count(filled=1)
        sound = mending.filled(self._past, self._hole)
        self._hole += 1
        return sound

    def _present(self, delay_ns: int) -> Sound | None:
        """The frame whose turn it is; None where it is left out."""
        assert self._next is not None  # noqa: S101 - the caller has looked
        data = self._frames.pop(self._next)
        try:
            sound = self._decode(data)
        except ValueError:
            sound = SILENCE
        self._next += 1
        self._heard = replace(self._heard, delay_ns=delay_ns)
        loud = mending.loudness(sound)
        self._voice = max(loud, self._voice * 0.998)
        quiet = loud < max(_STILL, _PAUSE * self._voice)
        if quiet and self._off_ns > BEHIND_NS:
            self._moved(-FRAME_NS)
            self._count(left_out=1)
            return None
        if self._hole:
            sound = mending.faded(mending.filled(self._past, self._hole), sound)
            self._hole = 0
        self._count(played=1)
        return self._fitted(sound, quiet=quiet)

    def _fitted(self, sound: Sound, *, quiet: bool) -> Sound:
        """A little shorter or longer, where it lies too far from its moment."""
        if quiet and self._off_ns < -BEFORE_NS:
            self._moved(FRAME_NS)
            self._count(doubled=1)
            return np.concatenate((sound, mending.faded(sound[-FRAME // 4 :], sound)))
        if abs(self._off_ns) < FAR_NS:
            return sound
        other = mending.shorter(self._past, sound) if self._off_ns > 0 else mending.longer(self._past, sound)
        self._moved(round((len(other) - len(sound)) / RATE_HZ * 1e9))
        return other

    def _moved(self, by_ns: int) -> None:
        """What follows is played so much later."""
        self._off_ns += by_ns

    def _count(self, **more: int) -> None:
        self._heard = replace(self._heard, **{name: getattr(self._heard, name) + int(n) for name, n in more.items()})
