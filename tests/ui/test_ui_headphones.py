"""The green room's card for headphones: nothing is kept that nobody heard."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from perfstudio.model.clock import utc_now
from perfstudio.model.device_info import OutputInfo
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.loopback import LoopbackFound, LoopbackLine, LoopbackRefusal, NoLoopback
from perfstudio.session.calibration.headphone_clicks import ClicksState, ClicksView
from perfstudio.texts import loopback as click_words
from perfstudio.texts import partner as words
from perfstudio.ui.green_room.clicks_part import ClickActs, ClicksPart
from perfstudio.ui.green_room.headphones_card import HeadphoneActs, HeadphonesCard

EARS = OutputInfo("pulse:ears", "Ears", "PulseAudio")
ROOM = OutputInfo("pulse:room", "Room", "PulseAudio", is_default=True)


class Asked:
    """The card, and what it asked for."""

    def __init__(self) -> None:
        self.looked = 0
        self.tried: list[OutputInfo] = []
        self.kept: list[OutputInfo] = []
        self.clicks: list[str] = []
        acts = ClickActs(lambda: self.clicks.append("begin"), lambda: self.clicks.append("give up"), lambda: 0.4)
        self.card = HeadphonesCard(HeadphoneActs(self._look, self.tried.append, self.kept.append, acts))
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


FOUND = LoopbackFound(correction_s=0.0123, bound_s=0.0031, count=12)
LINE = LoopbackLine(headphones="pulse:ears", microphone="pulse:mic", measured_utc=utc_now(), found=FOUND)


def clicks_of(asked: Asked) -> ClicksPart:
    """The part of the card, of headphones that are chosen and a microphone that is open."""
    asked.card.show_chosen(EARS.id, EARS.name)
    asked.card.show_clicks(ClicksView(ClicksState.READY, possible=True))
    assert asked.card.clicks is not None
    return asked.card.clicks


def test_how_it_is_done_is_read_before_anything_is_played(asked: Asked) -> None:
    part = clicks_of(asked)
    assert "within 30 ms, going by what the devices say" in part.said.text()
    part.measure.click()
    assert part.said.text() == " ".join(click_words.HOW)
    assert part.play.isVisible()
    assert "begin" not in asked.clicks
    assert not asked.card.choose.isVisible(), "nothing else is in the way"
    part.play.click()
    assert asked.clicks[-1] == "begin"
    asked.card.show_clicks(ClicksView(ClicksState.PLAYING, possible=True))
    assert part.line.isVisible()
    assert part.line.value() == 400
    assert not part.play.isVisible()
    part.stop.click()
    assert asked.clicks[-1] == "give up"


def test_what_came_out_is_said_and_may_be_done_again(asked: Asked) -> None:
    part = clicks_of(asked)
    asked.card.show_clicks(ClicksView(ClicksState.FOUND, possible=True, before=LINE, outcome=FOUND))
    assert part.said.text().startswith("12 clicks came back.")
    assert "within 3.1 ms" in part.said.text()
    assert (part.measure.text(), part.not_now.text()) == ("Measure again", "Done")
    part.not_now.click()
    assert asked.clicks == ["give up"]
    asked.card.show_clicks(ClicksView(ClicksState.READY, possible=True, before=LINE))
    assert "within 3.1 ms: measured by clicks, today" in part.said.text()
    assert asked.card.choose.isVisible()


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        *(
            (ClicksView(ClicksState.REFUSED, possible=True, outcome=LoopbackRefusal(why)), sentence)
            for why, sentence in (
                (NoLoopback.NOTHING_HEARD, "No click came back. Hold one side of the headphones to the microphone"),
                (NoLoopback.TOO_FEW, "Too few clicks came back. Turn the headphones up"),
                (NoLoopback.ECHOES, "Every click came back more than once. Turn off all other loudspeakers"),
                (NoLoopback.NO_AGREEMENT, "The clicks that came back do not agree."),
                (NoLoopback.NOT_PLAYED, "Nothing was played in the headphones."),
            )
        ),
        *(
            (ClicksView(ClicksState.FAILED, possible=True, problem=DeviceError(code, id="Ears")), sentence)
            for code, sentence in (
                (ErrorCode.HEADPHONES_UNKNOWN, "The headphones “Ears” are not here now."),
                (ErrorCode.HEADPHONES_REFUSED, "The headphones “Ears” are there but do not open."),
                (ErrorCode.HEADPHONES_LOST, "The headphones “Ears” went away while the clicks were playing."),
                (ErrorCode.MICROPHONE_LOST, "The microphone “Ears” went away."),
            )
        ),
    ],
)
def test_why_nothing_came_out_is_said_calmly_and_changes_nothing(asked: Asked, view: ClicksView, sentence: str) -> None:
    part = clicks_of(asked)
    asked.card.show_clicks(view)
    assert part.said.text().startswith(sentence)
    assert part.said.text().endswith(click_words.UNCHANGED)
    assert part.measure.text() == "Try again"
    part.measure.click()
    assert asked.clicks[-1] == "give up"


def test_without_a_microphone_that_hears_the_room_nothing_is_offered(asked: Asked) -> None:
    part = clicks_of(asked)
    asked.card.show_clicks(ClicksView(ClicksState.READY, possible=False))
    assert not part.isVisible()


def test_a_question_about_notes_is_not_lost_when_the_devices_change(asked: Asked) -> None:
    asked.card.choose.click()
    asked.card.show_there((ROOM, EARS))
    asked.card.rows[EARS.id].click()
    asked.card.show_played()
    asked.card.show_clicks(ClicksView(ClicksState.READY, possible=True))
    assert asked.card.heard.isVisible()
