"""The flows are made behind a window that is open already: nothing flashes, nothing takes the focus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from ui_window import new_window, nothing_ahead

from perfstudio.model.device import PRACTICE, CameraRequest, MicrophoneRequest
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.session.views import StageState
from perfstudio.texts.errors import sentence
from perfstudio.ui.coordinator import FLOWS, Coordinator
from perfstudio.ui.flows.naming import named
from perfstudio.ui.main_window import PAGES


class Windows(QObject):
    """Everything that became a window on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


@pytest.fixture
def windows(qapp: QApplication) -> Iterator[Windows]:
    spy = Windows()
    qapp.installEventFilter(spy)
    yield spy
    qapp.removeEventFilter(spy)


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, home: Path, windows: Windows) -> Iterator[Coordinator]:
    with new_window(qapp, home) as made:
        qtbot.waitExposed(made.main)
        yield made


def test_all_flows_are_made_soon_and_nothing_else_becomes_a_window(
    qtbot: QtBot, window: Coordinator, windows: Windows
) -> None:
    focus = QApplication.focusWidget()
    qtbot.waitUntil(lambda: set(FLOWS) <= set(vars(window)), timeout=60_000)
    window.main.note("A sentence.", detail="And more.")
    assert windows.shown == [window.main]
    assert QApplication.focusWidget() is focus


@pytest.fixture
def empty_window(qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coordinator]:
    """One that makes no room ahead, however long a busy machine takes."""
    nothing_ahead(monkeypatch)
    with new_window(qapp, home) as made:
        yield made


def test_a_room_is_made_when_it_is_asked_for(empty_window: Coordinator) -> None:
    window = empty_window
    assert not set(FLOWS) & set(vars(window))
    window.main.page_chosen.emit("takes")
    assert window.main.current == "takes"
    assert window.main.may_close()
    assert "settings" not in vars(window)


def test_every_room_of_the_rail_has_its_flow_and_no_other_name_passes_in_silence(window: Coordinator) -> None:
    assert len({id(window._flow_of(name)) for name in PAGES}) == len(PAGES)
    with pytest.raises(KeyError, match="nowhere"):
        window._flow_of("nowhere")


def test_a_microphone_that_is_away_is_called_by_its_name_on_the_stage(qtbot: QtBot, window: Coordinator) -> None:
    session = window._session
    session.settings.change(
        camera=CameraRequest(id=PRACTICE),
        microphone=MicrophoneRequest(id="pulse:alsa_input.usb-blue"),
        microphone_name="Blue Yeti",
    )
    window.stage.enter(session.home.scenes.packs()[0].cards[0])
    qtbot.waitUntil(lambda: window.stage.stage.view.state is StageState.FAILED, timeout=60_000)
    problem = window.stage.stage.view.problem
    assert problem is not None
    assert sentence(problem) == "There is no microphone “Blue Yeti” here now. Plug it in or choose another."
    session.settings.change(microphone_name="")
    said = named(session.director.view.problem, session.settings.now)
    assert said is not None
    assert "“Alsa input.usb blue”" in sentence(said)
    elsewhere = CaptureError(ErrorCode.MICROPHONE_LOST, id="pulse:other")
    assert named(elsewhere, session.settings.now) is elsewhere


def test_nothing_is_sent_from_when_the_stage_is_open(window: Coordinator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second before the roll is in the take: the line is quiet from when the stage comes to when it is left."""
    armed: list[bool] = []
    monkeypatch.setattr(window._session.deliveries, "armed", armed.append)
    assert window.stage
    for page in ("stage", "scenes"):
        window.main.go(page)
    assert armed == [True, False]
