"""The green room's card for headphones: nothing is kept that nobody heard."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from perfstudio.model.device_info import OutputInfo
from perfstudio.texts import partner as words
from perfstudio.ui.green_room.headphones_card import HeadphoneActs, HeadphonesCard

EARS = OutputInfo("pulse:ears", "Ears", "PulseAudio")
ROOM = OutputInfo("pulse:room", "Room", "PulseAudio", is_default=True)


class Asked:
    """The card, and what it asked for."""

    def __init__(self) -> None:
        self.looked = 0
        self.tried: list[OutputInfo] = []
        self.kept: list[OutputInfo] = []
        self.card = HeadphonesCard(HeadphoneActs(self._look, self.tried.append, self.kept.append))
        self.card.show_chosen("", "")

    def _look(self) -> None:
        self.looked += 1


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    made = Asked()
    qtbot.addWidget(made.card)
    made.card.show()
    return made


def test_what_was_heard_is_kept(asked: Asked) -> None:
    card = asked.card
    assert card.name.text() == words.NONE_CHOSEN
    card.choose.click()
    assert asked.looked == 1
    card.show_there((ROOM, EARS))
    card.rows[EARS.id].click()
    assert asked.tried == [EARS]
    assert not card.heard.isVisible(), "not before the notes are over"
    assert not asked.kept
    card.show_played()
    card.heard.click()
    assert asked.kept == [EARS]
    assert card.name.text() == "Ears"
    assert card.said.text() == words.CHOSEN
    assert not card.rows[EARS.id].isVisible()


def test_what_was_not_heard_is_not_kept(asked: Asked) -> None:
    card = asked.card
    card.choose.click()
    card.show_there((ROOM, EARS))
    card.rows[ROOM.id].click()
    card.show_played()
    card.not_heard.click()
    assert not asked.kept
    assert card.said.text() == words.OTHERS
    card.rows[EARS.id].click()
    card.show_refused("They do not open.")
    assert card.said.text() == "They do not open."
    assert not card.heard.isVisible()
    assert not asked.kept


def test_where_nothing_is_it_is_said(asked: Asked) -> None:
    asked.card.choose.click()
    asked.card.show_there(())
    assert asked.card.said.text() == words.NOTHING_THERE
