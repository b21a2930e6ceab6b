"""Other devices beside the stage and the green room: chosen, opened and kept without leaving the scene."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import look_finds, new_window, nothing_ahead

from perfstudio.model.device import CameraInfo, CameraMode, CameraRequest, DeviceKind, MicrophoneInfo, MicrophoneRequest
from perfstudio.session.session import Session
from perfstudio.session.views import StageAction, StageState
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.settings.device_rows import SOUND_ONLY

# the recorder that records nothing opens what is called practice
CAMERA, MICROPHONE = "practice-cam-1", "practice-mic-1"
OTHER_CAMERA, OTHER_MICROPHONE = "practice-cam-2", "practice-mic-2"
MODES = (CameraMode(1280, 720, 30.0),)
CAMERAS = (
    CameraInfo(CAMERA, "Camera 1", DeviceKind.LOCAL, MODES),
    CameraInfo(OTHER_CAMERA, "Camera 2", DeviceKind.LOCAL, MODES),
)
MICROPHONES = (
    MicrophoneInfo(MICROPHONE, "Mic 1", DeviceKind.LOCAL, "pulse", 1, 48000),
    MicrophoneInfo(OTHER_MICROPHONE, "Mic 2", DeviceKind.LOCAL, "pulse", 1, 48000),
)


def chosen(session: Session) -> None:
    session.settings.change(camera=CameraRequest(id=CAMERA), microphone=MicrophoneRequest(id=MICROPHONE))


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    look_finds(monkeypatch, CAMERAS, MICROPHONES)
    with new_window(qapp, home, chosen) as made:
        made.main.activateWindow()
        qtbot.waitUntil(made.main.isActiveWindow, timeout=60_000)
        yield made


def on_stage(window: Coordinator, qtbot: QtBot) -> None:
    window.stage.enter(window._session.home.scenes.packs()[0].cards[0])
    director = window._session.director
    page = window.stage.stage  # hears of it behind the director
    ready = StageState.READY
    qtbot.waitUntil(lambda: director.view.state is ready and page.view.state is ready, timeout=60_000)


def test_another_camera_and_microphone_are_chosen_on_the_stage(window: Coordinator, qtbot: QtBot) -> None:
    on_stage(window, qtbot)
    session, stage = window._session, window.stage.stage
    QTest.keyClick(stage, Qt.Key.Key_D)
    made = window.devices_panel
    assert made.panel.isVisible()
    assert not made.headphones.isHidden()
    qtbot.waitUntil(lambda: OTHER_CAMERA in made.cameras.rows, timeout=60_000)
    assert made.cameras.rows[CAMERA].isChecked()
    QTest.keyClick(made.cameras.rows[OTHER_CAMERA], Qt.Key.Key_R)
    assert session.director.view.state is StageState.READY, "no key of the page below is heard"
    made.cameras.rows[OTHER_CAMERA].click()
    qtbot.waitUntil(lambda: session.director.opened == session.selection(), timeout=60_000)
    made.microphones.rows[OTHER_MICROPHONE].click()
    qtbot.waitUntil(
        lambda: session.director.opened == session.selection() and session.director.view.state is StageState.READY,
        timeout=60_000,
    )
    now = session.settings.now
    assert (now.camera.id, now.camera_name, now.microphone.id) == (OTHER_CAMERA, "Camera 2", OTHER_MICROPHONE)
    assert window.main.current == "stage"
    QTest.keyClick(made.panel.done, Qt.Key.Key_Escape)
    assert made.panel.isHidden()
    assert stage.hasFocus(), "the next Space rolls"
    qtbot.waitUntil(lambda: StageAction.ROLL in stage.view.actions, timeout=60_000)
    QTest.keyClick(stage, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.director.recording, timeout=60_000)
    QTest.keyClick(stage, Qt.Key.Key_D)
    assert made.panel.isHidden(), "never while a take is made"


def test_the_green_room_chooses_beside_its_picture(window: Coordinator, qtbot: QtBot) -> None:
    window.main.page_chosen.emit("green_room")
    session, page = window._session, window.green_room.page
    qtbot.waitUntil(lambda: session.director.view.state is StageState.READY, timeout=60_000)
    assert page.second.text() == "Choose devices"
    page.second.click()
    made = window.devices_panel
    assert (made.panel.isVisible(), made.headphones.isHidden()) == (True, True)
    qtbot.waitUntil(lambda: SOUND_ONLY in made.cameras.rows, timeout=60_000)
    made.cameras.rows[SOUND_ONLY].click()
    qtbot.waitUntil(lambda: session.director.opened == session.selection(), timeout=60_000)
    assert session.settings.now.sound_only
    made.panel.done.click()
    assert (made.panel.isHidden(), window.main.current) == (True, "green_room")


def test_a_room_has_a_name_and_is_chosen_with_all_its_devices(window: Coordinator, qtbot: QtBot) -> None:
    on_stage(window, qtbot)
    session, made = window._session, window.devices_panel
    made.open(headphones=True)
    rooms = made.set_ups
    assert (rooms.rows, rooms.forget.isHidden(), rooms.note.isHidden()) == ({}, True, False)
    qtbot.keyClicks(rooms.name, "  The   kitchen ")
    qtbot.keyClick(rooms.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The kitchen" in rooms.rows, timeout=60_000)
    assert rooms.rows["The kitchen"].isChecked()
    session.settings.change(microphone=MicrophoneRequest(id=OTHER_MICROPHONE), microphone_name="Mic 2", line_x=0.0)
    qtbot.waitUntil(lambda: not rooms.rows["The kitchen"].isChecked(), timeout=60_000)
    rooms.name.setText("Studio")
    rooms.keep_button.click()
    qtbot.waitUntil(lambda: list(rooms.rows) == ["The kitchen", "Studio"], timeout=60_000)
    rooms.rows["The kitchen"].click()
    now = session.settings.now
    assert (now.microphone.id, now.line_x) == (MICROPHONE, 0.5)
    qtbot.waitUntil(lambda: session.director.opened == session.selection(), timeout=60_000)
    rooms.rows["Studio"].click()
    qtbot.waitUntil(lambda: rooms.forget.text() == "Forget “Studio”", timeout=60_000)
    rooms.forget.click()
    qtbot.waitUntil(lambda: list(rooms.rows) == ["The kitchen"], timeout=60_000)
    assert session.settings.now.microphone.id == OTHER_MICROPHONE, "the devices stay as they are"
    rooms.name.setText("The kitchen")
    rooms.keep_button.click()
    assert [one.microphone.id for one in session.settings.now.set_ups] == [OTHER_MICROPHONE], "one that has the name"
