"""Settings, You: whether invitation links open perfstudio is what the system says, before and after it was asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui_settings import Room, bridge, session, window

from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.session.session import Session
from perfstudio.session.system_links.states import LinkOwner, LinksState
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.flows import links_flow
from perfstudio.ui.settings.links_card import LinksCard

__all__ = ["bridge", "session", "window"]


class System:
    """One that does what it is asked, or refuses, or does something else."""

    def __init__(self) -> None:
        self.now, self.obeys, self.refuses = LinksState(LinkOwner.NONE), True, False

    def look(self) -> LinksState:
        return self.now

    def register(self) -> None:
        self._turn(LinkOwner.THIS)

    def remove(self) -> None:
        self._turn(LinkOwner.NONE)

    def _turn(self, owner: LinkOwner) -> None:
        if self.refuses:
            raise LibraryError(ErrorCode.LINKS_REFUSED)
        if self.obeys:
            self.now = LinksState(owner, packs=owner, clips=owner)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()

    def asked(home: Path) -> System:
        return made

    monkeypatch.setattr(links_flow, "system_links", asked)
    return made


def test_the_choice_follows_the_system(qtbot: QtBot, window: Coordinator, session: Session, system: System) -> None:
    room = Room(qtbot, window, session)
    card: LinksCard = room.page.you.links
    assert not card.toggle.isEnabled(), "not before it is known"
    room.enter()
    room.page.turn_to("you")
    qtbot.waitUntil(card.toggle.isEnabled, timeout=60_000)
    nobody = "No program opens invitation links, packs or clips here yet."
    assert (card.toggle.isChecked(), card.words.text()) == (False, nobody)
    for on, said in ((True, "Invitation links open perfstudio."), (False, "No program opens")):
        card.toggle.click()
        qtbot.waitUntil(card.toggle.isEnabled, timeout=60_000)
        assert card.toggle.isChecked() is on
        assert card.words.text().startswith(said)
    for name in ("obeys", "refuses"):
        setattr(system, name, name == "refuses")
        card.toggle.click()
        qtbot.waitUntil(card.toggle.isEnabled, timeout=60_000)
        assert not card.toggle.isChecked(), "it is as it was"


def test_where_there_is_no_choice_there_is_none(qtbot: QtBot) -> None:
    card, asked = LinksCard(), list[bool]()
    qtbot.addWidget(card)
    card.turned = asked.append
    for now, on, can in (
        (
            LinksState(LinkOwner.THIS, "/usr/share/x", installed=True, packs=LinkOwner.THIS, clips=LinkOwner.THIS),
            True,
            False,
        ),
        (LinksState(LinkOwner.THIS, "/usr/share/x", installed=True), False, True),
        (LinksState(LinkOwner.THIS, "/usr/share/x", installed=True, packs=LinkOwner.THIS), False, True),
        (LinksState(LinkOwner.NONE, changeable=False), False, False),
        (LinksState(LinkOwner.OTHER, "<b>other</b>"), False, True),
    ):
        card.show_state(now)
        assert (card.toggle.isChecked(), card.toggle.isEnabled()) == (on, can)
        assert now.by in card.words.text()
    assert asked == [], "what is shown is not asked for"
