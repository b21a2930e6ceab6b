"""The brief: by key onwards and back, everything that the pack says, and nothing of it cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from ui_gallery import packs

from perfstudio.library.take_row import TakeRow
from perfstudio.model.clock import utc_now
from perfstudio.model.take import Decision, TakeState
from perfstudio.session.takes.earlier import EarlierTakes
from perfstudio.ui import theme
from perfstudio.ui.pages.brief import BriefPage
from perfstudio.ui.palette import DARK
from perfstudio.ui.widgets import Link

EARLIER = TakeRow(
    "earlier", True, "s", "practice", "1", "the-letter", "The letter", "Ines", 2, ("anger",), utc_now(), 103.4,
    TakeState.KEPT, Decision.KEPT, False, True, None, (), "", "", 1000,
)  # fmt: skip


def test_brief_goes_on_by_space_and_enter_and_back_by_escape(qtbot) -> None:
    went, back = [], []
    page = BriefPage(go_on=went.append, go_back=lambda: back.append(1))
    qtbot.addWidget(page)
    card = packs()[1].cards[0]
    page.show_card(card)
    page.resize(1196, 800)
    page.show()
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert went == [card, card]
    assert back == [1]
    held = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
    QApplication.sendEvent(page, held)
    assert went == [card, card]


def test_brief_shows_everything_the_pack_says(qtbot) -> None:
    page = BriefPage(go_on=lambda card: None, go_back=lambda: None)
    qtbot.addWidget(page)
    for card in packs()[1].cards:
        page.show_card(card)
        texts = " ".join(label.text() for label in page.area.widget().findChildren(QLabel))
        prompt, brief = card.prompt, card.brief
        for text in (prompt.situation, prompt.objective, prompt.secret, prompt.ends_when, brief.who, brief.hides):
            assert text in texts
        for text in (*prompt.beats, *prompt.content_notes, *brief.limits):
            assert text.rstrip(".") in texts


@pytest.mark.parametrize(("width", "scale"), [(1196, 1.0), (876, 1.0), (876, 2.0)])
def test_nothing_of_a_brief_is_cut(qtbot, qapp, width: int, scale: float) -> None:
    theme.apply(qapp, theme.ThemeState(DARK, scale))
    page = BriefPage(go_on=lambda card: None, go_back=lambda: None)
    qtbot.addWidget(page)
    page.show_card(packs()[1].cards[0])
    page.resize(width, 600)
    with qtbot.waitExposed(page):
        page.show()
    for label in page.area.widget().findChildren(QLabel):
        if label.hasHeightForWidth():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert page.area.widget().width() <= page.area.viewport().width()


def test_earlier_takes_lead_to_be_watched(qtbot) -> None:
    watched: list[str] = []
    page = BriefPage(go_on=lambda _: None, go_back=lambda: None, watch=watched.append)
    qtbot.addWidget(page)
    card = packs()[1].cards[0]
    page.show_card(card)
    page.show()
    assert page.earlier.isHidden()
    other = replace(EARLIER, take_id="other", prompt_id="elsewhere", prompt_title="Back row", circled=True)
    page.show_earlier(card, EarlierTakes((EARLIER,), other))
    links = page.earlier.findChildren(Link)
    assert [link.text() for link in links] == ["Take 2 · 1:43 · kept", "Back row, take 2 · 1:43 · circled"]
    for link in links:
        link.click()
    assert watched == ["earlier", "other"]
    page.show_card(card)
    assert page.earlier.isHidden(), "nothing of another scene stays"
