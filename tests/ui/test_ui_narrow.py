"""Large text in a small window: nothing runs out of its card, and a page is left below the notes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from ui_gallery import brief_page, packs, stage_page

from perfstudio.session.home import Home
from perfstudio.session.stage.state_machine import ACTIONS
from perfstudio.session.views import StageState, StageView
from perfstudio.ui import theme
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.palette import DARK, LIGHT
from perfstudio.ui.widgets import Button, Chip, FlowLayout, FootRow, take_tile
from perfstudio.ui.widgets.filter_row import FilterRow
from perfstudio.ui.widgets.take_tile import TakeTile

NOTES = (
    ("Three takes were recovered after the last time. They are on the page of takes, to be looked at.", "good"),
    ("The disk is nearly full: there is room for two minutes more. Free some, or choose another folder.", "danger"),
    ("A studio asks for a scene again. It is marked on the page of scenes, with what they said of it.", "info"),
)


def test_a_chip_is_never_wider_than_what_it_stands_on(
    taken: Home, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.apply(qapp, theme.ThemeState(DARK, 2.0))
    words = "will try again automatically, in a language of long words"
    card = QWidget()
    qtbot.addWidget(card)
    chip = Chip(words)
    FlowLayout(card).addWidget(chip)
    card.resize(300, 200)
    card.show()
    qapp.processEvents()
    assert card.minimumSizeHint().width() <= 300
    assert chip.geometry().right() < card.width()
    assert chip.height() >= chip.heightForWidth(chip.width()) > chip.sizeHint().height(), "in lines"
    rights: list[float] = []
    paint = take_tile.paint_chip

    def painted(*what: object, **more: object) -> float:
        rights.append(paint(*what, **more))  # type: ignore[arg-type]
        return rights[-1]

    monkeypatch.setattr(take_tile, "paint_chip", painted)
    monkeypatch.setattr(take_tile, "state_word", lambda line: words)
    newest, _ = taken.takes.lines()
    taken.takes.keep(newest.take_id)
    taken.takes.circle(newest.take_id)
    tile = TakeTile(taken.takes.line(newest.take_id))
    qtbot.addWidget(tile)
    tile.resize(250, tile.sizeHint().height())
    tile.show()
    tile.grab()
    assert len(rights) >= 3
    assert max(rights) < tile.width()


@pytest.mark.parametrize(("scale", "folds"), [(1.0, False), (1.5, True)])
def test_notes_leave_a_page(qtbot: QtBot, qapp: QApplication, scale: float, *, folds: bool) -> None:
    """The gravest stands for all; who wants to reads the others, and closes them one by one."""
    theme.apply(qapp, theme.ThemeState(LIGHT, scale))
    made = MainWindow()
    qtbot.addWidget(made)
    made.add_page("scenes", QWidget(), area="scenes")
    made.go("scenes")
    made.resize(*((960, 600) if folds else (1280, 1000)))
    made.show()
    for sentence, tone in NOTES:
        made.note(sentence, tone)
    qapp.sendPostedEvents()
    notes = made._notes
    seen = [banner.tone for banner in notes.banners if banner.isVisible()]
    assert seen == (["danger"] if folds else ["good", "danger", "info"])
    assert notes.more.isVisible() == folds
    if not folds:
        return
    assert notes.more.text() == "2 more notes"
    assert made._stack.height() > made.height() / 2
    notes.more.click()
    assert all(banner.isVisible() for banner in notes.banners)
    assert notes.more.text() == "Fold the notes"
    for banner in tuple(notes.banners[:2]):
        notes.drop(banner)
    assert [banner.isVisible() for banner in notes.banners] == [True]
    assert not notes.more.isVisible()


def test_the_slate_is_read_whole_in_the_designed_size(qtbot: QtBot) -> None:
    page = stage_page(StageState.READY, size=(1280, 800))
    page._timer.setInterval(3_600_000)
    qtbot.addWidget(page)
    page.show_view(StageView(StageState.READY, ACTIONS[StageState.READY], packs()[1].cards[3], 12, practice=True))
    page.show()
    page.refresh()
    slate = page.hud._slate
    assert slate.isVisible()
    assert slate.height() >= slate.heightForWidth(slate.width())
    assert "practice devices" in slate.text()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_ways_on_from_a_brief_are_read_whole(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    theme.apply(qapp, theme.ThemeState(DARK, scale))
    page = brief_page()
    qtbot.addWidget(page)
    page.resize(960 - theme.theme_now().px(80), 600)
    page.show()
    qapp.sendPostedEvents()
    buttons = [button for button in page.findChildren(FootRow)[0].findChildren(Button) if button.isVisible()]
    assert len(buttons) == 3
    for button in buttons:
        assert button.width() >= button.sizeHint().width(), button.text()
        assert page.rect().contains(button.rect().translated(button.mapTo(page, button.rect().topLeft())))


@pytest.mark.parametrize(("scale", "width", "below"), [(1.0, 980, False), (1.0, 735, True), (2.0, 735, True)])
def test_choices_have_the_row_to_themselves_where_they_would_be_stacked(
    qtbot: QtBot, qapp: QApplication, scale: float, width: int, *, below: bool
) -> None:
    theme.apply(qapp, theme.ThemeState(DARK, scale))
    choices = {name: name for name in ("All", "To decide", "Kept", "Circled", "Delivered", "Bin")}
    row = FilterRow(choices, "Scene, character, feeling", lambda: None)
    qtbot.addWidget(row)
    row.resize(width, 200)
    row.show()
    for name in choices:
        row.filter.count(name, 12)
    chips = row.filter.findChildren(Chip)

    def whole(chip: Chip) -> bool:
        there = chip.rect().translated(chip.mapTo(row, chip.rect().topLeft()))
        return chip.width() >= chip.sizeHint().width() and row.rect().contains(there)

    def arranged() -> bool:
        lines = len({chip.y() for chip in chips})
        return all(map(whole, chips)) and lines <= 1 + below and (row.search.y() > row.filter.y()) == below

    qtbot.waitUntil(arranged)
    assert row.minimumSizeHint().width() <= 735
