"""The green room's page: what it shows of each state, what each key does, and the whole way with a real recorder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_green_room import Acted, check_of, result, stage
from ui_window import SLOW_PAIR, look_finds, nothing_ahead, shown_window

from perfstudio.model.checks import CheckCode, LiveReading, Verdict
from perfstudio.model.errors import DeviceError, ErrorCode, LibraryError
from perfstudio.model.room import RoomPart, RoomTopic
from perfstudio.paths import AppPaths
from perfstudio.session.calibration.headphone_clicks import ClicksState, ClicksView
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.recorder.link import RecorderLink
from perfstudio.session.room_check import script_pace
from perfstudio.session.room_views import RoomCheckView, RoomState
from perfstudio.session.session import Session
from perfstudio.session.views import Progress, StageState
from perfstudio.texts import green_room as words
from perfstudio.texts import hints
from perfstudio.ui import theme
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.green_room.clicks_part import ClickActs
from perfstudio.ui.green_room.headphones_card import HeadphoneActs
from perfstudio.ui.green_room.readings import ChangesCard, ReadingsCard
from perfstudio.ui.green_room.steps import Standing
from rigs.practice_clip import write_clip

PATIENCE_MS = 90_000

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real take.mp4."""
    folder = tmp_path_factory.mktemp("check")
    write_clip(folder / "take.mp4", 2.0, size=(320, 180))
    return folder


@pytest.fixture
def alone(qtbot: QtBot) -> Acted:
    made = Acted()
    qtbot.addWidget(made.page)
    made.page.resize(1100, 720)
    made.page.show()
    return made


def test_before_the_check_space_begins_and_a_hint_is_said_once_at_a_time(alone: Acted) -> None:
    page = alone.page
    page.show_view(RoomCheckView(RoomState.LOOK, stage()), "Camera · Microphone")
    assert page.subtitle.text() == "Camera · Microphone"
    assert alone.press(Qt.Key.Key_Space) == ["begin"]
    assert alone.press(Qt.Key.Key_Escape) == ["leave"]
    assert alone.press(Qt.Key.Key_S) == [], "nobody to play: nothing to skip to"
    dark = check_of(CheckCode.BRIGHTNESS, Verdict.LOOK, 20, direction="dark", where="face")
    alone.pulse = (replace(alone.pulse[0], reading=LiveReading(hint=dark)), None)
    page.refresh()
    assert page.instruction.detail.text() == hints.hint(dark)
    alone.pulse = (replace(alone.pulse[0], reading=LiveReading(face_box=(0.4, 0.2, 0.2, 0.4))), None)
    page._live_s = 5.0
    page.refresh()
    assert page.instruction.detail.text() == words.LOOKS_GOOD


def test_while_clicks_are_played_nothing_else_begins_and_escape_stops_them(qtbot: QtBot) -> None:
    stopped: list[str] = []
    clicks = ClickActs(lambda: None, lambda: stopped.append("clicks"), lambda: 0.0)
    acted = Acted(headphones=HeadphoneActs(lambda: None, lambda _: None, lambda _: None, clicks))
    page = acted.page
    qtbot.addWidget(page)
    page.show()
    page.show_view(RoomCheckView(RoomState.LOOK, stage()), " ")
    page.show_clicks(ClicksView(ClicksState.PLAYING, possible=True))
    assert acted.press(Qt.Key.Key_Space) == []
    assert not page.steps.isVisible(), "the card is before the eyes"
    assert acted.press(Qt.Key.Key_Escape) == []
    assert stopped == ["clicks"]
    page.show_clicks(ClicksView(ClicksState.READY, possible=True))
    assert page.steps.isVisible()
    assert acted.press(Qt.Key.Key_Space) == ["begin"]
    assert acted.press(Qt.Key.Key_Escape) == ["leave"]


def test_while_devices_open_nothing_can_begin(alone: Acted) -> None:
    alone.page.show_view(RoomCheckView(RoomState.LOOK, stage(StageState.OPENING)), " ")
    assert alone.press(Qt.Key.Key_Space) == []
    assert not alone.page.first.isEnabled()


def test_without_devices_it_says_why_and_offers_a_way_on(alone: Acted) -> None:
    gone = DeviceError(ErrorCode.CAMERA_BUSY, id="usb:1")
    alone.page.show_view(RoomCheckView(RoomState.LOOK, stage(StageState.FAILED, gone)), " ")
    assert alone.page.instruction.headline.text() == words.NOT_HERE
    assert alone.page.instruction.detail.text()
    assert alone.press(Qt.Key.Key_Space) == ["retry"]
    assert alone.press(Qt.Key.Key_R) == ["choose"]


def test_a_device_that_went_away_in_the_middle_ends_the_check_calmly(alone: Acted) -> None:
    lost = DeviceError(ErrorCode.MICROPHONE_LOST, id="usb:1")
    alone.page.show_view(RoomCheckView(RoomState.LOOK, stage(StageState.FAILED, lost), problem=lost), " ")
    assert alone.page.instruction.headline.text() == words.CUT_SHORT
    assert alone.page.instruction.detail.text() == words.problem(lost)
    assert alone.press(Qt.Key.Key_Space) == ["retry"]


def test_with_nothing_chosen_it_leads_to_the_choice(alone: Acted) -> None:
    alone.page.show_view(RoomCheckView(RoomState.LOOK, stage(StageState.CLOSED)), " ")
    assert alone.press(Qt.Key.Key_Space) == []
    assert alone.press(Qt.Key.Key_R) == ["choose"]


def test_while_it_runs_only_stopping_is_offered(alone: Acted) -> None:
    page = alone.page
    page.show_view(RoomCheckView(RoomState.RUNNING, stage(), part=RoomPart.LOUD), " ")
    assert page.instruction.headline.text() == words.PARTS[RoomPart.LOUD][2]
    standings = {part: line.standing for part, line in page.steps.lines.items()}
    assert standings[None] is standings[RoomPart.TONE] is Standing.DONE
    assert standings[RoomPart.LOUD] is Standing.NOW
    assert standings[RoomPart.PLAY] is Standing.LATER
    assert "now" in page.steps.lines[RoomPart.LOUD].accessibleName()
    alone.pulse = (alone.pulse[0], Progress(0.5, again=False))
    page.refresh()
    assert page.instruction.progress.value() == 500
    for key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_S):
        assert alone.press(key) == []
    assert alone.press(Qt.Key.Key_Escape) == ["give_up"]


def test_a_word_in_the_room_tone_is_answered_calmly(alone: Acted) -> None:
    alone.page.show_view(RoomCheckView(RoomState.RUNNING, stage(), part=RoomPart.TONE), " ")
    alone.pulse = (alone.pulse[0], Progress(0.0, again=True))
    alone.page.refresh()
    assert alone.page.instruction.detail.text() == words.STILL_AGAIN


def test_the_result_says_what_was_found_and_what_changed(alone: Acted, clip: Path) -> None:
    page = alone.page
    page.show_view(RoomCheckView(RoomState.RESULT, stage(), result=result(clip)), " ")
    readings, changes = page.cards
    assert isinstance(readings, ReadingsCard)
    assert isinstance(changes, ChangesCard)
    assert list(readings.lines) == [RoomTopic.ROOM, RoomTopic.SOFT, RoomTopic.SYNC]
    assert "Room: The room is quiet. Noise −61 dB" in readings.lines[RoomTopic.ROOM].accessibleName()
    assert changes.sentences == ["You sit about a hand closer. Move back by that much if it should match."]
    assert page.instruction.headline.text() == "One thing to look at."
    assert page.steps.isHidden()
    assert alone.press(Qt.Key.Key_Space) == ["go_on"]
    assert alone.press(Qt.Key.Key_R) == ["begin"]
    assert alone.press(Qt.Key.Key_Escape) == ["leave"]


def test_a_device_that_goes_beside_a_result_leaves_the_result_and_takes_the_next_check_away(
    alone: Acted, clip: Path
) -> None:
    gone = DeviceError(ErrorCode.CAMERA_LOST, id="usb:1")
    alone.page.show_view(RoomCheckView(RoomState.RESULT, stage(StageState.FAILED, gone), result=result(clip)), " ")
    assert alone.press(Qt.Key.Key_R) == []
    assert not alone.page.second.isEnabled()
    assert alone.press(Qt.Key.Key_Space) == ["go_on"]


def test_what_could_not_be_kept_is_said_beside_the_result(alone: Acted, clip: Path) -> None:
    unkept = LibraryError(ErrorCode.DISK_FULL, folder="home", free_mb=0, needed_mb=1)
    alone.page.show_view(RoomCheckView(RoomState.RESULT, stage(), result=replace(result(clip), unkept=unkept)), " ")
    assert words.NOT_KEPT in alone.page.instruction.detail.text()


def test_a_check_that_was_cut_short_says_so_and_begins_again(alone: Acted) -> None:
    lost = DeviceError(ErrorCode.MICROPHONE_LOST, id="usb:1")
    alone.page.show_view(RoomCheckView(RoomState.LOOK, stage(), problem=lost), " ")
    assert alone.page.instruction.headline.text() == words.CUT_SHORT
    alone.page.refresh()
    assert alone.page.instruction.detail.text(), "the reason stays until it begins again"
    assert alone.press(Qt.Key.Key_Space) == ["begin"]


def test_every_control_has_a_name_and_can_be_reached(alone: Acted, clip: Path) -> None:
    alone.page.show_view(RoomCheckView(RoomState.RESULT, stage(), result=result(clip)), " ")
    for button in (alone.page.back, alone.page.play_button, alone.page.second, alone.page.first):
        assert button.accessibleName()
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus


# the whole way

ON_THE_FAKE = pytest.mark.parametrize("session", [FakeRecorder], indirect=True, ids=["fake"])
"""For what no real recorder is needed to prove."""


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


@pytest.fixture
def session(request: pytest.FixtureRequest, home: Path, bridge: Bridge) -> Iterator[Session]:
    made = Session(AppPaths(home).prepare(), bridge.post, bridge, recorder=getattr(request, "param", RecorderLink))
    yield made
    made.close()


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, session: Session, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    look_finds(monkeypatch)
    session.settings.change(theme="dark", reduced_motion=True, camera=SLOW_PAIR.camera, microphone=SLOW_PAIR.microphone)
    with shown_window(qapp, session, bridge, QSize(1280, 800)) as made:
        qtbot.waitExposed(made.main)
        yield made


def test_from_the_brief_through_the_check_onto_the_stage(
    qtbot: QtBot, window: Coordinator, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("TONE_S", 0.8), ("TONE_PATIENCE_S", 1.2), ("PLAY_S", 1.5), ("LINE_PATIENCE_S", 2.0)):
        monkeypatch.setattr(script_pace, name, seconds)
    card = session.home.scenes.packs()[0].cards[0]
    window.stage.read(card)
    QTest.keyClick(window.stage.brief, Qt.Key.Key_G)
    assert window.main.current == "green_room"
    page = window.green_room.page
    qtbot.waitUntil(page.first.isEnabled, timeout=PATIENCE_MS)
    assert "Practice camera" in page.subtitle.text()
    QTest.keyClick(page, Qt.Key.Key_Space)

    def shown(state: RoomState) -> None:
        """The page hears of it one turn after the room."""
        qtbot.waitUntil(lambda: page._view is not None and page._view.state is state, timeout=PATIENCE_MS)

    shown(RoomState.RUNNING)
    assert "Recording" in window.main.windowTitle()
    shown(RoomState.RESULT)
    assert "Recording" not in window.main.windowTitle()
    file = session.green_room.view.result.file  # type: ignore[union-attr]
    assert file.is_file()
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert window.main.current == "stage"
    assert session.director.view.state is StageState.READY, "the devices stayed open"
    qtbot.waitUntil(lambda: not file.exists(), timeout=PATIENCE_MS)
    window.stage.read(card)
    qtbot.waitUntil(lambda: "Set-up checked today" in window.stage.brief._note.text(), timeout=PATIENCE_MS)


@ON_THE_FAKE
def test_leaving_by_the_rail_in_the_middle_gives_the_check_up(
    qtbot: QtBot, window: Coordinator, session: Session, home: Path
) -> None:
    window.main.page_chosen.emit("green_room")
    page = window.green_room.page
    qtbot.waitUntil(page.first.isEnabled, timeout=PATIENCE_MS)
    page.go_on()
    qtbot.waitUntil(lambda: session.green_room.view.part is RoomPart.TONE, timeout=PATIENCE_MS)
    window.main.page_chosen.emit("takes")
    assert window.main.current == "takes"
    assert session.green_room.view.state is RoomState.LOOK
    qtbot.waitUntil(lambda: not any((home / "green-room").iterdir()), timeout=PATIENCE_MS)
    assert "Recording" not in window.main.windowTitle()


@ON_THE_FAKE
def test_what_is_not_calibrated_leads_to_where_it_is_measured(
    qtbot: QtBot, window: Coordinator, session: Session
) -> None:
    window.main.page_chosen.emit("green_room")
    page = window.green_room.page
    qtbot.waitUntil(page.first.isEnabled, timeout=PATIENCE_MS)
    assert page._acts.calibrate is not None
    page._acts.calibrate()
    assert window.main.current == "settings"
    assert window.settings.page.section == "devices"
    qtbot.waitUntil(lambda: session.director.view.state is StageState.READY, timeout=PATIENCE_MS)
    qtbot.waitUntil(window.settings.calibration.card.isVisible, timeout=PATIENCE_MS)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_where_words_are_large_the_caps_go_and_no_word_is_cut(
    qapp: QApplication, qtbot: QtBot, clip: Path, scale: float
) -> None:
    before = theme.theme_now()
    theme.apply(qapp, replace(before, scale=scale))
    page = Acted().page
    qtbot.addWidget(page)
    page.show_view(RoomCheckView(RoomState.RESULT, stage(), result=result(clip)), "")
    page.resize(880, 600)
    page.show()
    buttons = (page.back, page.play_button, page.second, page.first)
    qtbot.waitUntil(lambda: all(b.width() >= b.sizeHint().width() for b in buttons), timeout=60_000)
    bare = page.first.sizeHint().width()
    page.first.show_cap(True)
    assert (page.first.sizeHint().width() == bare) is (scale == 1.0)
    theme.apply(qapp, before)
