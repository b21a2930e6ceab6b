"""Clips on the page of what was given: one is left at its studio after two questions, and taken back after one."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_takes import Told

from perfstudio.model.jws import SigningKey
from perfstudio.session.clips.clip_room import ClipRoom, ClipsNow
from perfstudio.session.worker import InlineWorker
from perfstudio.texts import clips_waiting
from perfstudio.ui.given.clip_asking import ClipAsking
from perfstudio.ui.given.clip_deleting import ClipDeleting
from perfstudio.ui.given.clips_card import ClipsCard
from perfstudio.ui.widgets import PlainLabel, Toast
from perfstudio.ui.widgets.question import Choice
from rigs.clip_studio import STUDIO, ClipStudio


class Asked:
    """The questions that were asked, and who answers them."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str, tuple[Choice, ...]]] = []

    def __call__(self, heading: str, sentence: str, choices: tuple[Choice, ...]) -> None:
        self.all.append((heading, sentence, choices))

    def answer(self, words: str) -> str:
        """Press a choice of the last question; what was read there."""
        _, sentence, choices = self.all[-1]
        next(choice for choice in choices if choice.words == words).then()
        return sentence


def test_it_is_left_after_two_questions_and_taken_back_after_one(
    studio: ClipStudio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, host, asked, done = studio.ana, QWidget(), Asked(), Told()
    qtbot.addWidget(host)
    room = ClipRoom(ana.home, ana.service, ana.post)
    take_id = ana.home.library.list()[0].take_id
    at_studio = ana.service.studios.get(STUDIO)
    monkeypatch.setattr(ana.service.studios, "get", lambda _studio_id: at_studio)
    monkeypatch.setattr(ana.home.consents, "open_key", lambda _secret: SigningKey.generate())
    assert room.may_leave(take_id)
    asking = ClipAsking(room, InlineWorker(), Toast(host), asked, done)
    card = ClipsCard(asking.take_back, Told())
    qtbot.addWidget(card)
    card.show_clips(room.now())
    assert card.isHidden(), "nothing to be seen while there is none"
    asking.leave(take_id, lambda: None)
    assert [choice.words for choice in asked.all[-1][2]] == ["Not now", "Sound only", "Sound and picture"]
    assert "Nothing else of the" in asked.answer("Sound and picture")
    agreed = asked.answer("I agree: let it wait")
    (paper,) = ana.home.clip_papers.sent()
    assert (paper.left.clip.agreed.text, paper.standing.whole) == (agreed, True)
    assert "my voice and my picture" in agreed
    assert clips_waiting.BACK in agreed
    card.show_clips(room.now())
    assert not card.isHidden()
    back = card.backs[paper.left.clip.clip_id]
    assert "waits at Small Lab, which has named no partner yet" in back.accessibleName()
    back.click()
    asked.answer("Take it back")
    card.show_clips(room.now())
    assert card.backs == {}, "what is gone cannot be taken back"
    assert studio.clips.all()[0].gone_at is not None
    assert len(done.calls) == 2


def test_nothing_is_left_before_somebody_agreed(
    studio: ClipStudio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, host, asked = studio.ana, QWidget(), Asked()
    qtbot.addWidget(host)
    known = ana.service.studios.get(STUDIO)
    monkeypatch.setattr(ana.service.studios, "get", lambda _studio_id: known)
    asking = ClipAsking(ClipRoom(ana.home, ana.service, ana.post), InlineWorker(), Toast(host), asked, Told())
    asking.leave(ana.home.library.list()[0].take_id, lambda: None)
    asked.answer("Sound only")
    asked.answer("Not now")
    assert studio.clips.all() == ()
    assert ana.home.clip_papers.sent() == ()


def test_a_partners_clip_that_came_is_shown(studio: ClipStudio, qtbot: QtBot) -> None:
    paper = studio.ana.leaves()
    studio.matches(paper)
    studio.bo.hears()
    bo = studio.bo
    room, host, asked = ClipRoom(bo.home, bo.service, bo.post), QWidget(), Asked()
    qtbot.addWidget(host)
    deleting = ClipDeleting(room, InlineWorker(), Toast(host), asked)
    card = ClipsCard(Told(), lambda clip: deleting.delete(clip, lambda: card.show_clips(room.now())))
    qtbot.addWidget(card)
    card.show_clips(room.now())
    assert not card.isHidden()
    assert card.backs == {}
    (delete,) = card.deletes.values()
    assert "It came from Small Lab, signed by whoever plays in it." in " ".join(
        label.text() for label in card.findChildren(PlainLabel)
    )
    delete.click()
    asked.answer("Leave it")
    assert bo.home.clips.store.all()
    delete.click()
    asked.answer("Delete the clip")
    assert bo.home.clips.store.all() == ()
    assert card.isHidden()
    assert bo.hears().came == (), "it does not come again"
    assert "copy was deleted on" in " ".join(clips_waiting.news(studio.ana.hears())), "and its performer hears of it"
    card.show_clips(ClipsNow())
    assert card.isHidden()
