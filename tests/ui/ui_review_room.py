"""The Review page over a real library, and what it asked the rest of the window for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_takes import Told, take_ids

from perfstudio.session.events import TakeChanged
from perfstudio.session.home import Home
from perfstudio.session.takes.decisions import TakeDecisions
from perfstudio.session.takes.review import read_review
from perfstudio.session.takes.take_beside import laid_beside
from perfstudio.session.worker import InlineWorker
from perfstudio.ui.pages.review import ReviewPage
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.review.reel_card import ReelActs, ReelPart
from perfstudio.ui.widgets import Toast


class FilmStarts:
    """How often a film has begun to play from now on: a short one may be over before somebody looks."""

    def __init__(self, playback: Playback) -> None:
        self.count = 0
        playback.played.connect(self._heard)

    def _heard(self, playing: bool) -> None:
        self.count += playing


class ReviewRoom:
    """The page in a host widget; decisions are done at once."""

    def __init__(self, home: Home, host: QWidget) -> None:
        self.home = home
        self.again, self.consent, self.leave, self.volumes, self.reels = Told(), Told(), Told(), Told(), Told()
        self.went: list[str] = []
        worker = InlineWorker()
        self.decisions = TakeDecisions(home.takes, worker, home.bus)
        self.toast = Toast(host)
        self.page = ReviewPage(
            read=lambda take_id: read_review(home.takes, home.sides, take_id), decisions=self.decisions,
            worker=worker, background=worker, toast=self.toast,
            again=self.again, consent=self.consent, leave=self.leave, keep_volume=self.volumes,
            to_take=self.to_take, reel=ReelPart(ReelActs(self.reels, Told(), Told())),
            lay=lambda review, other, lock: laid_beside(home.takes, review, other, lock),
        )  # fmt: skip
        self.page.setParent(host)
        self.page.resize(1196, 800)
        home.bus.subscribe(TakeChanged, lambda event: self.page.take_changed(event.take_id))
        self.starts = FilmStarts(self.page.playback)

    def to_take(self, take_id: str) -> None:
        """As the window does it: another take, of which it is known."""
        self.went.append(take_id)
        self.page.show_take(take_id)

    def has_played(self) -> bool:
        """Whether any film has."""
        return self.starts.count > 0

    def press(self, key: Qt.Key) -> None:
        """A key, where the keyboard is."""
        QTest.keyClick(self.page, key)


R = TypeVar("R", bound=ReviewRoom)


@contextmanager
def shown(qtbot: QtBot, home: Home, make: Callable[[Home, QWidget], R]) -> Iterator[R]:
    """The room on the screen, with the keyboard; its film is let go at the end."""
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    made = make(home, host)
    host.show()
    made.page.setFocus()
    yield made
    made.page.playback.close()


@pytest.fixture
def room(qtbot: QtBot, taken: Home) -> Iterator[ReviewRoom]:
    """The first practice take on the screen, paused."""
    with shown(qtbot, taken, ReviewRoom) as made:
        made.page.show_take(take_ids(taken)[0])
        made.page.playback.pause()
        yield made
