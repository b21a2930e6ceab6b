"""What the system does not let be used, at the window: each has its sentence, one button, and is looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import nothing_ahead

from perfstudio.capture.devices.permission_problems import NOT_LET
from perfstudio.capture.recording.messages import Stream
from perfstudio.model.device import CameraRequest, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.paths import AppPaths
from perfstudio.session import recorder_messages as rm
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.session.views import OpeningWait, StageState
from perfstudio.systems.permissions import Guarded, PermissionState
from perfstudio.texts import devices as words
from perfstudio.texts.errors import sentence
from perfstudio.ui import system_access
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.flows import device_choosing
from perfstudio.ui.pages.stage_overlay import SYSTEM
from perfstudio.ui.system_access import SystemAccess
from perfstudio.ui.widgets import PlainLabel
from rigs.permissions import PAGE, SaidPermissions, said_permissions

CAMERA, MICROPHONE = CameraRequest(id="practice", width=640, height=360, fps=5), MicrophoneRequest(id="practice")


class SystemPages:
    """QDesktopServices, which opens nothing."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.opens = True

    def openUrl(self, url: QUrl) -> bool:  # noqa: N802 - Qt's name
        self.opened.append(url.toString())
        return self.opens


class Window:
    """The whole window on a fake recorder, and a system that says what it is told."""

    def __init__(self, qtbot: QtBot, session: Session, window: Coordinator, system: SaidPermissions) -> None:
        self.qtbot, self.session, self.window, self.system = qtbot, session, window, system
        recorder = session._recorder
        assert isinstance(recorder, FakeRecorder)
        self.recorder = recorder
        self.pages = SystemPages()

    def wait(self, reached: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(reached, timeout=60_000)

    def open_on(self, page: str) -> None:
        card = self.session.home.scenes.packs()[0].cards[0]
        match page:
            case "stage":
                self.window.stage.enter(card)
            case "green_room":
                self.window.green_room.check(card)
            case "settings":
                self.window._go("settings")
                self.window.settings.page.turn_to("devices")

    def fail_on(self, page: str, problem: DeviceError) -> None:
        self.recorder.refuse(rm.Open, problem)
        self.open_on(page)
        self.wait(lambda: self.session.director.view.state is StageState.FAILED)
        self.settle()

    def settle(self) -> None:
        for _ in range(3):  # what is told is told on
            done: list[bool] = []
            self.session.bus.post(lambda done=done: done.append(True))  # type: ignore[misc]
            self.wait(lambda done=done: bool(done))  # type: ignore[misc]

    def said_on(self, page: str) -> str:
        match page:
            case "stage":
                return self.window.stage.stage.hud.picture.accessibleDescription()
            case "green_room":
                shown = self.window.green_room.page
                return shown.instruction.detail.text() or shown.mirror.live.accessibleDescription()
            case _:
                return self.window.settings.page.devices.preview.said.text()

    def button_on(self, page: str) -> bool:
        """Press what leads to the system's settings; whether it is there."""
        match page:
            case "stage":
                hint = self.window.stage.stage.hud.keys.hint(SYSTEM)
                seen = not hint.isHidden()
                hint.click() if seen else QTest.keyClick(self.window.stage.stage, Qt.Key.Key_O)
                return seen
            case "green_room":
                shown = self.window.green_room.page
                seen = not shown.system.isHidden()
                QTest.keyClick(shown, Qt.Key.Key_O)
                return seen
            case _:
                button = self.window.settings.page.devices.preview.system
                button.click()
                return not button.isHidden()

    def leave(self) -> None:
        self.window._go("scenes")
        self.session.director.leave()
        self.settle()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    nothing_ahead(monkeypatch)
    monkeypatch.setattr(device_choosing, "list_devices", lambda: ((), ()))
    bridge = Bridge()
    session = Session(AppPaths(home).prepare(), bridge.post, bridge, recorder=FakeRecorder)
    session.settings.change(camera=CAMERA, microphone=MICROPHONE)
    coordinator = Coordinator(qapp, session, bridge)
    made = Window(qtbot, session, coordinator, said_permissions(monkeypatch))
    monkeypatch.setattr(system_access, "QDesktopServices", made.pages)
    coordinator.show()
    yield made
    coordinator.main.close()
    coordinator.close()
    coordinator.main.deleteLater()
    session.close()
    bridge.close()


def test_each_answer_of_the_system_has_its_sentence_and_one_button(window: Window) -> None:
    """And what is no matter of the system's has none."""
    said: dict[ErrorCode, set[str]] = {}
    others = (ErrorCode.CAMERA_BUSY, ErrorCode.MICROPHONE_BUSY)
    may_be = {ErrorCode.CAMERA_REFUSED: Guarded.CAMERA, ErrorCode.MICROPHONE_REFUSED: Guarded.MICROPHONE}
    kinds = may_be | {code: kind for code, (kind, _) in NOT_LET.items()}
    few = (ErrorCode.CAMERA_DENIED, ErrorCode.MICROPHONE_UNASKED, ErrorCode.CAMERA_BUSY)
    for page, codes in (("stage", (*kinds, *others)), ("green_room", few), ("settings", few)):
        for code in codes:
            if code in NOT_LET:
                window.system.say(*NOT_LET[code])
            problem = DeviceError(code, id="Brio")
            window.fail_on(page, problem)
            assert sentence(problem) == window.said_on(page), (page, code)
            window.pages.opened.clear()
            assert window.button_on(page) is (code in kinds), (page, code)
            assert window.pages.opened == ([PAGE + kinds[code].value] if code in kinds else []), (page, code)
            said.setdefault(code, set()).add(window.said_on(page))
            window.leave()
    assert all(len(texts) == 1 for texts in said.values())
    assert len(set().union(*said.values())) == len(said), "no two of them are told alike"


def test_without_a_page_there_is_no_button_and_a_page_that_does_not_open_is_said(window: Window) -> None:
    problem = DeviceError(ErrorCode.CAMERA_DENIED, id="Brio")
    window.system.say(Guarded.CAMERA, PermissionState.REFUSED)
    window.pages.opens = False
    window.fail_on("stage", problem)
    assert window.button_on("stage")
    assert any(PAGE in label.text() for label in window.window.main.findChildren(PlainLabel))
    window.leave()
    window.system.has_pages = False
    for page in ("stage", "green_room", "settings"):
        window.fail_on(page, problem)
        assert not window.button_on(page)
        window.leave()
    assert len(window.pages.opened) == 1


def test_who_comes_back_from_the_settings_finds_it_open(qapp: QApplication, window: Window) -> None:
    for page in ("stage", "green_room", "settings"):
        window.system.say(Guarded.CAMERA, PermissionState.REFUSED)
        window.fail_on(page, DeviceError(ErrorCode.CAMERA_DENIED, id="Brio"))
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        window.settle()
        assert window.session.director.view.state is StageState.FAILED, "nothing has changed"
        window.system.say(Guarded.CAMERA, PermissionState.ALLOWED)
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
        window.settle()
        assert window.session.director.view.state is StageState.FAILED, "it is not in front yet"
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        window.wait(lambda: window.session.director.view.state is StageState.READY)
        window.leave()


def test_what_takes_long_is_said_on_every_page_and_goes(window: Window) -> None:
    long = words.waits(OpeningWait.CAMERA)
    for page in ("stage", "green_room", "settings"):
        window.recorder.slow, window.recorder.prompt = Stream.PICTURE, False
        window.open_on(page)
        window.wait(lambda: window.recorder.unsaid == 3)
        assert window.said_on(page) != long
        window.recorder.answer()
        window.settle()
        assert window.said_on(page) == long, page
        window.recorder.answer()
        window.settle()
        assert window.said_on(page) != long
        window.recorder.answer()
        window.wait(lambda: window.session.director.view.state is StageState.READY)
        assert window.said_on(page) != long
        window.leave()


def test_qt_asks_one_question_after_the_other(qapp: QApplication, qtbot: QtBot, window: Window) -> None:
    """On Linux Qt grants everything at once, and calls back all the same."""
    system = window.window.main.findChildren(SystemAccess)
    assert len(system) == 1
    answered: list[bool] = []
    system[0].ask([Guarded.CAMERA, Guarded.MICROPHONE], lambda: answered.append(True))
    assert not answered
    qtbot.waitUntil(lambda: bool(answered), timeout=60_000)
    qapp.processEvents()
    assert answered == [True]
