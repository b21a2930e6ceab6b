"""Settings: what is changed holds at once, is kept, and is told when it cannot be."""

from __future__ import annotations

import errno
import hashlib
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_settings import PATIENCE_MS, Room, bridge, room, session, window

import perfstudio
from perfstudio.model.device import PRACTICE
from perfstudio.paths import AppPaths
from perfstudio.session import settings_file
from perfstudio.session.home import Home
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.session.settings import ThemeChoice
from perfstudio.session.views import StageState
from perfstudio.texts import devices as words
from perfstudio.texts import face_model as face_words
from perfstudio.ui import theme
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.key_sheet import COLUMNS, KEYS
from perfstudio.ui.takes.reading import Store
from perfstudio.ui.widgets import Banner
from rigs.onnx_model import write_bright_finder
from rigs.take_rows import take_row

__all__ = ["bridge", "room", "session", "window"]

pytestmark = pytest.mark.timeout(400)


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
    assert room.window.main.toast._words.text() == "The list of takes was rebuilt: no takes."
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
    room.qtbot.waitUntil(lambda: len(room.window.main._notes.banners) == 1, timeout=PATIENCE_MS)


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
        qtbot.waitUntil(lambda: len(window.main._notes.banners) == 1, timeout=PATIENCE_MS)
        (banner,) = window.main.findChildren(Banner)
        assert "settings.unreadable.json" in banner.sentence.text()
        assert session.settings.now.performer_id == performer
    finally:
        window.close()
        session.close()


def test_all_keys_have_their_column() -> None:
    assert sorted(heading for column in COLUMNS for heading in column) == sorted(KEYS)


def test_takes_and_settings_name_the_same_room(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.session.home.takes, "free_bytes", lambda: 100_000_000_000)  # others use the disk too
    room.enter()
    room.page.turn_to("storage")
    room.wait(lambda: "room for" in room.page.storage.free.text())
    page, takes = room.window.takes.page, room.session.home.takes
    page._say_storage(Store((take_row(),), 41_000_000, takes.time_left_s()))
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
