"""Settings, devices: what is chosen is opened, seen, kept, and comes back when it is plugged in."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_settings import ON_THE_REAL_ONE, PATIENCE_MS, SMALL, Room, bridge, room, session, window
from ui_window import SLOW_PAIR, look_finds, nothing_ahead

from perfstudio.capture.devices import local_cameras, scan
from perfstudio.capture.devices.hotplug import HotplugChange
from perfstudio.capture.devices.scan import DeviceList
from perfstudio.model.device import PRACTICE, CameraInfo, CameraMode, CameraRequest, DeviceKind, MicrophoneInfo
from perfstudio.model.device import MicrophoneRequest as Mic
from perfstudio.paths import AppPaths
from perfstudio.session import devices
from perfstudio.session.devices import Devices, with_practice
from perfstudio.session.events import StageChanged
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from perfstudio.texts import devices as words
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.flows import device_choosing
from perfstudio.ui.settings.device_rows import NETWORK, SOUND_ONLY
from rigs.http_camera import HttpCamera
from rigs.pulse import PulseServer

__all__ = ["bridge", "room", "session", "window"]

pytestmark = pytest.mark.timeout(400)


@ON_THE_REAL_ONE
def test_the_room_shows_what_the_devices_give_and_lets_them_go(room: Room) -> None:
    room.choose_practice()
    room.enter()
    room.wait(room.preview.picture.has_picture)
    assert room.preview.picture.mirrored
    assert room.preview.gives.text().splitlines() == ["640 × 360 at 30", "48 kHz, mono, 16 bit"]
    assert room.preview.but.isHidden()
    room.wait(lambda: room.preview.level.text() not in ("", "No sound"))
    assert room.devices.cameras.rows[PRACTICE].isChecked()
    assert room.devices.microphones.rows[PRACTICE].isChecked()
    room.page.turn_to("look")
    room.wait_for(StageState.CLOSED)
    room.page.turn_to("devices")
    room.wait(room.preview.picture.has_picture)
    room.leave()
    room.wait_for(StageState.CLOSED)
    assert not room.preview._timer.isActive()


def test_another_size_and_sound_only_hold_at_once(room: Room) -> None:
    room.choose_practice()
    room.enter()
    room.wait_for(StageState.READY)
    room.devices.sizes.choose("1920x1080")
    room.wait(lambda: room.preview.gives.text().startswith("1920 × 1080"))
    assert (room.on_disk().camera, room.now.camera) == ((room.now.camera,) * 2)
    room.devices.cameras.rows[SOUND_ONLY].click()
    room.wait(lambda: room.preview.picture.accessibleDescription() == words.SOUND_ONLY)
    assert room.preview.gives.text() == "48 kHz, mono, 16 bit"
    assert room.on_disk().sound_only
    assert room.on_disk().camera is not None, "the camera is remembered for the day it is wanted again"
    assert not room.devices.sizes.isEnabled()
    room.wait(lambda: PRACTICE in room.devices.cameras.rows)  # once it has looked for devices
    room.devices.cameras.rows[PRACTICE].click()
    room.wait(lambda: room.preview.gives.text().startswith("1920 × 1080"))


def test_what_is_chosen_while_another_is_being_opened_is_opened_after_it(room: Room) -> None:
    room.choose_practice()
    room.enter()
    room.wait_for(StageState.OPENING)
    room.devices.sizes.choose("1920x1080")
    room.devices.sizes.choose("1280x720")
    room.devices.sizes.choose("1920x1080")
    room.wait(lambda: room.preview.gives.text().startswith("1920 × 1080"))
    assert room.session.director.opened == room.session.selection()


def test_a_device_that_is_away_stays_in_the_list_by_name(room: Room) -> None:
    room.session.settings.change(camera=SMALL, microphone=Mic(id="pulse:gone"), microphone_name="Blue Yeti")
    room.enter()
    room.wait_for(StageState.FAILED)
    room.wait(lambda: room.devices._devices is not None)
    row = room.devices.microphones.rows["pulse:gone"]
    assert row.isChecked()
    assert row.choice.name == "Blue Yeti"
    assert row.choice.chips == (("unplugged", "look"),)
    assert room.preview.picture.accessibleDescription() == words.away("Blue Yeti")
    assert room.preview.again.isVisible()
    room.wait(lambda: PRACTICE in room.devices.microphones.rows)  # once it has looked for devices
    room.devices.microphones.rows[PRACTICE].click()
    room.wait_for(StageState.READY)
    assert room.preview.again.isHidden()
    assert room.on_disk().microphone == Mic(id=PRACTICE)
    assert room.on_disk().microphone_name == "Practice microphone"
    assert "pulse:gone" not in room.devices.microphones.rows


def test_a_look_for_devices_that_breaks_off_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process was killed, or gave no answer: what is listed then is not all that there is."""
    monkeypatch.setattr(scan, "scan_apart", lambda: None)
    monkeypatch.setattr(local_cameras, "local_cameras", tuple)
    monkeypatch.setattr(device_choosing, "list_devices", devices.list_devices)
    room.enter()
    room.wait(lambda: room.window.main._notes.banners)
    (note,) = room.window.main._notes.banners
    assert note.sentence.text() == words.BROKEN_OFF
    assert devices.SYSTEM_MICROPHONE in room.devices.microphones.rows


def test_nothing_plugged_in_offers_practice_openly_and_chooses_it_for_nobody(room: Room) -> None:
    room.enter()
    room.window.settings.choosing.saw(with_practice((), ()))
    assert room.devices.cameras.note.text() == words.NO_CAMERAS
    assert room.now.selection() is None
    assert room.session.director.view.state is StageState.CLOSED
    assert room.preview.picture.accessibleDescription() == "Choose a camera and a microphone."
    assert room.devices.cameras.rows[PRACTICE].choice.chips == (("practice", "info"),)
    room.wait(lambda: PRACTICE in room.devices.cameras.rows)  # once it has looked for devices
    room.devices.cameras.rows[PRACTICE].click()
    assert room.now.microphone == Mic(id=PRACTICE), "there is no other microphone here"
    room.wait_for(StageState.READY)


def test_real_devices_are_marked_and_the_usual_pair_is_chosen_at_first(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = CameraInfo("usb:1", "Webcam " * 12, DeviceKind.LOCAL, (CameraMode(1920, 1080, 30),))
    one = MicrophoneInfo("pulse:a", "Built-in", DeviceKind.LOCAL, "PulseAudio", 2, 48000)
    two = MicrophoneInfo("pulse:b", "Headset", DeviceKind.LOCAL, "PulseAudio", 1, 48000, is_default=True)
    look_finds(monkeypatch, (camera,), (one, two))
    room.enter()
    room.wait_and_tell(lambda: room.now.camera == CameraRequest(id="usb:1"))
    assert room.now.microphone == Mic(id="pulse:b")
    room.wait(room.devices.microphones.rows["pulse:b"].isChecked)
    assert room.devices.microphones.rows["pulse:b"].choice.chips == ((words.SYSTEM_CHOICE, "plain"),)
    row = room.devices.cameras.rows["usb:1"]
    assert row.choice.detail == "up to 1920 × 1080"
    row.grab()
    assert row.toolTip() == camera.name, "a name that does not fit can still be read"
    assert room.devices.choices.horizontalScrollBar().maximum() == 0


@ON_THE_REAL_ONE
def test_a_network_camera_by_its_address(room: Room) -> None:
    room.choose_practice()
    room.enter()
    room.wait_for(StageState.READY)
    room.devices.cameras.rows[NETWORK].click()
    assert room.devices.address.hasFocus()
    QTest.keyClicks(room.devices.address, "cam.local/live")
    QTest.keyClick(room.devices.address, Qt.Key.Key_Return)
    assert room.devices.address_note.text() == words.BAD_ADDRESS
    assert room.now.camera == SMALL, "what is not an address changes nothing"
    with HttpCamera() as server:
        secret = server.url.replace("://", "://anna:secret@")
        room.devices.address.setText(secret)
        room.devices.connect_button.click()
        assert room.now.camera is not None
        assert room.now.camera.id == secret
        room.wait(lambda: room.preview.gives.text().startswith("640 × 360 at"))
        room.wait(room.preview.picture.has_picture)
        assert room.devices.cameras.rows[NETWORK].isChecked()
        room.wait(lambda: PRACTICE in room.devices.cameras.rows)  # once it has looked for devices
        room.devices.cameras.rows[PRACTICE].click()
        room.wait(lambda: room.preview.gives.text().startswith("640 × 360 at 30\n"))
        room.wait_for(StageState.READY)


def test_the_field_of_an_address_never_shows_its_password(room: Room) -> None:
    room.choose_practice()
    room.enter()
    room.wait_for(StageState.READY)
    room.devices.cameras.rows[NETWORK].click()
    with HttpCamera() as server:
        secret = server.url.replace("://", "://anna:secret@")
        room.devices.address.setText(secret)
        room.devices.connect_button.setFocus()
        room.devices.connect_button.click()
        room.wait(lambda: "secret" not in room.devices.address.text())
        assert room.devices.address.text() == server.url.replace("://", "://anna:•••@")
        room.devices.connect_button.click()
        assert room.now.camera is not None
        assert room.now.camera.id == secret, "left as it is shown, it is the address that was chosen"
        room.wait(lambda: PRACTICE in room.devices.cameras.rows)  # once it has looked for devices
        room.devices.cameras.rows[PRACTICE].click()
        room.wait(lambda: room.now.camera == SMALL)
        room.wait_for(StageState.READY)


def test_a_slow_look_does_not_overtake_the_watch(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    yeti = MicrophoneInfo("pulse:yeti", "Blue Yeti", DeviceKind.LOCAL, "PulseAudio", 1, 48000)
    looking, may_answer = threading.Event(), threading.Event()

    def look() -> Devices:
        looking.set()
        assert may_answer.wait(PATIENCE_MS / 1000)
        return with_practice((), ())

    monkeypatch.setattr(device_choosing, "list_devices", look)
    room.session.settings.change(camera=SMALL, microphone=Mic(id="pulse:yeti"))
    room.enter()
    room.wait(looking.is_set)
    room.session._devices_changed(HotplugChange(DeviceList((), (yeti,)), frozenset({yeti.id}), frozenset()))
    room.wait_and_tell(lambda: room.session.devices is not None)
    assert not room.microphone(yeti.id).choice.away
    may_answer.set()
    room.wait_and_tell(lambda: not room.window.settings.choosing._listing)
    assert not room.microphone(yeti.id).choice.away

    monkeypatch.setattr(device_choosing, "list_devices", lambda: pytest.fail("the watch has told what there is"))
    room.leave()
    room.enter()
    assert not room.microphone(yeti.id).choice.away


def test_a_microphone_that_comes_back_goes_on_by_itself(
    qtbot: QtBot, qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_ahead(monkeypatch, watched=True)
    with PulseServer() as server, server.chosen():
        server.add_source("built-in")
        server.play("built-in")
        server.add_source("yeti")
        server.play("yeti")
        bridge = Bridge()
        session = Session(AppPaths(home).prepare(), bridge.post, bridge)
        session.settings.change(camera=SLOW_PAIR.camera, microphone=Mic(id="pulse:yeti"))
        session.settings.change(theme="dark", reduced_motion=True)
        window = Coordinator(qapp, session, bridge)
        window.show()
        room = Room(qtbot, window, session)
        try:
            _unplug_and_plug_in(room, server)
        finally:
            window.main.close()
            window.close()
            session.close()
            bridge.close()
            window.main.deleteLater()


def _unplug_and_plug_in(room: Room, server: PulseServer) -> None:
    room.enter()
    room.wait_for(StageState.READY)
    room.wait_and_tell(lambda: room.session.devices is not None)
    assert room.microphone("pulse:yeti").isChecked()
    assert room.microphone("pulse:built-in").choice.chips == ((words.SYSTEM_CHOICE, "plain"),)
    assert room.now.microphone_name == "yeti-rig"
    server.remove_source("yeti")
    room.wait_for(StageState.FAILED)
    room.wait(lambda: room.microphone("pulse:yeti").choice.away)
    assert room.microphone("pulse:yeti").choice.name == "yeti-rig"
    server.add_source("yeti")
    server.play("yeti")
    room.wait_for(StageState.READY)
    room.wait(lambda: not room.microphone("pulse:yeti").choice.away)  # it may be opened before the next look is over

    room.leave()
    room.window.stage.enter(room.session.home.scenes.packs()[0].cards[0])
    room.wait_for(StageState.READY)
    server.remove_source("yeti")
    room.wait_for(StageState.FAILED)
    room.wait(lambda: not room.session.devices_are_back())
    states: list[StageState] = []
    room.session.bus.subscribe(StageChanged, lambda event: states.append(event.view.state))
    server.add_source("yeti")
    room.wait(lambda: StageState.OPENING in states and states[-1] is StageState.FAILED)
    server.play("yeti")  # it is listed before it works, as a headset is
    room.wait_for(StageState.READY)
    assert room.window.main.current == "stage"
