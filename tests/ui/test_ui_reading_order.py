"""The Tab key goes as one reads, and what it reaches is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from ui_rooms import touring

from perfstudio.ui.main_window import PAGES, MainWindow
from perfstudio.ui.reading_order import stops
from perfstudio.ui.widgets import Button, Page
from rigs.signing_home import MINE


def test_layouts_are_read_in_their_order_whatever_was_made_first(qtbot: QtBot) -> None:
    last, first, hidden, below, right, left = (Button(name) for name in ("last", "first", "hidden", "c", "b", "a"))
    host = QWidget()
    qtbot.addWidget(host)
    column, row, grid = QVBoxLayout(host), QHBoxLayout(), QGridLayout()
    stack = QStackedWidget()
    stack.addWidget(hidden)
    stack.addWidget(last)
    stack.setCurrentWidget(last)
    row.addWidget(first)
    grid.addWidget(below, 1, 0)
    grid.addWidget(right, 0, 1)
    grid.addWidget(left, 0, 0)
    column.addLayout(row)
    column.addLayout(grid)
    column.addWidget(stack)
    host.show()
    assert [one.text() for one in stops(host)] == ["first", "a", "b", "c", "last"]
    left.setEnabled(False)
    assert left not in stops(host)


def test_what_the_keyboard_reaches_is_seen(qtbot: QtBot) -> None:
    window, page = MainWindow(), Page("Long")
    qtbot.addWidget(window)
    buttons = [Button(f"{number}") for number in range(60)]
    for button in reversed(buttons):
        page.body.insertWidget(0, button)  # made and put in from behind: Qt's own order is another one
    for name in PAGES:
        window.add_page(name, page if name == "scenes" else QWidget(), area=name)
    window.go("scenes")
    window.resize(960, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    buttons[50].setFocus(Qt.FocusReason.ShortcutFocusReason)  # as arrow keys do
    qtbot.waitUntil(lambda: not buttons[50].visibleRegion().isEmpty())
    QTest.keyClick(buttons[50], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is buttons[51]
    QTest.keyClick(buttons[51], Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is buttons[50]
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is buttons[0], "a page itself is no stop, and leads to its first one"
    QTest.keyClick(buttons[0], Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is window.rail.button("settings")


def test_one_meets_what_is_signed_before_the_signature(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with touring(qapp, qtbot, tmp_path, monkeypatch, ((1280, 800), 100)) as tour:
        takes = [line.take_id for line in tour.session.home.takes.lines()]
        tour.window.review.ask_consent(next(take_id for take_id in takes if take_id not in MINE))
        tour.settle()
        page = tour.window.review.consent
        order = stops(tour.main)
        parts = [*(line.toggle for line in page.grid.lines.values()), page.card.name, page.sign_button, page.later]
        places = [order.index(part) for part in parts if part.isEnabled() and part.isVisible()]
        assert len(places) > 4
        assert places == sorted(places)
        tour.window.review.review(takes[0])
        tour.settle()
        labels = tour.window.review.page.labels
        order = [one for one in stops(tour.main) if labels.isAncestorOf(one)]
        assert order[0] is next(iter(labels.meant.values())), "what is required comes first"
