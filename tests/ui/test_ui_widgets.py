"""Widgets by keyboard, by name, and by the pixels that matter."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    Chip,
    ElidedLabel,
    EmptyState,
    FlowLayout,
    KeyHint,
    KeyHintRow,
    Level,
    LevelMeter,
    Link,
    PlainLabel,
    Rail,
    SearchField,
    SegmentedFilter,
    Toast,
    Toggle,
    Viewfinder,
)
from perfstudio.ui.widgets.meter_scale import LevelScale, ScaledMeter
from perfstudio.ui.widgets.question import Choice, Question
from perfstudio.ui.widgets.reading_text import ReadingText, set_lines
from perfstudio.ui.widgets.tiles import TileGrid


def shown(qtbot, widget: QWidget, width: int = 400, height: int = 200) -> QWidget:
    """A widget on the screen, with the focus where it asks."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_labels_show_markup_as_text(qtbot) -> None:
    label = shown(qtbot, PlainLabel("<b>loud</b> <img src='/dev/zero'>"))
    assert label.textFormat() is Qt.TextFormat.PlainText
    wide = label.fontMetrics().horizontalAdvance("<b>loud</b> <img src='/dev/zero'>")
    assert label.sizeHint().width() >= wide


def test_elided_label_keeps_the_whole_text_at_hand(qtbot) -> None:
    label = shown(qtbot, ElidedLabel("a line that is much too long for the room it gets"), 120, 30)
    label.grab()
    assert label.toolTip() == label.text()


@pytest.mark.parametrize("kind", list(ButtonKind))
def test_button_by_keyboard_and_by_name(qtbot, kind: ButtonKind) -> None:
    pressed = []
    button = shown(qtbot, Button("Keep", kind, key="K", on_click=lambda: pressed.append(1)))
    assert (button.accessibleName(), button.accessibleDescription()) == ("Keep", "K")
    button.clearFocus()
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.grab().toImage() != before, "keyboard focus must be visible"
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [1]
    assert button.height() >= 24


def test_toggle_by_keyboard_and_in_shape(qtbot) -> None:
    toggle = shown(qtbot, Toggle("Let people study it"), 46, 26)
    assert toggle.accessibleName() == "Let people study it"
    off = toggle.grab().toImage()
    toggle.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()
    on = toggle.grab().toImage()
    # the knob has moved: what was at the start is at the end, without help of colour
    assert off.pixelColor(13, 13).lightness() > 100
    assert on.pixelColor(33, 7).lightness() < 60
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=QPoint(44, 13))
    assert not toggle.isChecked()


def test_filter_moves_by_arrows_and_is_one_tab_stop(qtbot) -> None:
    choices = shown(qtbot, SegmentedFilter("Show", {"all": "All", "todo": "To do", "done": "Done"}))
    choices.count("all", 3)
    heard = []
    choices.chosen.connect(heard.append)
    chips = choices.findChildren(Chip)
    assert [chip.accessibleName() for chip in chips] == ["All 3", "To do", "Done"]
    qtbot.mouseClick(chips[2], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    assert choices.current() == "all"
    heard.clear()
    chips[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chips[0], Qt.Key.Key_Right)
    qtbot.keyClick(chips[1], Qt.Key.Key_End)
    assert heard == ["todo", "done"]
    assert choices.current() == "done"
    assert [chip.focusPolicy() is Qt.FocusPolicy.StrongFocus for chip in chips] == [False, False, True]


def test_search_escape_empties_first(qtbot) -> None:
    field = shown(qtbot, SearchField("Character"))
    qtbot.keyClicks(field, "ines")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_meter_rises_at_once_falls_steadily_and_says_the_word(qtbot) -> None:
    meter = shown(qtbot, LevelMeter(), 200, 10)
    meter.show_level(-12, 0.03)
    assert meter.level is Level.GOOD
    full = bar(meter)
    assert full == pytest.approx(0.8, abs=0.02)
    meter.show_level(-60, 1.0)
    assert bar(meter) == pytest.approx((60 - 12 - 20 / 1.7) / 60, abs=0.02)
    for _ in range(200):
        meter.show_level(-45, 0.033)
    assert meter.level is Level.QUIET
    assert meter.accessibleDescription() == "Too quiet"
    meter.show_level(-3, 0.03)
    assert meter.level is Level.LOUD
    meter.show_level(-0.2, 0.03, clipped=True)
    assert meter.level is Level.CLIPPING
    for _ in range(400):
        meter.show_level(-120, 0.033)
    assert meter.level is Level.SILENT


def test_a_clip_stays_told_until_it_is_put_out(qtbot) -> None:
    both = shown(qtbot, ScaledMeter(), 300, 30)
    meter, lamp = both.meter, both.lamp
    assert not lamp.isEnabled()
    meter.show_level(0.0, 0.03, clipped=True)
    for _ in range(400):
        meter.show_level(-20, 0.033)
    assert (meter.level, meter.has_clipped, lamp.isEnabled()) == (Level.GOOD, True, True)
    assert meter.accessibleDescription() == "Good level. It has clipped."
    lamp.click()
    assert (meter.has_clipped, lamp.isEnabled(), lamp.accessibleDescription()) == (False, False, "")
    assert meter.accessibleDescription() == "Good level"


@pytest.mark.parametrize("upright", [False, True])
def test_the_scale_stands_where_the_meter_has_these_levels(qtbot, upright: bool) -> None:
    scale = shown(qtbot, LevelScale(scale_orientation(upright)), 300, 300)
    meter = shown(qtbot, LevelMeter(scale_orientation(upright)), 300, 300)
    for dbfs in (-6, -20, -50):
        meant, box = meter._part(dbfs, dbfs), scale._box(dbfs)
        at, stands = (meant.bottom(), box.center().y()) if upright else (meant.left(), box.center().x())
        assert stands == pytest.approx(at, abs=2)


def scale_orientation(upright: bool) -> Qt.Orientation:
    return Qt.Orientation.Vertical if upright else Qt.Orientation.Horizontal


def bar(meter: LevelMeter) -> float:
    """Share of the meter that is filled."""
    image = meter.grab().toImage()
    empty = theme_now().color("ground3")
    return next(x for x in range(4, 196) if image.pixelColor(x, 5) == empty) / 200


def test_meter_does_not_chatter(qtbot) -> None:
    """The value that readers announce moves with the word only."""
    meter = shown(qtbot, LevelMeter(), 200, 10)
    meter.show_level(-12, 0.03)
    values = []
    meter.valueChanged.connect(values.append)
    for step in range(60):
        meter.show_level(-12 - step % 5, 0.033)
    assert values == []


def test_picture_is_mirrored_on_screen_and_untouched_in_memory(qtbot) -> None:
    finder = shown(qtbot, Viewfinder(), 320, 180)
    picture = np.zeros((90, 160, 4), np.uint8)
    picture[:, :80, 2] = 255  # the left half is red (BGRX)
    kept = picture.copy()
    finder.show_picture(picture)
    image = finder.grab().toImage()
    assert image.pixelColor(300, 90) == QColor("#ff0000")
    assert image.pixelColor(20, 90) == QColor("#000000")
    finder.mirrored = False
    assert finder.grab().toImage().pixelColor(20, 90) == QColor("#ff0000")
    assert (picture == kept).all()
    finder.hide_self(True)
    assert finder.grab().toImage().pixelColor(20, 90).red() < 20


def test_picture_fills_until_too_much_would_be_hidden(qtbot) -> None:
    finder = shown(qtbot, Viewfinder(), 1280, 800)
    finder.show_picture(np.zeros((540, 960, 4), np.uint8))
    assert finder.picture_rect().width() > 1280
    finder.resize(800, 800)
    assert finder.picture_rect().width() == pytest.approx(800)
    assert finder.picture_rect().height() == pytest.approx(450)


def test_picture_with_padding_between_rows(qtbot) -> None:
    """A view into a wider array keeps its own stride."""
    wide = np.zeros((90, 200, 4), np.uint8)
    wide[..., 1] = 255
    wide[:, 160:, 2] = 255
    finder = shown(qtbot, Viewfinder(), 160, 90)
    finder.show_picture(wide[:, :160])
    image = finder.grab().toImage()
    assert {image.pixelColor(x, 80).name() for x in (0, 80, 159)} == {"#00ff00"}


def test_toast_undoes_once_and_goes(qtbot) -> None:
    host = shown(qtbot, QWidget())
    toast = Toast(host)
    undone = []
    toast.show_message("Take 3 is in the bin.", undo=lambda: undone.append(1))
    assert toast.isVisible()
    assert host.rect().contains(toast.geometry())
    button = toast.findChild(Button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert undone == [1]
    assert not toast.isVisible()
    toast.show_message("A sentence that is far too long for the small window that has to show it, and wraps.")
    assert host.rect().contains(toast.geometry())


def test_question_is_safe_by_default_and_keeps_the_focus(qtbot) -> None:
    host = QWidget()
    below = Button("Below", parent=host)
    shown(qtbot, host, 600, 400)
    below.setFocus(Qt.FocusReason.TabFocusReason)
    question = Question(host)
    answers = []
    choices = (Choice("Keep rolling", lambda: answers.append("roll")), Choice("Cut", lambda: answers.append("cut")))
    question.ask("The take is rolling.", "Closing cuts and saves it.", choices)
    first = next(b for b in question.findChildren(Button) if b.text() == "Keep rolling")
    assert host.window().focusWidget() is first
    for _ in range(3):
        qtbot.keyClick(host.window().focusWidget(), Qt.Key.Key_Tab)
        assert question.isAncestorOf(host.window().focusWidget())
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert answers == ["roll"]
    assert not question.isVisible()
    assert host.window().focusWidget() is below
    question.ask("Again?", "", choices)
    second = next(b for b in question.findChildren(Button) if b.text() == "Cut" and b.isVisible())
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert answers == ["roll", "cut"]


def test_empty_state_shows_every_line(qtbot) -> None:
    state = EmptyState(
        "empty", "Nothing here", "A sentence that is so long that it has to be broken over some lines. " * 3
    )
    shown(qtbot, state, 700, 400)
    assert state.sentence.height() >= state.sentence.heightForWidth(state.sentence.width())
    assert state.sentence.width() > 400


def test_banner_offers_what_can_be_done(qtbot) -> None:
    done = []
    banner = Banner("The camera is gone.", "look", action=("Try again", lambda: done.append(1)), on_close=lambda: None)
    shown(qtbot, banner)
    assert banner.accessibleName() == "The camera is gone."
    qtbot.mouseClick(banner.findChild(Button), Qt.MouseButton.LeftButton)
    assert done == [1]


def test_rail_marks_and_moves(qtbot) -> None:
    rail = shown(qtbot, Rail({"a": ("scenes", "Scenes"), "b": ("settings", "Settings")}, foot="b"), 90, 400)
    heard = []
    rail.chosen.connect(heard.append)
    rail.mark("a")
    rail.button("a").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(rail.button("a"), Qt.Key.Key_Down)
    assert rail.button("b").hasFocus()
    assert heard == []
    qtbot.keyClick(rail.button("b"), Qt.Key.Key_Space)
    assert heard == ["b"]


def test_key_hints_wrap_and_speak(qtbot) -> None:
    row = KeyHintRow()
    for number in range(6):
        row.add(str(number), "Space", "broke character")
    shown(qtbot, row, 700, 80)
    assert row.heightForWidth(2000) < row.heightForWidth(400)
    heard = []
    row.triggered.connect(heard.append)
    qtbot.mouseClick(row.hint("3"), Qt.MouseButton.LeftButton)
    assert heard == ["3"]
    row.show_only("1", "2")
    assert [row.hint(str(n)).isHidden() for n in range(4)] == [True, False, False, True]


def test_flow_breaks_lines_and_mirrors(qtbot) -> None:
    host = QWidget()
    flow = FlowLayout(host, spacing=10)
    boxes = [Chip("word", parent=host) for _ in range(6)]
    for box in boxes:
        flow.addWidget(box)
    shown(qtbot, host, boxes[0].sizeHint().width() * 2 + 15, 300)
    assert boxes[1].y() == boxes[0].y()
    assert boxes[2].y() > boxes[0].y()
    assert boxes[0].x() == 0
    host.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    flow.activate()
    assert boxes[0].geometry().right() >= host.width() - 2


def test_no_hint_is_wider_than_its_row(qtbot) -> None:
    host = QWidget()
    flow = FlowLayout(host)
    long, short = KeyHint("S", "Same as " + "The last ferry out of the harbour " * 3), KeyHint("Esc", "Back")
    for hint in (long, short):
        flow.addWidget(hint)
    host.setFixedWidth(300)
    shown(qtbot, host)
    lines = long.heightForWidth(300)
    qtbot.waitUntil(lambda: long.height() == lines)
    assert (long.width(), lines > 3 * long.fontMetrics().height()) == (300, True)
    assert short.size() == short.sizeHint()


def test_tiles_move_by_place(qtbot) -> None:
    grid = TileGrid(least=100, gap=10)
    tiles = [Chip(str(n), checkable=True) for n in range(6)]
    for tile in tiles:
        tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        grid.add(tile)
    shown(qtbot, grid, 330, 200)
    tiles[0].setFocus()
    for key, goal in ((Qt.Key.Key_Down, 3), (Qt.Key.Key_Right, 4), (Qt.Key.Key_Up, 1), (Qt.Key.Key_End, 5)):
        qtbot.keyClick(grid.window().focusWidget(), key)
        assert tiles[goal].hasFocus()


def test_prose_breaks_by_words_and_keeps_every_letter(qtbot) -> None:
    text = "Ines 🎭 opens the door before you knock, and nobody laughs. 🎬🎬 Then she does.\nA second thought."
    lines = set_lines(text, theme_now().font(Role.BODY), 160)
    assert len(lines) > 3
    assert "".join("".join(lines).split()) == "".join(text.split())
    cut = set_lines(text, theme_now().font(Role.BODY), 160, 2)
    assert len(cut) == 2
    assert cut[-1].endswith("…")
    host = QWidget()
    column = QVBoxLayout(host)
    prose = ReadingText(text)
    column.addWidget(prose)
    shown(qtbot, host, 240, 400)
    assert prose.height() >= prose.heightForWidth(prose.width())


def test_on_picture_colours_ignore_the_theme(qtbot) -> None:
    label = shown(qtbot, PlainLabel("0:04", palette=DARK))
    assert label.palette().windowText().color() == QColor(DARK.text1)


def test_a_link_breaks_into_lines_in_a_narrow_column(qtbot) -> None:
    link = Link("Somebody else can be seen or heard in this take", wrap=True)
    qtbot.addWidget(link)
    assert link.minimumSizeHint().width() < link.sizeHint().width() / 3
    assert link.heightForWidth(link.sizeHint().width()) == link.sizeHint().height()
    assert link.heightForWidth(link.minimumSizeHint().width()) > 3 * link.sizeHint().height()
