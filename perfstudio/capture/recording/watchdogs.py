"""Watching time itself: what has not arrived, not changed, not grown. Status flags of drivers are not asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perfstudio.capture.recording.messages import (
    BlackPicture,
    NotGrowing,
    Notice,
    Resumed,
    Stalled,
    StillPicture,
    Stream,
    ZeroSound,
)

STALL_S: Final = {Stream.PICTURE: 1.8, Stream.SOUND: 0.9}
"""Silence that is said: of a camera within two seconds, of a microphone within one. A camera that is merely slow, in
poor light, is not silent. A device that reports itself gone ends the take at once, whatever stands here."""
PAUSE_S: Final = 0.5
"""What comes back is steady once it comes without longer pauses ..."""
STEADY_S: Final = 2.0
"""... for so long, and twice as long after each stall, up to a minute: what comes and goes is said rarely."""
ZERO_S: Final = 1.5
STILL_S: Final = 2.5
BLACK_S: Final = 2.5
GROWTH_S: Final = 5.0
"""Each file is flushed several times a second; fragments of picture and frames of sound are shorter than that."""


Trouble = tuple[type[ZeroSound] | type[StillPicture] | type[BlackPicture], float]
"""What lasts, and the seconds after which it is said."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The moments (host ns) at which things were last seen; None: not yet, or not there."""

    now_ns: int
    frame_ns: int | None = None
    block_ns: int | None = None
    nonzero_ns: int | None = None
    changed_ns: int | None = None
    bright_ns: int | None = None
    picture_grown_ns: int | None = None
    sound_grown_ns: int | None = None


@dataclass(slots=True)
class _Stall:
    """A stream that stands still: since when, and since when it comes steadily again."""

    since_ns: int
    back_ns: int | None = None


class Watchdogs:
    """Turns sightings into notices: one when a trouble begins, one when it is really over."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self._stalls: dict[Stream, _Stall] = {}
        self._steady_s = dict.fromkeys(Stream, STEADY_S)

    def look(self, seen: Sighting) -> list[Notice]:
        """Compare with the last look. Call about ten times a second."""
        out: list[Notice] = []
        self._stall(out, seen, Stream.PICTURE, seen.frame_ns)
        self._stall(out, seen, Stream.SOUND, seen.block_ns)
        # What does not arrive at all is a stall, not a still picture or a muted microphone.
        self._lasting(out, seen.block_ns, seen.nonzero_ns, (ZeroSound, ZERO_S))
        self._lasting(out, seen.frame_ns, seen.changed_ns, (StillPicture, STILL_S))
        self._lasting(out, seen.frame_ns, seen.bright_ns, (BlackPicture, BLACK_S))
        self._growth(out, seen, Stream.PICTURE, seen.frame_ns, seen.picture_grown_ns)
        self._growth(out, seen, Stream.SOUND, seen.block_ns, seen.sound_grown_ns)
        return out

    def _stall(self, out: list[Notice], seen: Sighting, stream: Stream, last: int | None) -> None:
        if last is None:
            return
        age = (seen.now_ns - last) * 1e-9
        stall = self._stalls.get(stream)
        if stall is None:
            if age > STALL_S[stream]:
                self._stalls[stream] = _Stall(last)
                out.append(Stalled(stream, age))
        elif age > PAUSE_S:
            stall.back_ns = None
        elif stall.back_ns is None:
            stall.back_ns = last
        elif (last - stall.back_ns) * 1e-9 >= self._steady_s[stream]:
            del self._stalls[stream]
            self._steady_s[stream] = min(2 * self._steady_s[stream], 60.0)
            out.append(Resumed(stream, (stall.back_ns - stall.since_ns) * 1e-9))

    def _lasting(self, out: list[Notice], arrived: int | None, good: int | None, trouble: Trouble) -> None:
        kind, limit_s = trouble
        name = kind.__name__
        if arrived is None:
            return
        since = self._since.setdefault(f"first-{name}", arrived) if good is None else good
        seconds = (arrived - since) * 1e-9
        if seconds > limit_s and name not in self._since:
            self._since[name] = since
            out.append(kind(seconds))
        elif seconds <= limit_s and name in self._since:
            out.append(kind((arrived - self._since.pop(name)) * 1e-9, now=False))

    def _growth(
        self, out: list[Notice], seen: Sighting, stream: Stream, arrived: int | None, grown: int | None
    ) -> None:
        name = f"growth-{stream}"
        if grown is None or arrived is None:
            self._since.pop(name, None)
            return
        behind = (arrived - grown) * 1e-9
        if behind > GROWTH_S and name not in self._since:
            self._since[name] = grown
            out.append(NotGrowing(stream, behind))
        elif behind <= GROWTH_S:
            self._since.pop(name, None)
