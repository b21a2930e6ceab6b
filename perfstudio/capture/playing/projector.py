"""Plays a film, one turn after another: it takes up what is wished, feeds sound and pictures, and says when it wants
the next turn. It knows no thread and no clock of its own, so a test turns it by hand."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.capture.playing.beside import BesidePictures
from perfstudio.capture.playing.picture_feed import PictureFeed
from perfstudio.capture.playing.play_clock import PlayClock
from perfstudio.capture.playing.play_options import PlayOptions
from perfstudio.capture.playing.sound_feed import Readiness, SoundFeed
from perfstudio.capture.playing.told import FilmBroken, FilmMoved, FilmTold, FilmUnheard
from perfstudio.capture.playing.wishes import Wishes

_LONGEST_WAIT_S = 0.1
_SHORT_WAIT_S = 0.01
_SOUND_STEP_S = 0.04
"""A step where there are no pictures."""
_END_S = 0.0005


class Projector:
    """A film of `duration_s` with pictures, sound or both; `clock` may be read by any thread.

    The pictures `beside` it go with its own. `ends_wait` tells whether something newer is wished than what is being
    done.
    """

    def __init__(
        self,
        duration_s: float,
        pictures: PictureFeed | None,
        sound: SoundFeed | None,
        *,
        tell: Callable[[FilmTold], None],
        ends_wait: Callable[[], bool] = lambda: False,
        beside: BesidePictures | None = None,
    ) -> None:
        self.duration_s = duration_s
        self._pictures, self._sound = pictures, sound
        self._tell, self._ends_wait, self._beside = tell, ends_wait, beside
        self._options = PlayOptions()
        self.clock = PlayClock()
        self.plays = False
        self._runs = False
        self._end_s = duration_s
        self._silent_told = False
        self._number = 0

    def turn(self, wishes: Wishes, options: PlayOptions, now_ns: int) -> float | None:
        """Do what is wished and due. Seconds until the next turn at the latest; None: not before the next wish."""
        self._number = wishes.number
        if options != self._options:
            self._change(options, now_ns)
        if wishes.plays is not None and wishes.plays is not self.plays:
            self.plays = wishes.plays
            self._stand(self.clock.at(now_ns))
        if wishes.goal_s is not None:
            self._go(wishes.goal_s)
        if wishes.steps:
            self._step(wishes.steps, now_ns)
        if wishes.any:
            self._tell(FilmMoved(self.clock.at(now_ns), self._number))
        return self._advance(now_ns) if self.plays else None

    def _change(self, options: PlayOptions, now_ns: int) -> None:
        before, self._options = self._options, options
        if options.room != before.room and self._pictures is not None:
            self._pictures.fit(options.room)
        if options.beside != before.beside and self._beside is not None:
            self._beside.fit(options.beside)
        if self.plays and _as_heard(options) != _as_heard(before):
            self._stand(self.clock.at(now_ns))

    def _go(self, goal_s: float) -> None:
        goal_s = max(0.0, min(goal_s, self.duration_s))
        self._stand(goal_s)
        if self._pictures is not None and self._pictures.show_at(goal_s, self._ends_wait) is None:
            self._break(goal_s)
        if self._beside is not None:
            self._beside.show_at(goal_s, self._ends_wait)

    def _step(self, count: int, now_ns: int) -> None:
        at_s = self.clock.at(now_ns)
        if self._pictures is None:
            at_s = max(0.0, min(at_s + count * _SOUND_STEP_S, self.duration_s))
        elif (shot := self._pictures.step(at_s, count)) is not None:
            at_s = shot.at_s
        self._stand(at_s)
        if self._beside is not None:
            self._beside.show_at(at_s, self._ends_wait)

    def _stand(self, at_s: float) -> None:
        """Silent at a moment; when it plays, it goes on from there."""
        if self._sound is not None:
            self._sound.stop()
        self.clock.hold(at_s)
        self._runs = False

    def _advance(self, now_ns: int) -> float:
        if not self._runs and not self._start(now_ns):
            return _SHORT_WAIT_S
        if self._sound is not None:
            self._sound.feed()
            if self._sound.is_lost(now_ns):
                self._go_silent(now_ns)
        position = self.clock.at(now_ns)
        coming = self._pictures.follow(min(position, self._end_s)) if self._pictures is not None else None
        if self._beside is not None:
            coming = _sooner(coming, self._beside.follow(min(position, self._end_s)))
        if (torn_s := self._torn_s()) is not None and position >= torn_s:
            self._break(torn_s)
            return _LONGEST_WAIT_S
        if position >= self._end_s - _END_S:
            self._end()
            return _SHORT_WAIT_S
        return self._wait_s(position, coming, now_ns)

    def _start(self, now_ns: int) -> bool:
        """Begin to run, if the loudspeaker does not let it wait."""
        at_s, options = self.clock.at(now_ns), self._options
        out_s = options.out_s if options.out_s is not None else self.duration_s
        self._end_s = out_s if at_s < out_s - _END_S else self.duration_s
        answer = self._sound.ready(now_ns) if self._sound is not None else Readiness.NO
        if answer is Readiness.NOT_YET:
            return False
        self._runs = True
        if self._sound is not None and answer is Readiness.YES:
            self.clock.run_by(self._sound.begin(at_s, self._end_s, options, now_ns), options.speed)
        else:
            self._go_silent(now_ns)
        return True

    def _go_silent(self, now_ns: int) -> None:
        """On by the computer's clock; that a sound is not heard is told once."""
        self.clock.run_free(now_ns, self._options.speed)
        if self._sound is not None:
            self._sound.stop()
            if not self._silent_told:
                self._silent_told = True
                self._tell(FilmUnheard())

    def _end(self) -> None:
        if self._options.loops:
            self._go(self._options.in_s)
            return
        self.plays = False
        self._stand(self._end_s)
        self._tell(FilmMoved(self._end_s, self._number, ended=True))

    def _torn_s(self) -> float | None:
        """Where everything that the film has ends too early."""
        ends = [feed.torn_s for feed in (self._pictures, self._sound) if feed is not None]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None

    def _break(self, at_s: float) -> None:
        self.plays = False
        self._stand(at_s)
        self._tell(FilmBroken(at_s))

    def _wait_s(self, position: float, coming_s: float | None, now_ns: int) -> float:
        if self._sound is not None and self._sound.waits(now_ns):
            return _SHORT_WAIT_S
        moments = [moment for moment in (coming_s, self._end_s) if moment is not None]
        return max(0.0, min(_LONGEST_WAIT_S, (min(moments) - position) / self._options.speed))


def _as_heard(options: PlayOptions) -> tuple[object, ...]:
    """What a change of is heard."""
    return options.speed, options.volume, options.in_s, options.out_s, options.heard


def _sooner(one: float | None, other: float | None) -> float | None:
    known = [moment for moment in (one, other) if moment is not None]
    return min(known, default=None)
