"""Watching time itself: what has not arrived, and what has not changed. Status flags of drivers are not asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perfstudio.capture.recording.messages import (
    BlackPicture,
    Notice,
    Resumed,
    Stalled,
    StillPicture,
    Stream,
    ZeroSound,
)
from perfstudio.model.loss_limits import (
    BACK_AFTER_MOST_S,
    BACK_AFTER_S,
    BLACK_S,
    MUTED_S,
    NO_PICTURE_S,
    NO_SOUND_S,
    PAUSE_S,
    STILL_S,
)

STALL_S: Final = {Stream.PICTURE: NO_PICTURE_S, Stream.SOUND: NO_SOUND_S}

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
        self._steady_s = dict.fromkeys(Stream, BACK_AFTER_S)

    def look(self, seen: Sighting) -> list[Notice]:
        """Compare with the last look. Call about ten times a second."""
        out: list[Notice] = []
        self._stall(out, seen, Stream.PICTURE, seen.frame_ns)
        self._stall(out, seen, Stream.SOUND, seen.block_ns)
        # What does not arrive at all is a stall, not a still picture or a muted microphone.
        self._lasting(out, seen.block_ns, seen.nonzero_ns, (ZeroSound, MUTED_S))
        self._lasting(out, seen.frame_ns, seen.changed_ns, (StillPicture, STILL_S))
        self._lasting(out, seen.frame_ns, seen.bright_ns, (BlackPicture, BLACK_S))
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
            self._steady_s[stream] = min(2 * self._steady_s[stream], BACK_AFTER_MOST_S)
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
