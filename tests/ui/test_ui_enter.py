"""Return and Enter press what has the focus; a page's own Enter is for when nothing that can be pressed has it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from test_ui_consent import Desk
from ui_gallery import brief_page, packs, scenes_page
from ui_review_room import ReviewRoom, shown
from ui_takes import take_ids

import perfstudio.ui
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import UseId
from perfstudio.model.take import Decision, TakeState
from perfstudio.session.home import Home
from perfstudio.session.views import TakeLine
from perfstudio.ui.key_map import deeds
from perfstudio.ui.pages.brief import BriefPage
from perfstudio.ui.scenes.scene_tile import SceneTile
from perfstudio.ui.settings.choice_row import ChoiceRow, RowChoice
from perfstudio.ui.settings.key_parts import DeedButton
from perfstudio.ui.system_button import SystemButton
from perfstudio.ui.widgets import Button, Chip, IconButton, KeyHint, Link, RailButton, SegmentedFilter, Toggle
from perfstudio.ui.widgets.base import Focusable
from perfstudio.ui.widgets.meter import LevelMeter
from perfstudio.ui.widgets.meter_scale import ClipLamp
from perfstudio.ui.widgets.question import Choice, Question
from perfstudio.ui.widgets.take_tile import TakeTile

LINE = TakeLine(
    "take-1", "The letter", "Ines", ("anger",), "practice", "the-letter", 1, 12.0, utc_now(), TakeState.KEPT,
    circled=False, verdict=None, sent=False, size=1000, thumbnail=None, practice=True,
)  # fmt: skip


def lit_lamp() -> ClipLamp:
    meter = LevelMeter()
    lamp = ClipLamp(meter)
    lamp.light(True)
    return lamp


MAKERS: dict[type[QAbstractButton], Callable[[], QAbstractButton]] = {
    Button: lambda: Button("Keep"),
    IconButton: lambda: IconButton("more", "Actions"),
    Link: lambda: Link("The full terms"),
    Chip: lambda: Chip("joy", checkable=True),
    KeyHint: lambda: KeyHint("K", "keep"),
    Toggle: lambda: Toggle("Training"),
    RailButton: lambda: RailButton("takes", "Takes"),
    SceneTile: lambda: SceneTile(packs()[1].cards[0]),
    TakeTile: lambda: TakeTile(LINE),
    SystemButton: lambda: SystemButton(lambda _: None),
    DeedButton: lambda: DeedButton(next(deeds())),
    ClipLamp: lit_lamp,
    ChoiceRow: lambda: ChoiceRow(RowChoice("desk", "Desk camera")),
}
PRESSES = [
    (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier),
]
press = pytest.mark.parametrize(("key", "modifier"), PRESSES, ids=["return", "enter"])


def kinds(of: type[QAbstractButton] = QAbstractButton) -> Iterator[type[QAbstractButton]]:
    for kind in of.__subclasses__():
        if kind.__module__.startswith("perfstudio."):
            yield kind
        yield from kinds(kind)


class Below(QWidget):
    """A page that would do something of its own with every key."""

    def __init__(self, child: QWidget) -> None:
        super().__init__()
        self.heard: list[int] = []
        QVBoxLayout(self).addWidget(child)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt names it
        self.heard.append(event.key())


def on_screen(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.resize(1196, 800)
    with qtbot.waitExposed(widget):
        widget.show()


def test_every_kind_of_button_is_tried_here() -> None:
    for module in pkgutil.walk_packages(perfstudio.ui.__path__, "perfstudio.ui."):
        importlib.import_module(module.name)
    assert set(kinds()) == set(MAKERS)


@press
@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__name__)
def test_enter_does_what_space_does(
    qtbot: QtBot, kind: type[QAbstractButton], key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    button = MAKERS[kind]()
    page = Below(button)
    on_screen(qtbot, page)
    button.setFocus()
    pressed: list[bool] = []
    button.clicked.connect(lambda *_: pressed.append(button.isChecked()))
    QTest.keyClick(button, Qt.Key.Key_Space)
    by_space, was = len(pressed), button.isChecked()
    QTest.keyClick(button, key, modifier)
    presses = 0 if kind is TakeTile else 1  # a take is chosen by Space, as what stands in a list
    assert (by_space, len(pressed)) == (presses, presses + 1)
    if button.isCheckable() and not button.autoExclusive():
        assert button.isChecked() is not was
    held = QKeyEvent(QEvent.Type.KeyPress, key, modifier, "\r", True)
    QApplication.sendEvent(button, held)
    assert len(pressed) == presses + 1, "a key that is held down counts once"
    assert page.heard == []
    QTest.keyClick(button, key, modifier | Qt.KeyboardModifier.ControlModifier)
    assert len(pressed) == presses + 1, "with Ctrl it is the page's"
    assert page.heard[-1:] == [key]


@press
def test_a_filter_is_chosen_by_enter(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    row = SegmentedFilter("Show", {"all": "All", "kept": "Kept"})
    on_screen(qtbot, row)
    chip = row._chips["kept"]
    chip.setFocus()
    QTest.keyClick(chip, key, modifier)
    assert row.current() == "kept"


@press
def test_a_question_is_answered_by_enter(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    host = QWidget()
    on_screen(qtbot, host)
    question, said = Question(host), []
    question.ask("No camera", "What now?", (Choice("Wait", lambda: said.append("wait")), Choice("Go on")))
    QTest.keyClick(QApplication.focusWidget(), key, modifier)
    assert said == ["wait"]


@press
def test_a_way_back_that_has_the_focus_leads_back_and_not_on_stage(
    qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    went: list[str] = []
    page = BriefPage(
        go_on=lambda _: went.append("stage"),
        go_back=lambda: went.append("scenes"),
        open_room_check=lambda _: went.append("green room"),
    )
    on_screen(qtbot, page)
    page.show_card(packs()[1].cards[0])
    for button in page.findChildren(Button):
        QTest.keyClick(button, key, modifier)
    page.setFocus()
    QTest.keyClick(page, key, modifier)
    assert went == ["scenes", "green room", "stage", "stage"]


@pytest.mark.parametrize("make", [brief_page, scenes_page])
def test_whatever_can_be_pressed_on_a_page_hears_enter(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    page = make()
    on_screen(qtbot, page)
    reachable = [b for b in page.findChildren(QAbstractButton) if b.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    assert reachable
    assert all(isinstance(button, Focusable) for button in reachable)


@press
def test_in_review_enter_bins_from_the_bin_and_ends_a_word_in_its_field(
    qtbot: QtBot, taken: Home, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    with shown(qtbot, taken, ReviewRoom) as room:
        take_id = take_ids(taken)[0]
        room.page.show_take(take_id)
        room.page.keep()
        field = room.page.labels.own
        room.page.labels._ask_own()
        QTest.keyClicks(field, "relief")
        QTest.keyClick(field, key, modifier)
        assert "relief" in room.page.labels.meant
        assert room.consent.calls == [], "the word was meant, not the way on"
        binned = next(b for b in room.page.verbs.findChildren(Button) if b.text() == "Bin")
        binned.setFocus()
        QTest.keyClick(binned, key, modifier)
        assert room.consent.calls == []
        assert taken.takes.manifest(take_id).decision is Decision.BINNED


@press
def test_enter_in_the_passphrase_of_a_signed_take_leads_nowhere(
    qtbot: QtBot, taken: Home, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    take_id = take_ids(taken)[0]
    taken.takes.keep(take_id)
    desk = Desk(taken, host)
    desk.show(take_id)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    desk.page.card.passphrase.setFocus()
    QTest.keyClick(desk.page.card.passphrase, key, modifier)
    assert desk.go_on.calls == []
    assert desk.label.calls == []
    desk.page.setFocus()
    QTest.keyClick(desk.page, key, modifier)
    assert desk.label.calls == [take_id]
