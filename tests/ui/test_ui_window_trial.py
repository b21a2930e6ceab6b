"""The window's trial of itself: told what was seen, passed when all of it was, ended when nothing follows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged, TakeSealed
from perfstudio.session.views import StageState
from perfstudio.ui import window_trial
from perfstudio.ui.window_trial import WindowStep, WindowTrial


class Film(QObject):
    moved = Signal(float)


class StagePart(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        self.keys.append(event.key())


class Room:
    """What a trial asks of a window and its session."""

    def __init__(self) -> None:
        self.stage_part, self.film, self.ended, self.entered = StagePart(), Film(), 0, [""]
        self.picture = False
        self.bus = Bus()
        page = SimpleNamespace(playback=self.film, picture=SimpleNamespace(has_picture=lambda: self.picture))
        self.window: Any = SimpleNamespace(
            review=SimpleNamespace(page=page), stage=SimpleNamespace(stage=self.stage_part), end=self.end,
            to_stage=lambda card, roll: self.entered.append(card),
        )  # fmt: skip
        scenes = SimpleNamespace(packs=lambda: [SimpleNamespace(cards=["the first"])])
        self.session: Any = SimpleNamespace(
            bus=self.bus, home=SimpleNamespace(scenes=scenes), settings=SimpleNamespace(change=lambda **_: None)
        )
        self.told: list[WindowStep] = []
        self.trial = WindowTrial(self.window, self.session, lambda step, _value: self.told.append(step))

    def end(self) -> None:
        self.ended += 1

    def stage_is(self, state: StageState) -> None:
        self.bus.publish(StageChanged(SimpleNamespace(state=state)))  # type: ignore[arg-type]


@pytest.fixture
def room(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(window_trial, "ROLLS_MS", 1)
    made = Room()
    qtbot.addWidget(made.stage_part)
    return made


def test_a_scene_is_rolled_cut_by_its_key_watched_and_sealed(room: Room, qtbot: QtBot) -> None:
    room.trial.begin()
    assert room.entered[-1] == "the first"
    for state in (StageState.READY, StageState.ROLLING, StageState.ROLLING):
        room.stage_is(state)
    qtbot.waitUntil(lambda: room.stage_part.keys == [Qt.Key.Key_Space])
    room.film.moved.emit(1.5)
    assert room.told == [WindowStep.OPEN, WindowStep.ROLLING], "nothing was seen yet"
    room.picture = True
    for second in (0.2, 1.2, 1.4):
        room.film.moved.emit(second)
    room.bus.publish(TakeSealed("a take"))
    assert room.told == list(WindowStep)
    assert room.trial.passed
    qtbot.waitUntil(lambda: room.ended == 1)


def test_a_window_that_goes_no_further_is_closed_and_has_not_passed(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_trial, "LIMIT_MS", 1)
    room.trial.begin()
    qtbot.waitUntil(lambda: room.ended == 1)
    assert room.told == [WindowStep.OPEN]
    assert not room.trial.passed
