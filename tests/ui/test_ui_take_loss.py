"""A disk that takes nothing, seen on the stage: the recorder's own process, its link, the director, the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from ui_window import SLOW_PAIR

from perfstudio.model.loss_limits import LONGEST_STEP_S
from perfstudio.paths import AppPaths
from perfstudio.session.events import StageChanged
from perfstudio.session.recorder import link as recorder_link
from perfstudio.session.session import Session
from perfstudio.session.views import Pulse, StageState
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.pages.stage import StagePage
from perfstudio.ui.palette import DARK
from rigs import held_disk_recorder

PATIENCE_MS = 60_000


@pytest.fixture
def hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """While it stands, the recorder's disk takes nothing."""
    file = tmp_path / "hold"
    monkeypatch.setenv(held_disk_recorder.HOLD, str(file))
    monkeypatch.setattr(recorder_link, "_recorder", held_disk_recorder.main)
    return file


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path, hold: Path) -> Iterator[Session]:
    bridge = Bridge()
    made = Session(AppPaths(tmp_path / "home").prepare(), bridge.post, bridge)
    made.director.countdown_s = 0
    yield made
    hold.unlink(missing_ok=True)
    made.close()
    bridge.close()


class Stage:
    """The page on the real director, and the judge's clock: a look that came late counts as one in time."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self._director, self._qtbot = session.director, qtbot
        self.clock_s, self._read_ns = 0.0, 0
        self.page = StagePage(poll=self._poll, act=lambda _: None, hint_words=lambda _: "")
        qtbot.addWidget(self.page)
        session.bus.subscribe(StageChanged, lambda event: self.page.show_view(event.view))
        self.page.show()

    def _poll(self) -> Pulse:
        pulse = self._director.pulse()
        self.clock_s += min((pulse.status.read_ns - self._read_ns) * 1e-9, LONGEST_STEP_S)
        self._read_ns = pulse.status.read_ns
        return pulse

    def texts(self) -> list[str]:
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible() and label.text()]

    def says(self, words: str) -> bool:
        return any(words in text for text in self.texts())

    def is_green(self) -> bool:
        return self.page.hud._disk_dot._colour == QColor(DARK.good) and self.says("MB on disk")

    def wait(self, reached: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(reached, timeout=PATIENCE_MS)


def test_a_disk_that_takes_nothing_is_told_on_the_stage_and_the_green_line_goes_out(
    session: Session, qtbot: QtBot, hold: Path
) -> None:
    stage = Stage(session, qtbot)
    session.director.choose(session.home.scenes.packs()[0].cards[0])
    session.director.open(SLOW_PAIR)
    stage.wait(lambda: session.director.view.state is StageState.READY)
    session.director.roll()
    stage.wait(lambda: session.director.view.state is StageState.ROLLING)
    stage.wait(stage.is_green)
    hold.touch()
    began_s = stage.clock_s
    stage.wait(lambda: not stage.is_green())
    stage.wait(lambda: stage.says("Nothing is reaching the disk. What was written stays."))
    assert stage.clock_s - began_s <= 2.0 + 2 * LONGEST_STEP_S
    assert not stage.is_green()
    hold.unlink()
    stage.wait(stage.is_green)
    stage.wait(lambda: not stage.says("What was written stays"))
