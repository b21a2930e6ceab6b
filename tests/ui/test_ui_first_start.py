"""The first start: three steps, each of which can be skipped, and none of which comes again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import new_window, nothing_ahead

from perfstudio.language.catalogue import speaking
from perfstudio.session.skips import SkipReason
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.scenes.first_steps import FirstStepsCard
from perfstudio.ui.widgets import Button, ButtonKind


@pytest.fixture
def window(qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    with speaking("en"), new_window(qapp, home, practice=True) as made:
        yield made


def back(qtbot: QtBot, window: Coordinator, *, behind: int) -> FirstStepsCard:
    window._go("scenes")
    qtbot.waitUntil(lambda: window._session.settings.now.first_steps == behind)
    card = window.scenes.page.first
    qtbot.waitUntil(lambda: card._step == behind or card.isHidden())
    return card


def test_each_step_leads_to_its_page_and_the_next_one_waits(qtbot: QtBot, window: Coordinator) -> None:
    card = window.scenes.page.first
    assert card.number.text() == "First start, step 1 of 3"
    loud = [b for b in window.scenes.page.findChildren(Button) if b._kind is ButtonKind.PRIMARY and b.isVisible()]
    assert loud == [card.begin], "one who comes for the first time knows at once what to press"
    card.begin.click()
    assert (window.main.current, window.settings.page.section) == ("settings", "limits")
    card = back(qtbot, window, behind=1)
    assert card.heading.text() == "Camera, microphone and headphones"
    card.begin.click()
    assert window.main.current == "green_room"
    card = back(qtbot, window, behind=2)
    assert window._session.home.scenes.packs()[0].cards[0].prompt.title in card.sentence.text()
    assert not card.skip_all.isVisible()
    card.begin.click()
    assert window.main.current == "brief"
    assert back(qtbot, window, behind=3).isHidden()


def test_steps_are_skipped_one_by_one_or_all_at_once(qtbot: QtBot, window: Coordinator) -> None:
    card = window.scenes.page.first
    card.skip.click()
    assert back(qtbot, window, behind=1).number.text() == "First start, step 2 of 3"
    card.skip_all.click()
    assert back(qtbot, window, behind=3).isHidden()


def test_they_do_not_come_again_nor_to_one_who_has_played(
    qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_ahead(monkeypatch)
    with new_window(qapp, home, lambda session: session.settings.change(first_steps=3), practice=True) as window:
        assert window.scenes.page.first.isHidden()
        window._session.settings.change(first_steps=0)
        qtbot.waitUntil(lambda: not window.scenes.page.first.isHidden())
        card = window._session.home.scenes.packs()[0].cards[1]
        window.stage._skip(card, SkipReason.OTHER, "", False)
        qtbot.waitUntil(window.scenes.page.first.isHidden, timeout=60_000)
