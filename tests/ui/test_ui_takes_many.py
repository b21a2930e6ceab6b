"""Several takes at once: chosen by key and pointer, decided about in one step; and fields of more takes than fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_desks import Desk, Hall
from ui_takes import take_ids

from perfstudio.consent import keyfile
from perfstudio.model.consent import UseId
from perfstudio.model.take import Decision, Labels, TakeState
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.arranging import Shown, SortBy, TakesView
from perfstudio.session.takes.many_actions import ManyAction
from perfstudio.session.takes.takes import line_of
from perfstudio.session.views import KeyState
from perfstudio.ui.takes.bands import Group
from perfstudio.ui.takes.field import TakeField
from perfstudio.ui.widgets import ScrollColumn
from rigs.take_rows import take_row

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def decisions(hall: Hall) -> list[Decision]:
    return [hall.home.takes.manifest(take_id).decision for take_id in take_ids(hall.home)]


def test_chosen_by_key_kept_in_one_step_and_undone_in_one(hall: Hall, qtbot: QtBot) -> None:
    picture, sound = take_ids(hall.home)
    hall.focus(qtbot, sound)
    assert hall.page.many.isHidden() or not hall.page.many.isVisible()
    hall.press(sound, Qt.Key.Key_Space)
    assert hall.page.field.chosen() == (sound,)
    assert hall.page.tiles[sound].accessibleName().endswith("chosen")
    QTest.keyClick(hall.page.tiles[sound], Qt.Key.Key_Right, SHIFT)
    assert hall.page.field.chosen() == (sound, picture)
    assert hall.page.tiles[picture].hasFocus()
    assert hall.page.many.words.text().startswith("2 takes chosen")
    hall.press(picture, Qt.Key.Key_K)
    assert decisions(hall) == [Decision.KEPT, Decision.KEPT]
    assert hall.toast._words.text() == "2 takes kept."
    assert hall.page.many.buttons[ManyAction.KEEP].isHidden(), "nothing is left to keep"
    hall.toast._button.click()
    assert decisions(hall) == [Decision.UNDECIDED, Decision.UNDECIDED]
    hall.press(picture, Qt.Key.Key_Escape)
    assert hall.page.field.chosen() == ()
    assert not hall.page.many.isVisible()


def test_chosen_by_pointer(hall: Hall) -> None:
    picture, sound = take_ids(hall.home)
    first, second = hall.page.tiles[sound], hall.page.tiles[picture]
    QTest.mouseClick(first, Qt.MouseButton.LeftButton, PLAIN, first.mark_box().center().toPoint())
    assert hall.page.field.chosen() == (sound,)
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, PLAIN, QPoint(60, 180))
    assert hall.page.field.chosen() == (sound, picture), "while some are chosen a click chooses"
    assert hall.review.calls == []
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, CTRL, QPoint(60, 180))
    QTest.mouseClick(first, Qt.MouseButton.LeftButton, CTRL, QPoint(60, 180))
    assert hall.page.field.chosen() == ()
    QTest.mouseClick(first, Qt.MouseButton.LeftButton, PLAIN, QPoint(60, 180))
    assert hall.review.calls == [sound]
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, SHIFT, QPoint(60, 180))
    assert picture in hall.page.field.chosen()


def test_a_bin_of_several_is_restored_or_deleted_after_a_question(hall: Hall) -> None:
    picture, sound = take_ids(hall.home)
    QTest.keyClick(hall.page, Qt.Key.Key_A, CTRL)
    hall.page.many.press(ManyAction.BIN)
    assert hall.toast._words.text() == "2 takes are in the bin."
    assert hall.page.field.chosen() == (), "nobody decides about what they do not see"
    hall.page.filter.choose("bin")
    hall.page.field.tiles[sound].turned.emit()
    QTest.keyClick(hall.page.tiles[sound], Qt.Key.Key_Delete)
    assert hall.shown() == [picture]
    hall.page.field.choose_all()
    hall.page.many.press(ManyAction.DELETE)
    heading, _words, choices = hall.ask.calls[0]  # type: ignore[misc]
    assert (heading, choices[0].words) == ("Delete 1 take for good?", "Keep them")
    choices[1].then()
    assert [row.take_id for row in hall.home.takes.rows()] == [sound]
    assert hall.page.nothing.isVisible()


def test_labels_of_several_are_shown_before_they_are_set(hall: Hall) -> None:
    picture, sound = take_ids(hall.home)
    hall.home.takes.label(picture, Labels(meant=("anger",), valence=2))
    hall.page.refresh()
    hall.page.field.choose_all()
    assert hall.page.many.buttons[ManyAction.LABELS_AGAIN].text() == "Label as the last time (1)"
    hall.page.field.tiles[picture].turned.emit()
    hall.page.many.press(ManyAction.LABELS_AGAIN)
    heading, words, choices = hall.ask.calls[0]  # type: ignore[misc]
    assert heading == "Label 1 take as “The letter”, take 1?"
    assert words.startswith("You meant “anger”.")
    assert "stay unsaid" in words
    assert hall.home.takes.manifest(sound).said() is None, "it was only shown"
    choices[1].then()
    assert hall.home.takes.manifest(sound).said() == Labels(meant=("anger",))
    assert hall.toast._words.text() == "1 take labelled."


def test_uses_of_several_are_read_before_they_are_signed(
    hall: Hall, taken: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, sound = take_ids(taken)
    for take_id in (picture, sound):
        taken.takes.keep(take_id)
    hall.page.refresh()
    hall.page.field.tiles[sound].turned.emit()
    hall.page.many.press(ManyAction.USES_AGAIN)
    assert hall.toast._words.text().startswith("You have not signed for a take of the same pack yet.")
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)
    uses, adult = frozenset({UseId.STORE_REVIEW}), Statements(adult=True)
    desk = Desk(taken, QWidget())
    desk.consents.sign(picture, uses, "Ines", passphrase=lambda: "correct horse battery", stated=adult)
    taken.takes.label(picture, Labels(meant=("joy",)))
    ask, place = taken.consents.open_key, (KeyState.KEYRING, True)
    hall.page.many.press(ManyAction.USES_AGAIN)
    assert hall.toast._words.text().startswith("Your signing key asks for its passphrase.")
    monkeypatch.setattr(taken.consents, "key_place", lambda: place)
    monkeypatch.setattr(taken.consents, "open_key", lambda: ask(lambda: "correct horse battery"))
    hall.page.many.press(ManyAction.USES_AGAIN)
    heading, words, choices = hall.ask.calls[-1]  # type: ignore[misc]
    assert heading == "Sign for 1 take as the last time?"
    assert "as for “The letter”, take 1: " in words
    assert taken.library.consent(sound) is None
    choices[1].then()
    record = taken.library.consent(sound)
    assert record is not None
    assert record.granted() == uses
    assert hall.toast._words.text() == "Signed for 1 take."


def test_the_way_of_looking_is_kept(hall: Hall, taken: Home, qtbot: QtBot) -> None:
    hall.page.arrange.sort.choose(SortBy.LENGTH)
    hall.page.arrange.by_scene.click()
    hall.page.filter.choose("undecided")
    assert taken.settings.now.takes_view == TakesView(sort=SortBy.LENGTH, by_scene=True, shown=Shown.UNDECIDED)
    host = QWidget()
    qtbot.addWidget(host)
    again = Hall(taken, host)
    host.show()
    again.page.refresh()
    assert again.page.filter.current() == "undecided"
    assert again.page.arrange.by_scene.isChecked()
    assert again.page.arrange.sort.button.text() == "Order: longest first"
    again.page.search.setText("nobody of that name")
    again.page.show_all()
    assert len(again.shown()) == 2


@pytest.fixture
def field(qtbot: QtBot) -> TakeField:
    rows = {row.take_id: row for row in map(take_row, range(1, 3001))}
    host = ScrollColumn()
    made = TakeField(lambda take_id: line_of(rows[take_id]))
    host.body.addWidget(made)
    host.resize(900, 600)
    qtbot.addWidget(host)
    host.show()
    ids = tuple(rows)
    made.show_groups([Group("First", ids[:7]), Group("Second", ids[7:])], {})
    return made


def test_however_many_takes_there_are_only_those_in_sight_are_made(field: TakeField, qtbot: QtBot) -> None:
    field.window().activateWindow()
    qtbot.waitUntil(field.isActiveWindow, timeout=60_000)
    assert len(field.tiles) < 40
    first, last = field.order[0], field.order[-1]
    field.show_take(first)
    QTest.keyClick(field.tiles[first], Qt.Key.Key_End)
    assert field.focused() == last
    assert len(field.tiles) < 40
    tile = field.tiles[last]
    assert tile.line.take_id == last
    assert not tile.visibleRegion().isEmpty()
    QTest.keyClick(tile, Qt.Key.Key_Home, SHIFT)
    assert len(field.chosen()) == 3000
    assert field.tiles[first].chosen


def test_arrows_go_by_place_over_headings(field: TakeField, qtbot: QtBot) -> None:
    field.window().activateWindow()
    qtbot.waitUntil(field.isActiveWindow, timeout=60_000)
    columns = field._bands.measures.columns
    assert columns == 3
    field.show_take(field.order[5])
    QTest.keyClick(field.tiles[field.order[5]], Qt.Key.Key_Down)
    assert field.focused() == field.order[6], "the last row of the first scene has one take"
    QTest.keyClick(field.tiles[field.order[6]], Qt.Key.Key_Down)
    assert field.focused() == field.order[7]
    QTest.keyClick(field.tiles[field.order[7]], Qt.Key.Key_Left)
    assert field.focused() == field.order[6]


def test_the_keyboard_stays_where_a_take_went(hall: Hall, qtbot: QtBot) -> None:
    picture, sound = take_ids(hall.home)
    hall.focus(qtbot, sound)
    hall.press(sound, Qt.Key.Key_Delete)
    assert hall.page.tiles[picture].hasFocus()
    assert hall.home.library.state(sound) is TakeState.BINNED
