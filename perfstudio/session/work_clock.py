"""What the performer works on now, told by the page in front and by the stage, and measured piece by piece."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from perfstudio.model.clock import utc_now
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged
from perfstudio.session.stage.timer import Timer
from perfstudio.session.time_spent import Work
from perfstudio.session.views import SceneCard, StageState, StageView

PIECE_S = 60.0
"""A kill loses at most so much."""
MOST_S = 30 * 60.0
"""A page that stays in front for longer than this, with nothing done that leads on, is left alone."""
_ROLLS = frozenset({StageState.COUNTDOWN, StageState.ROLLING})
_WAITS = frozenset({StageState.OPENING, StageState.STARTING, StageState.CUTTING, StageState.CHECKING})
_PAGES = {"brief": Work.PREPARING, "green_room": Work.PREPARING, "review": Work.LABELLING, "consent": Work.LABELLING}

About = SceneCard | str
"""What work is about: a scene, or a take by its id."""


@dataclass(frozen=True, slots=True)
class Piece:
    """So many seconds of one work; less than none where it turned out to be another one."""

    about: About
    work: Work
    began: datetime
    seconds: float


class _Doing(NamedTuple):
    about: About
    work: Work
    page: bool
    """Told by a page alone, which may stand in front of nobody."""


class WorkClock:
    """On the window's thread. `write` gets each piece when it is over, and once a minute meanwhile."""

    def __init__(
        self,
        bus: Bus,
        timer: Timer,
        write: Callable[[Piece], object],
        *,
        now_s: Callable[[], float] = time.monotonic,
        moment: Callable[[], datetime] = lambda: utc_now().astimezone(),
    ) -> None:
        self._timer, self._write = timer, write
        self._now_s, self._moment = now_s, moment
        self._page: tuple[str, About | None] = ("", None)
        self._view: StageView | None = None
        self._away = self._closed = False
        self._doing: _Doing | None = None
        self._since_s, self._began_s, self._began = 0.0, 0.0, moment()
        self._rolled: list[Piece] = []
        """Pieces of the roll that goes on, or of the last one."""
        self._cancel: Callable[[], None] = lambda: None
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))

    def page(self, name: str, about: About | None = None) -> None:
        """Another page is in front, or another take on it."""
        self._page = name, about
        self._turn()

    def away(self, *, on: bool) -> None:
        """The performer works in another window, or is back."""
        self._away = on
        self._turn()

    def close(self) -> None:
        """The window closes: what is being done is written, and nothing more."""
        self._end()
        self._closed = True

    def _stage_changed(self, view: StageView) -> None:
        rolled = self._view is not None and self._view.state in _ROLLS
        if view.state in _ROLLS and not rolled:
            self._cut()  # what came before is no part of the roll
            self._rolled = []
        self._view = view
        self._turn()
        if view.state is StageState.FAILED and self._rolled:
            self._lose_roll()

    def _turn(self) -> None:
        doing = self._now()
        if doing == self._doing or self._closed:
            return
        self._end()
        self._doing = doing
        self._since_s = self._began_s = self._now_s()
        self._began = self._moment()
        if doing is not None:
            self._cancel = self._timer.after(PIECE_S, self._go_on)

    def _go_on(self) -> None:
        """A minute of the same work: it is written, and goes on."""
        self._cut()
        self._cancel = self._timer.after(PIECE_S, self._go_on)

    def _end(self) -> None:
        self._cancel()
        self._cut()
        self._doing = None

    def _cut(self) -> None:
        """Write what has not been written of what is being done."""
        doing, now = self._doing, self._now_s()
        if doing is None:
            return
        until = min(now, self._began_s + MOST_S) if doing.page else now
        seconds, self._since_s = until - self._since_s, max(until, self._since_s)
        if seconds <= 0:
            return
        piece = Piece(doing.about, doing.work, self._began, seconds)
        self._began = self._moment()
        self._write(piece)
        if self._view is not None and self._view.state in _ROLLS | {StageState.CUTTING, StageState.FAILED}:
            self._rolled += [piece] if doing.work in (Work.ROLLING, Work.REDO) else []

    def _lose_roll(self) -> None:
        """The stage failed over it: the time of that roll was lost by technology."""
        for piece in self._rolled:
            self._write(Piece(piece.about, piece.work, piece.began, -piece.seconds))
            self._write(Piece(piece.about, Work.LOST, piece.began, piece.seconds))
        self._rolled = []

    def _now(self) -> _Doing | None:
        view, (page, about) = self._view, self._page
        if view is not None and view.card is not None and (page == "stage" or view.state in _ROLLS):
            work = _on_stage(view)
            return _Doing(view.card, work, page=False) if work is not None else None
        work = _PAGES.get(page)
        return _Doing(about, work, page=True) if work is not None and about is not None and not self._away else None


def _on_stage(view: StageView) -> Work | None:
    first = view.take_number == 1
    if view.state in _ROLLS:
        return Work.ROLLING if first else Work.REDO
    if view.state is StageState.READY:
        return Work.PREPARING if first else Work.REDO
    if view.state is StageState.FAILED:
        return Work.LOST
    return Work.WAITING if view.state in _WAITS else None
