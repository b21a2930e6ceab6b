"""The pictures of a film by their own stamps: the one of a moment, the next, the one before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from av.container import InputContainer
from av.stream import Discard
from av.video.reformatter import VideoReformatter

from perfstudio.capture.playing.decoding import decoded

KEPT_BYTES = 12 << 20
"""Decoded pictures that are kept behind the newest: 9 of 720p, 4 of 1080p. Steps back within them decode nothing."""
_LEAST_KEPT = 3
TORN_S = 0.5
"""Pictures or sound that end this much before their time were cut off."""
_THREADS = 4
"""Pictures that are decoded at once: a seek has to pass half a second of them on its way, and on a busy computer four
threads get further than one. More would only cost memory."""
_REACH_S = 0.0006
"""In and out points are kept in milliseconds: a stamp this little behind the moment asked for is that moment."""
_ON_S = 0.5
"""A moment this little ahead is reached by decoding on. A seek would begin at a key picture, of which takes have one a
second."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One decoded picture. `until_s` is the stamp of the next one as the file tells it; equal to `at_s` where it does
    not."""

    at_s: float
    until_s: float
    frame: av.VideoFrame


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as it is painted: BGRX, `line_bytes` from row to row. `pixels` live as long as this value; `turns` are
    the quarter turns clockwise that it still wants."""

    at_s: float
    width: int
    height: int
    line_bytes: int
    pixels: memoryview
    turns: int
    frame: av.VideoFrame


class FilmPictures:
    """The picture stream of an open container, which nobody else reads.

    The pictures kept are one unbroken run that ends where the decoder stands. What is damaged is left out.
    """

    def __init__(self, box: InputContainer) -> None:
        self._box, self._stream = box, box.streams.video[0]
        self._stream.codec_context.thread_type = "FRAME"
        self._stream.codec_context.thread_count = _THREADS
        self._base = self._stream.time_base or Fraction(1)
        self._tick_s = float(self._base)
        self.fps = float(self._stream.average_rate or 0) or 30.0
        self.aspect = float(self._stream.sample_aspect_ratio or 1)
        """How much wider than high a stored pixel is shown."""
        ticks = (self._stream.start_time or 0) + (self._stream.duration or 0)
        self.end_s = ticks * self._tick_s if self._stream.duration else (box.duration or 0) / av.time_base
        for other in box.streams:
            if other is not self._stream:
                other.discard = Discard.all
        self._run: list[Shot] = []
        self._coming = self._shots()
        self._begun = False
        self.torn_s: float | None = None
        """Where the pictures end although the file tells of more."""

    def at(self, seconds: float, changed: Callable[[], bool] = lambda: False) -> Shot | None:
        """The picture that is seen at a moment: the first one before the film begins, the last one behind its end.

        When `changed` becomes true on the way, whatever has been reached by then. None: there is no picture at all.
        """
        goal = seconds + _REACH_S
        if not self._is_near(goal):
            self._seek(goal)
        if self._run and self._run[0].at_s > goal and not self._begun:
            self._seek(0.0)  # the container's table led behind the goal
            self._begun = True
        while not (self._run and _covers(self._run[-1], goal)):
            if self._next() is None or (changed() and self._run):
                break
        return self._kept(goal)

    def after(self, shot: Shot, *, passing: bool = False) -> Shot | None:
        """The next picture; None at the end. `passing`: it plays, and nobody steps back."""
        self._bring_back(shot)
        later = bisect_right(self._run, shot.at_s, key=_stamp)
        return self._run[later] if later < len(self._run) else self._next(_LEAST_KEPT if passing else None)

    def before(self, shot: Shot) -> Shot | None:
        """The picture before; None at the beginning."""
        earlier = self.at(shot.at_s - _REACH_S - self._tick_s / 2)
        return earlier if earlier is not None and earlier.at_s < shot.at_s else None

    def close(self) -> None:
        """Free the pictures; nothing more is asked for."""
        self._run, self._coming = [], iter(())

    def _bring_back(self, shot: Shot) -> None:
        """What follows `shot` is kept or comes next."""
        if not self._run or not self._run[0].at_s <= shot.at_s <= self._run[-1].at_s:
            self.at(shot.at_s)

    def _is_near(self, goal: float) -> bool:
        if not self._run:
            return False
        return self._run[0].at_s <= goal < self._run[-1].at_s + _ON_S

    def _kept(self, goal: float) -> Shot | None:
        place = bisect_right(self._run, goal, key=_stamp)
        return self._run[max(0, place - 1)] if self._run else None

    def _seek(self, goal: float) -> None:
        self._run.clear()
        self._begun = goal <= 0
        self._coming = self._shots(goal)
        self._next()

    def _next(self, most: int | None = None) -> Shot | None:
        shot = next(self._coming, None)
        if shot is None and self._run and self._run[-1].until_s < self.end_s - TORN_S:
            self.torn_s = self._run[-1].until_s
        if shot is not None:
            self._run.append(shot)
            most = most or max(_LEAST_KEPT, KEPT_BYTES // max(1, shot.frame.width * shot.frame.height * 3 // 2))
            del self._run[:-most]
        return shot

    def _seconds(self, ticks: int) -> float:
        """The nearest number to the stamp, so that the same stamp is always the same number."""
        return ticks * self._base.numerator / self._base.denominator

    def _shots(self, start_s: float | None = None) -> Iterator[Shot]:
        for frame in decoded(self._box, self._stream, start_s):
            if isinstance(frame, av.VideoFrame) and frame.pts is not None:
                yield Shot(self._seconds(frame.pts), self._seconds(frame.pts + (frame.duration or 0)), frame)


class PictureFitter:
    """Makes pictures ready to be painted, in the size of their place."""

    def __init__(self) -> None:
        self._scale = VideoReformatter()
        self.room: tuple[int, int] = (1280, 720)
        """Width and height of the place in pixels of the screen."""
        self.aspect = 1.0

    def fitted(self, shot: Shot) -> ShownPicture:
        """As large as the place allows and never larger than the film: to enlarge is cheaper where it is painted."""
        frame, turns = shot.frame, round(-shot.frame.rotation / 90) % 4
        wide, high = frame.width * self.aspect, float(frame.height)
        room = self.room if turns % 2 == 0 else self.room[::-1]
        scale = min(1.0, max(room[0] / wide, room[1] / high) if _fills(room, wide, high) else _inside(room, wide, high))
        width, height = max(2, round(wide * scale)), max(2, round(high * scale))
        made = self._scale.reformat(frame, width, height, "bgra", interpolation="BILINEAR", threads=1)
        plane = made.planes[0]
        return ShownPicture(shot.at_s, width, height, plane.line_size, memoryview(plane), turns, made)


def _stamp(shot: Shot) -> float:
    return shot.at_s


def _covers(shot: Shot, goal: float) -> bool:
    """Whether no later picture can be the one of `goal`."""
    return shot.at_s > goal or shot.until_s > goal


def _inside(room: tuple[int, int], wide: float, high: float) -> float:
    return min(room[0] / wide, room[1] / high)


def _fills(room: tuple[int, int], wide: float, high: float) -> bool:
    """Whether a sliver only would stay dark (as it is painted)."""
    across, down = room[0] / wide, room[1] / high
    return 1 - min(across, down) / max(across, down) < 0.02
