"""The stage: keys that ask for what is allowed, words that stay readable, and nothing that moves while rolling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from ui_calibration import DEVICES
from ui_gallery import packs, pulse, stage_page

from perfstudio.capture.recording.messages import Stream, TakeEnding
from perfstudio.model.checks import CheckCode, CheckResult, LiveReading, Verdict
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.session.stage.state_machine import ACTIONS
from perfstudio.session.take_safety import SERIOUSNESS, LossKind, Seriousness, TakeLoss, TakeSafety
from perfstudio.session.views import Pulse, StageAction, StageState, StageView
from perfstudio.texts import notices
from perfstudio.ui import theme
from perfstudio.ui.pages.stage import StagePage
from perfstudio.ui.palette import DARK, contrast
from perfstudio.ui.stage.line_place import LinePlace, place_at
from perfstudio.ui.widgets import PlainLabel

HINT = CheckResult(code=CheckCode.CENTRING, verdict=Verdict.LOOK)
MUTED = CheckResult(code=CheckCode.ZEROS, verdict=Verdict.RETAKE, value=2.1, unit="s")
ENDING = {kind.value for kind in LossKind if SERIOUSNESS[kind] is Seriousness.ENDS} - {LossKind.DISK_ENDS.value}


class Stage:
    """A stage page with a pulse that can be changed and a record of what it asked."""

    def __init__(self, qtbot) -> None:
        self.asked: list[StageAction] = []
        self.pulse: Pulse | None = pulse()
        self.page = StagePage(
            poll=lambda: self.pulse, act=self.asked.append, hint_words=lambda hint: f"hint {hint.code.value}"
        )
        self.page._timer.setInterval(3_600_000)  # polled by hand
        qtbot.addWidget(self.page)
        self.page.resize(1280, 800)
        self.go(StageState.READY)
        with qtbot.waitExposed(self.page):
            self.page.show()

    def go(self, state: StageState, **more: object) -> None:
        self.page.show_view(StageView(state, ACTIONS[state], packs()[1].cards[0], take_number=3, **more))
        self.page.refresh()

    def texts(self) -> list[str]:
        labels = self.page.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text()]


@pytest.fixture
def stage(qtbot) -> Stage:
    return Stage(qtbot)


def test_stage_keys_ask_only_what_the_view_lists(qtbot, stage: Stage) -> None:
    keys = (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_M, Qt.Key.Key_B, Qt.Key.Key_Escape)
    expected = {
        StageState.READY: [StageAction.ROLL, StageAction.LEAVE],
        StageState.STARTING: [],
        StageState.ROLLING: [
            StageAction.CUT,
            StageAction.AGAIN,
            StageAction.MARK,
            StageAction.BROKE,
            StageAction.ABANDON,
        ],
        StageState.CUTTING: [],
        StageState.FAILED: [StageAction.RETRY, StageAction.LEAVE],
    }
    for state, actions in expected.items():
        stage.go(state)
        stage.asked.clear()
        for key in keys:
            qtbot.keyClick(stage.page, key)
        assert stage.asked == actions, state


def test_a_held_key_counts_once(stage: Stage) -> None:
    press = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
    held = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
    for event in (press, held, held):
        QApplication.sendEvent(stage.page, event)
    assert stage.asked == [StageAction.ROLL]


def test_a_click_on_a_hint_leaves_the_keys_with_the_stage(qtbot, stage: Stage) -> None:
    stage.go(StageState.ROLLING)
    qtbot.mouseClick(stage.page.hud.keys.hint(StageAction.MARK), Qt.MouseButton.LeftButton)
    qtbot.keyClick(stage.page, Qt.Key.Key_Space)
    assert stage.asked == [StageAction.MARK, StageAction.CUT]
    assert "marked 0:01" not in stage.texts()


def test_nothing_moves_while_rolling_but_time_level_and_picture(stage: Stage) -> None:
    stage.go(StageState.ROLLING)
    stage.pulse = pulse(elapsed_s=5.0, frames=150, reading=LiveReading(peak_dbfs=-14, hint=HINT))
    stage.page.refresh()
    before = stage.texts()
    for step in range(1, 20):
        stage.pulse = pulse(
            elapsed_s=5.0 + step * 0.033, frames=150 + step, reading=LiveReading(peak_dbfs=-40, hint=HINT)
        )
        stage.page.refresh()
        assert stage.texts() == before
    assert not any("hint" in text for text in before)
    stage.pulse = pulse(elapsed_s=6.0, frames=180, picture=None)
    stage.page.refresh()
    changed = set(stage.texts()) ^ set(before)
    assert {"0:05", "0:06"} <= changed
    assert len(changed) == 4  # the time and what is on the disk


def test_how_long_it_should_be_is_said_quietly_and_told_once_each(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("perfstudio.ui.pages.stage.announce", lambda _page, words: told.append(words))
    prompt = packs()[1].cards[0].prompt
    stage.go(StageState.ROLLING)
    told.clear()
    shown = []
    for second in (0.2, 1, prompt.min_s - 1, prompt.min_s, prompt.min_s + 1, prompt.max_s, prompt.max_s + 60):
        stage.pulse = pulse(elapsed_s=float(second))
        stage.page.refresh()
        shown.append(stage.page.hud._length.text())
    assert shown == ["2–4 min"] * 3 + ["long enough"] * 2 + ["past 4 min"] * 2
    assert told == ["2 min played: long enough.", "4 min played: as long as it should be."]
    stage.go(StageState.CUTTING)
    assert stage.page.hud._length.isHidden()
    stage.go(StageState.COUNTDOWN)
    assert stage.page.hud._length.text() in ("", "2–4 min")


def test_a_clip_stays_told_until_the_next_take_and_not_calibrated_is_never_hidden(stage: Stage) -> None:
    lamp = stage.page.hud.lamp
    stage.pulse = pulse(reading=LiveReading(peak_dbfs=0.0, rms_dbfs=-9.0, clipped=True))
    stage.go(StageState.ROLLING, devices=DEVICES, calibrated=False)
    assert "not calibrated" in stage.page.hud._slate.text()
    stage.pulse = pulse()
    for state in (StageState.CUTTING, StageState.READY):
        stage.go(state)
        assert lamp.isEnabled()
    stage.go(StageState.STARTING)
    stage.go(StageState.COUNTDOWN)
    assert not lamp.isEnabled()


def test_what_is_on_the_disk_is_said_at_once_when_it_changes_and_is_green_only_for_all_of_it(stage: Stage) -> None:
    stage.go(StageState.ROLLING)
    dot = stage.page.hud._disk_dot
    for moment, words, green in (
        (pulse(), "41 MB on disk", True),
        (pulse(safety=TakeSafety(missing=frozenset(Stream))), "Nothing is reaching the disk", False),
        (pulse(safety=TakeSafety(missing=frozenset({Stream.SOUND}))), "Sound is missing", False),
        (pulse(safety=TakeSafety(missing=frozenset({Stream.PICTURE}))), "The picture is missing", False),
        (pulse(safety=TakeSafety(behind=True)), "The picture is behind", False),
        (pulse(safety=TakeSafety(heard=False)), "The recorder is silent", False),
        (pulse(safety=TakeSafety()), "Nothing is on the disk yet", False),
        (pulse(), "41 MB on disk", True),
        (pulse(elapsed_s=108.4, dropped=2), "2 dropped", False),
        (pulse(elapsed_s=109.4, frame_age_s=None), "41 MB on disk", True),
    ):
        stage.pulse = moment
        stage.page.refresh()
        assert any(text.endswith(words) for text in stage.texts()), words
        assert (dot._colour == QColor(DARK.good)) is green, words
    assert "41 MB on disk" in stage.texts(), "no frames without a camera"


@pytest.mark.parametrize("kind", [kind for kind in LossKind if SERIOUSNESS[kind] is not Seriousness.NOTE])
@pytest.mark.parametrize("state", [StageState.COUNTDOWN, StageState.ROLLING])
def test_while_rolling_one_sentence_says_that_the_take_is_being_lost(
    stage: Stage, state: StageState, kind: LossKind
) -> None:
    gone = DeviceError(ErrorCode.MICROPHONE_LOST, id="Desk")
    notice = TakeEnding(EndReason.MICROPHONE_LOST, gone) if kind.value in ENDING else None
    loss, lesser = TakeLoss(kind, 1.0, notice), TakeLoss(LossKind.DISK_ENDS, 1.0)
    stage.go(state)
    calm = stage.texts()
    stage.pulse = pulse(safety=TakeSafety(losses=(loss, lesser), missing=frozenset({Stream.SOUND})))
    stage.page.refresh()
    new = [text for text in stage.texts() if text not in calm]
    assert new.count(notices.sentence(loss)) == 1, "the words of the verb"
    assert "Sound is missing" in new
    for value in (2.4, 2.9):  # numbers move, the sentence does not
        hint = MUTED.model_copy(update={"value": value})
        stage.pulse = replace(stage.pulse, reading=LiveReading(hint=hint))
        stage.page.refresh()
        assert [text for text in stage.texts() if text not in calm] == new
    stage.go(StageState.CUTTING)
    stage.pulse = pulse()
    stage.go(StageState.ROLLING)
    assert notices.sentence(loss) not in stage.texts()


def test_a_low_battery_is_hinted_at_before_the_take_and_never_in_it(stage: Stage) -> None:
    """PWR-6."""
    low = "The battery is low. Plug the computer in before you roll."
    stage.pulse = pulse(reading=LiveReading(peak_dbfs=-20), battery=0.1)
    stage.go(StageState.READY)
    assert low in stage.texts()
    stage.pulse = pulse(reading=LiveReading(peak_dbfs=-20, hint=HINT), battery=0.1)
    stage.page.refresh()
    assert low not in stage.texts(), "what the picture needs comes first"
    stage.pulse = pulse(reading=LiveReading(peak_dbfs=-20), battery=0.1)
    stage.go(StageState.ROLLING)
    assert low not in stage.texts()


def test_hints_wait_for_the_cut_and_a_loss_comes_first(stage: Stage) -> None:
    stage.pulse = pulse(reading=LiveReading(peak_dbfs=-20, hint=HINT))
    stage.page.refresh()
    assert "hint centring" in stage.texts()
    stage.go(StageState.ROLLING)
    assert "hint centring" not in stage.texts()
    stage.go(StageState.READY, problem=DeviceError(ErrorCode.MICROPHONE_LOST, id="Desk"))
    assert "hint centring" not in stage.texts()
    assert any("microphone" in text.lower() for text in stage.texts())


def test_failed_stage_is_dark_and_says_why(stage: Stage) -> None:
    stage.page.refresh()
    assert stage.page.hud.picture.has_picture()
    stage.go(StageState.FAILED, problem=DeviceError(ErrorCode.CAMERA_BUSY, id="Desk camera"))
    assert not stage.page.hud.picture.has_picture()
    assert "Desk camera" in stage.page.hud.picture.accessibleDescription()


def test_the_frame_is_red_from_go_to_cut_and_amber_before_it(stage: Stage) -> None:
    frames = {StageState.COUNTDOWN: DARK.look, StageState.ROLLING: DARK.record}
    for state in StageState:
        stage.go(state, countdown=2 if state is StageState.COUNTDOWN else 0)
        corner = stage.page.grab().toImage().pixelColor(1, 400)
        for colour in (DARK.look, DARK.record):
            assert (corner == QColor(colour)) == (frames.get(state) == colour), state


@pytest.mark.parametrize("size", [(1280, 800), (960, 600)])
def test_words_stay_readable_over_a_white_picture(qtbot, size: tuple[int, int]) -> None:
    """The darkness behind the words carries them whatever the camera sees."""
    white = np.full((540, 960, 4), 255, np.uint8)
    page = stage_page(StageState.ROLLING, size=size, moment=pulse(picture=white))
    page._timer.setInterval(3_600_000)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.resize(*size)
    page.refresh()
    scene = page.hud.picture.grab().toImage()
    for label in page.findChildren(PlainLabel):
        if label.isVisible() and label.text():
            foot = label.mapTo(page, QPoint(label.width() // 2, label.height() - 1))
            ground = scene.pixelColor(foot).name()
            assert contrast(label.palette().windowText().color().name(), ground) >= 4.5, label.text()
    keys = page.hud.keys
    top = keys.mapTo(page, QPoint(keys.width() // 2, 8))
    assert contrast("#cfcdc9", scene.pixelColor(top).name()) >= 4.5


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [(1280, 800), (960, 600)])
def test_words_on_the_stage_never_lie_on_each_other(qtbot, qapp, scale: float, size: tuple[int, int]) -> None:
    theme.apply(qapp, theme.ThemeState(DARK, scale))
    card = packs()[1].cards[0]
    title = "A title that is much longer than anybody would ever write on a slate, and then some more"
    line = "He opens the door before you knock, and you forget it all."
    long = card.prompt.model_copy(update={"title": title, "line": line})
    for state in (StageState.READY, StageState.ROLLING):
        page = stage_page(state, size=size)
        page._timer.setInterval(3_600_000)
        qtbot.addWidget(page)
        page.show_view(StageView(state, ACTIONS[state], replace(card, prompt=long), take_number=12, practice=True))
        page.resize(*size)
        with qtbot.waitExposed(page):
            page.show()
        page.refresh()
        for where in (LinePlace(), LinePlace(0, 0), LinePlace(1, 1), LinePlace(0.5, 0.5)):
            page.hud.set_line_place(where)
            apart(page)


def apart(page: StagePage) -> None:
    """All words, keys, figures and the lamp are inside, and none of them lies on another."""
    places = [w for w in page.findChildren(PlainLabel) if w.isVisible() and w.text()]
    places += [page.hud.keys, page.hud.lamp, page.hud._scale, page.hud.meter]
    for place in places:
        assert page.rect().contains(place.geometry()), place
        for other in places:
            assert place is other or not place.geometry().intersects(other.geometry()), (place, other)


def test_the_line_goes_where_the_lens_is_by_key_and_by_hand(qtbot) -> None:
    placed: list[LinePlace] = []
    page = StagePage(poll=lambda: None, act=lambda _: None, hint_words=lambda _: "", placed=placed.append)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show_view(StageView(StageState.READY, ACTIONS[StageState.READY], packs()[1].cards[0], take_number=3))
    page.show()
    at_top = page.hud.line_rect()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
        qtbot.keyClick(page, key, Qt.KeyboardModifier.ShiftModifier)
    assert placed == [LinePlace(0.375, 0), LinePlace(0.375, 0.125)]
    assert page.hud.line_rect().left() < at_top.center().x() < page.hud.line_rect().right() + 400
    qtbot.keyClick(page, Qt.Key.Key_Left)
    assert len(placed) == 2, "without Shift an arrow is nothing here"
    qtbot.mousePress(page, Qt.MouseButton.LeftButton, pos=page.hud.line_rect().center())
    qtbot.mouseMove(page, QPoint(1000, 500))
    qtbot.mouseRelease(page, Qt.MouseButton.LeftButton, pos=QPoint(1000, 500))
    assert (placed[-1].x > 0.8, placed[-1].y > 0.6) == (True, True)
    assert page.hud.line_rect().right() < page.hud._scale.geometry().left()
    qtbot.keyClick(page, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert (placed[-1], page.hud.line_rect()) == (LinePlace(), at_top)
    assert place_at(QPoint(640, 30), QRect(0, 0, 1280, 700), QSize(400, 100)) == LinePlace(), "near the top is the top"


def test_prompt_line_grows_by_key_and_stays_inside(qtbot, stage: Stage) -> None:
    for _ in range(30):
        qtbot.keyClick(stage.page, Qt.Key.Key_Plus)
    assert stage.page.prompt_px == 64
    for label in stage.page.findChildren(PlainLabel):
        if label.isVisible() and label.text():
            assert stage.page.rect().contains(label.geometry()), label.text()


def test_polling_rests_while_the_stage_is_not_seen(qtbot, stage: Stage) -> None:
    assert stage.page._timer.isActive()
    stage.page.hide()
    assert not stage.page._timer.isActive()


@pytest.mark.parametrize("size", [(1280, 800), (3840, 2160)])
def test_what_counts_is_read_from_two_metres(qtbot, size: tuple[int, int]) -> None:
    """Time, line, level and what is on the disk: 40 pixels in a window of 1280 by 800, and more in a larger one."""
    least = 40 * min(size[0] / 1280, size[1] / 800)
    for state in (StageState.READY, StageState.ROLLING):
        page = stage_page(state, size=size)
        page._timer.setInterval(3_600_000)
        qtbot.addWidget(page)
        page.show()
        hud = page.hud
        hud.show_hint("The camera stopped.")
        for label in (hud._time, hud._line, hud._level, hud._disk, hud._pill):
            wanted = 40 if label is hud._line else least  # the line is as large as the performer likes it
            assert label.font().pixelSize() >= round(wanted), label.text()
