"""Help by one key: at the page that fits, and back to where one was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import new_window, nothing_ahead

from perfstudio.language.catalogue import language, speaking
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.pages.help import HelpPage


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    with speaking("en"), new_window(qapp, home, practice=True) as made:
        made.main.activateWindow()
        qtbot.waitUntil(made.main.isActiveWindow, timeout=60_000)
        yield made


def title(page: HelpPage) -> str:
    return page.view.document().begin().text()


def test_f1_opens_what_fits_and_escape_leads_back(window: Coordinator) -> None:
    for area, told in (("takes", "How takes are kept, and where"), ("given", "Consent, and taking it back")):
        window._go(area)
        QTest.keyClick(window.main, Qt.Key.Key_F1)
        assert (window.main.current, title(window.help.page)) == ("help", told)
        QTest.keyClick(window.main, Qt.Key.Key_F1)
        QTest.keyClick(window.help.page, Qt.Key.Key_Escape)
        assert window.main.current == area
    window.to_area("settings", "keys")
    QTest.keyClick(window.main, Qt.Key.Key_F1)
    assert title(window.help.page) == "Keys"
    window.help.leave()
    assert (window.main.current, window.settings.page.section) == ("settings", "keys")
    assert language() == "en"


def test_the_way_back_to_a_scene(window: Coordinator) -> None:
    card = window._session.home.scenes.packs()[0].cards[0]
    window.stage.read(card)
    QTest.keyClick(window.main, Qt.Key.Key_F1)
    QTest.keyClick(window.help.page, Qt.Key.Key_Escape)
    assert window.main.current == "brief"


def test_links_lead_to_pages_and_into_the_window_and_nowhere_else(window: Coordinator) -> None:
    window._go("help")
    page = window.help.page
    page.view.anchorClicked.emit(QUrl("5-consent.md"))
    assert title(page) == "Consent, and taking it back"
    for strange in ("https://example.org/", "file:///etc/passwd", "0-none.md"):
        page.view.anchorClicked.emit(QUrl(strange))
        assert (window.main.current, title(page)) == ("help", "Consent, and taking it back")
    page.view.anchorClicked.emit(QUrl("perfstudio:settings/storage"))
    assert (window.main.current, window.settings.page.section) == ("settings", "storage")


def test_what_is_typed_finds_pages(window: Coordinator) -> None:
    window._go("help")
    page = window.help.page
    QTest.keyClick(window.main, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.search, "pedal")
    assert [name for name, link in page.links.items() if link.isVisible()] == ["keys"]
    assert title(page) == "Keys"
    assert len(page.view.extraSelections()) == 1
    page.search.setText("zebra")
    assert page.nothing.isVisible()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert not page.nothing.isVisible()
    assert all(link.isVisible() for link in page.links.values())
