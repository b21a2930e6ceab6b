"""Watching time itself: what has not arrived, not changed, not grown. Status flags of drivers are not asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perfstudio.capture.messages import (
    BlackPicture,
    NotGrowing,
    Notice,
    Resumed,
    Stalled,
    StillPicture,
    Stream,
    ZeroSound,
)

FRAME_STALL_S: Final = 0.4
BLOCK_STALL_S: Final = 0.6
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


class Watchdogs:
    """Turns sightings into notices: one when a trouble begins, one when it ends."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}

    def look(self, seen: Sighting) -> list[Notice]:
        """Compare with the last look. Call about ten times a second."""
        out: list[Notice] = []
        self._stall(out, seen, Stream.PICTURE, seen.frame_ns, FRAME_STALL_S)
        self._stall(out, seen, Stream.SOUND, seen.block_ns, BLOCK_STALL_S)
        # What does not arrive at all is a stall, not a still picture or a muted microphone.
        self._lasting(out, seen.block_ns, seen.nonzero_ns, (ZeroSound, ZERO_S))
        self._lasting(out, seen.frame_ns, seen.changed_ns, (StillPicture, STILL_S))
        self._lasting(out, seen.frame_ns, seen.bright_ns, (BlackPicture, BLACK_S))
        self._growth(out, seen, Stream.PICTURE, seen.frame_ns, seen.picture_grown_ns)
        self._growth(out, seen, Stream.SOUND, seen.block_ns, seen.sound_grown_ns)
        return out

    def _stall(self, out: list[Notice], seen: Sighting, stream: Stream, last: int | None, limit_s: float) -> None:
        if last is None:
            return
        age = (seen.now_ns - last) * 1e-9
        name = f"stall-{stream}"
        if age > limit_s and name not in self._since:
            self._since[name] = last
            out.append(Stalled(stream, age))
        elif age <= limit_s and name in self._since:
            out.append(Resumed(stream, (last - self._since.pop(name)) * 1e-9))

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
