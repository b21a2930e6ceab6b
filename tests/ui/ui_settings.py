"""The settings of a window as a person meets them: what the tests of its sections share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import look_finds, nothing_ahead, shown_window

from perfstudio.model.device import PRACTICE, CameraRequest
from perfstudio.model.device import MicrophoneRequest as Mic
from perfstudio.paths import AppPaths
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.recorder.link import RecorderLink
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.session.views import StageState
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.settings.choice_row import ChoiceRow

PATIENCE_MS = 60_000
SMALL = CameraRequest(id=PRACTICE, width=640, height=360)


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


ON_THE_REAL_ONE = pytest.mark.parametrize("session", [RecorderLink], indirect=True, ids=["real"])
"""For what only a recorder with devices can show: a picture, an address that answers."""


@pytest.fixture
def session(
    request: pytest.FixtureRequest, home: Path, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    kind = getattr(request, "param", FakeRecorder)
    nothing_ahead(monkeypatch)
    if kind is FakeRecorder:
        look_finds(monkeypatch)
    made = Session(AppPaths(home).prepare(), bridge.post, bridge, recorder=kind)
    yield made
    made.close()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, session: Session, bridge: Bridge) -> Iterator[Coordinator]:
    session.settings.change(theme="dark", reduced_motion=True)
    with shown_window(qapp, session, bridge, QSize(1280, 800)) as made:
        qtbot.waitExposed(made.main)
        yield made


class Room:
    """The room as a person meets it."""

    def __init__(self, qtbot: QtBot, window: Coordinator, session: Session) -> None:
        self.qtbot, self.window, self.session = qtbot, window, session
        self.page = window.settings.page
        self.devices = self.page.devices
        self.preview = self.devices.preview

    def enter(self) -> None:
        self.window.main.page_chosen.emit("settings")

    def leave(self) -> None:
        self.window.main.page_chosen.emit("scenes")

    def wait(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=PATIENCE_MS)

    def wait_for(self, state: StageState) -> None:
        """Until the stage stands so and the room was told."""
        self.wait_and_tell(lambda: self.session.director.view.state is state)

    def wait_and_tell(self, reached: Callable[[], object]) -> None:
        """Until something is so in the session and the pages were told: they hear of it one turn later."""
        self.wait(reached)
        told: list[bool] = []
        self.session.bus.post(lambda: told.append(True))
        self.wait(lambda: told)

    @property
    def now(self) -> Settings:
        return self.session.settings.now

    def on_disk(self) -> Settings:
        return Settings.model_validate(json.loads(self.session.home.paths.settings.read_text("utf-8")))

    def microphone(self, device_id: str) -> ChoiceRow:
        return self.devices.microphones.rows[device_id]

    def choose_practice(self) -> None:
        self.session.settings.change(camera=SMALL, microphone=Mic(id=PRACTICE))


@pytest.fixture
def room(qtbot: QtBot, window: Coordinator, session: Session) -> Room:
    return Room(qtbot, window, session)
