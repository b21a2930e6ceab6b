"""Settings: what is chosen is opened, seen, kept, and comes back when it is plugged in."""

from __future__ import annotations

import errno
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import SLOW_PAIR, look_finds, nothing_ahead

import perfstudio
from perfstudio.model.clock import utc_now
from perfstudio.model.device import PRACTICE, CameraInfo, CameraMode, CameraRequest, DeviceKind, MicrophoneInfo
from perfstudio.model.device import MicrophoneRequest as Mic
from perfstudio.model.take import TakeState
from perfstudio.paths import AppPaths
from perfstudio.session import settings_file
from perfstudio.session.devices import with_practice
from perfstudio.session.events import StageChanged
from perfstudio.session.home import Home
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.recorder.link import RecorderLink
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings, ThemeChoice
from perfstudio.session.views import StageState, TakeLine
from perfstudio.texts import devices as words
from perfstudio.texts import face_model as face_words
from perfstudio.ui import theme
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.pages.takes import _Store
from perfstudio.ui.settings.choice_row import ChoiceRow
from perfstudio.ui.settings.devices_section import NETWORK, SOUND_ONLY
from perfstudio.ui.settings.keys_section import COLUMNS, KEYS
from perfstudio.ui.widgets import Banner
from rigs.http_camera import HttpCamera
from rigs.onnx_model import write_bright_finder
from rigs.pulse import PulseServer

PATIENCE_MS = 60_000
SMALL = CameraRequest(id=PRACTICE, width=640, height=360)

pytestmark = pytest.mark.timeout(400)


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
    made = Coordinator(qapp, session, bridge)
    made.main.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made.main)
    yield made
    made.main.close()
    made.close()
    made.main.deleteLater()


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


def test_nothing_plugged_in_offers_practice_openly_and_chooses_it_for_nobody(room: Room) -> None:
    room.enter()
    room.window.settings._show_devices(with_practice((), ()))
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


def test_arrow_keys_walk_through_devices_and_sections(room: Room) -> None:
    room.choose_practice()
    room.enter()
    room.wait_for(StageState.READY)
    room.wait(lambda: room.devices._devices is not None)
    room.wait(lambda: PRACTICE in room.devices.cameras.rows)  # once it has looked for devices
    row = room.devices.cameras.rows[PRACTICE]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Up)
    rows = list(room.devices.cameras.rows.values())
    assert rows[rows.index(row) - 1].hasFocus() or rows[0] is row
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert room.page.hasFocus()
    QTest.keyClick(room.page, Qt.Key.Key_Right)
    assert room.page.section == "look"


def test_the_look_changes_at_once_and_is_kept(room: Room) -> None:
    room.enter()
    room.page.turn_to("look")
    look = room.page.look
    look.themes.choose("light")
    room.wait(lambda: theme.theme_now().palette.name == "light")
    look.text.choose("150")
    room.wait(lambda: theme.theme_now().scale == 1.5)
    look.countdown.choose("10")
    room.wait(lambda: room.session.director.countdown_s == 10)
    look.prompt.choose("45")
    room.wait(lambda: room.window.stage.stage.prompt_px == 45)
    look.motion.setChecked(False)
    kept = room.on_disk()
    assert (kept.theme, kept.text_percent, kept.countdown_s, kept.prompt_px) == (ThemeChoice.LIGHT, 150, 10, 45)
    assert not kept.reduced_motion
    QTest.keyClick(room.window.stage.stage, Qt.Key.Key_Minus)
    QTest.keyClick(room.window.stage.stage, Qt.Key.Key_V)
    assert room.on_disk().prompt_px == 41, "the keys on the stage are remembered too"
    assert not room.on_disk().self_view
    room.wait(lambda: room.window.stage.stage.hud.picture.hidden_self)


def test_a_face_model_is_tried_kept_with_hash_and_licence_and_given_up(room: Room, tmp_path: Path) -> None:
    model = write_bright_finder(tmp_path / "bright.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_text("nothing")
    room.enter()
    room.page.turn_to("checks")
    faces, section = room.window.settings.faces, room.window.settings.faces.section
    assert section.state.text() == face_words.BUILT_IN
    assert section.built_in_button.isHidden()
    faces.choose(broken)
    room.wait(section.problem.text)
    assert "broken.onnx" in section.problem.text()
    assert room.now.face_model is None
    faces.choose(model)
    room.wait(lambda: room.now.face_model is not None)
    assert section.problem.isHidden()
    assert section.hash.text() == f"SHA-256 {hashlib.sha256(model.read_bytes()).hexdigest()}"
    section.licence.setFocus()
    QTest.keyClicks(section.licence, "MIT ")
    room.leave()
    kept = room.on_disk().face_model
    assert kept is not None
    assert (kept.path, kept.licence) == (str(model), "MIT")
    model.write_bytes(model.read_bytes() + b"\0")
    room.enter()
    room.wait(lambda: "not the file that was chosen" in section.problem.text())
    section.built_in_button.click()
    assert room.on_disk().face_model is None
    assert section.problem.isHidden()


def test_storage_name_and_key_are_told(room: Room) -> None:
    room.enter()
    room.page.turn_to("storage")
    room.wait(lambda: "free: room for" in room.page.storage.free.text())
    assert room.page.storage.used.text() == "No takes yet"
    assert room.page.storage.folder.text().endswith("takes")
    room.page.storage.rebuild_button.click()
    assert not room.page.storage.rebuild_button.isEnabled()
    room.wait(room.page.storage.rebuild_button.isEnabled)
    assert room.window.main.toast._words.text() == "The index was made anew: no takes."
    room.page.turn_to("you")
    room.wait(lambda: room.page.you.key.text() == words.FILE_TO_BE)
    room.page.you.name.setFocus()
    QTest.keyClicks(room.page.you.name, "Ines Moreau ")
    room.leave()
    assert room.on_disk().signed_name == "Ines Moreau", "leaving the room is enough"


def test_a_disk_that_refuses_is_said_and_the_choice_holds(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no room", str(file))

    room.enter()
    room.page.turn_to("look")
    monkeypatch.setattr(settings_file, "write_durably", full)
    room.page.look.countdown.choose("5")
    assert room.now.countdown_s == 5
    room.qtbot.waitUntil(lambda: room.window.main._notes.count() == 1, timeout=PATIENCE_MS)


def test_what_was_laid_aside_is_said_in_the_window(
    home: Path, qapp: QApplication, bridge: Bridge, qtbot: QtBot
) -> None:
    with Home(AppPaths(home)) as before:
        performer = before.settings.now.performer_id
    (home / "settings.json").write_bytes(b"{")
    session = Session(AppPaths(home).prepare(), bridge.post, bridge, recorder=FakeRecorder)
    window = Coordinator(qapp, session, bridge)
    qtbot.addWidget(window.main)
    try:
        qtbot.waitUntil(lambda: window.main._notes.count() == 1, timeout=PATIENCE_MS)
        (banner,) = window.main.findChildren(Banner)
        assert "settings.unreadable.json" in banner.sentence.text()
        assert session.settings.now.performer_id == performer
    finally:
        window.close()
        session.close()


def test_all_keys_have_their_column() -> None:
    assert sorted(heading for column in COLUMNS for heading in column) == sorted(KEYS)


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
    assert not room.microphone("pulse:yeti").choice.away

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


def test_takes_and_settings_name_the_same_room(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.session.home.takes, "free_bytes", lambda: 100_000_000_000)  # others use the disk too
    room.enter()
    room.page.turn_to("storage")
    room.wait(lambda: "room for" in room.page.storage.free.text())
    line = TakeLine(
        "take-1", "The letter", "Ines", (), "practice", "the-letter", 1, 12.0, utc_now(), TakeState.KEPT, circled=False,
        verdict=None, sent=False, size=1000, thumbnail=None, practice=True,
    )  # fmt: skip
    page, takes = room.window.takes.page, room.session.home.takes
    page._say_storage(_Store((line,), 41_000_000, takes.time_left_s()))
    words_of = re.compile("room for (about [0-9a-z ]+ (?:h|min|s))")
    there, here = (words_of.search(text) for text in (page.subtitle.text(), room.page.storage.free.text()))
    assert there is not None
    assert here is not None
    assert there[1] == here[1]
    assert "41 MB" in page.subtitle.text()


def test_a_unit_keeps_its_letters() -> None:
    assert words.used(2, 41_000_000) == "2 takes, 41 MB"
    product = Path(perfstudio.__file__).parent
    assert [f for f in product.rglob("*.py") if ".capitalize()" in f.read_text(encoding="utf-8")] == []
