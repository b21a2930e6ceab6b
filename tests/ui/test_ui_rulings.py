"""What a studio decided, where a performer meets it: brief, review with its timeline, takes, deliveries."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_desks import row, status
from ui_gallery import packs
from ui_review_room import ReviewRoom, shown
from ui_takes import Told, take_ids

from perfstudio.model.clock import utc_now
from perfstudio.model.consent import Compensation
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.jws import SigningKey
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.model.take import TakeState
from perfstudio.session.home import Home
from perfstudio.session.takes.review import read_review
from perfstudio.session.takes.rulings import AskedAgain
from perfstudio.session.views import DeliveryLine, SceneState
from perfstudio.texts import states
from perfstudio.ui.deliveries.delivery_row import DeliveryRow
from perfstudio.ui.pages.brief import BriefPage
from perfstudio.ui.scenes.scene_tile import SceneTile, ring_share, state_word
from perfstudio.ui.widgets import Banner, Button
from perfstudio.ui.widgets.take_tile import state_word as take_word

AGAIN = "The door slams over the last line"


def ruling(take_id: str, word: RulingWord = RulingWord.REJECTED) -> Ruling:
    made = Ruling(
        take_id=take_id, studio_id="lab", receipt_id="r", number=1, word=word, ruled_at=utc_now(),
        reason=AGAIN if word is RulingWord.REJECTED else "", at_s=0.5 if word is RulingWord.REJECTED else None,
    )  # fmt: skip
    return made.signed(SigningKey.generate())


def test_a_brief_says_that_the_scene_is_asked_for_again(qtbot: QtBot) -> None:
    watch = Told()
    page = BriefPage(go_on=Told(), go_back=Told(), watch=watch)
    qtbot.addWidget(page)
    card = packs()[1].cards[0]
    page.show_card(card)
    assert page.area.widget().findChildren(Banner) == []
    asked = AskedAgain("a" * 26, 3, AGAIN, 12.5, utc_now(), "lab")
    again = replace(card, state=SceneState.AGAIN, again=asked, studio_name="Small Lab")
    page.show_card(again)
    (note,) = page.area.widget().findChildren(Banner)
    assert note.sentence.text() == "Small Lab asks for this scene again"
    assert note.detail.text() == f"At 0:12: “{AGAIN}”. It is about take 3."
    note.findChild(Button).click()
    assert watch.calls == ["a" * 26]
    tile = SceneTile(again)
    qtbot.addWidget(tile)
    assert (state_word(again), ring_share(again)) == ("to redo", 0.0)
    assert tile.accessibleName().endswith("to redo")


def test_review_points_to_the_moment(qtbot: QtBot, taken: Home) -> None:
    take_id, _ = take_ids(taken)
    review = read_review(taken.takes, taken.sides, take_id)
    decided = replace(
        review,
        line=replace(review.line, state=TakeState.DELIVERED, ruling=ruling(take_id)),
        paid=Compensation(basis="flat", amount="40", currency="USD"),
    )
    with shown(qtbot, taken, ReviewRoom) as room:
        room.page.show_take(take_id)
        page, note = room.page, room.page.notes.ruling
        assert note.isHidden()
        page._fill(decided)
        assert note.isVisible()
        assert AGAIN in note.sentence.text()
        for words in ("What you signed for this take stands", "what the terms say: $40"):
            assert words in note.detail.text()
        assert page.chips[2].text() == "to redo"
        assert AGAIN in page.timeline.accessibleDescription()
        at = page.timeline.rect().center()
        at.setX(round(page.timeline._x(0.5)))
        QTest.mouseMove(page.timeline, at)
        assert AGAIN in page.timeline._words_at(0.5)
        with qtbot.waitSignal(page.playback.moved, timeout=60_000):
            note.action.click()
        page._fill(replace(decided, line=replace(decided.line, ruling=ruling(take_id, RulingWord.ACCEPTED))))
        assert (note.isHidden(), page.chips[2].text()) == (True, "accepted")
        assert page.timeline.accessibleDescription() == ""
        page._fill(replace(decided, line=replace(decided.line, state=TakeState.BINNED)))
        assert note.isHidden(), "what is in the bin asks for nothing"


def test_lists_say_it_in_a_word(qtbot: QtBot, taken: Home) -> None:
    line = replace(taken.takes.lines()[0], state=TakeState.DELIVERED)
    assert take_word(line) == "delivered"
    assert take_word(replace(line, ruling=ruling(line.take_id))) == "to redo"
    withdrawn = replace(line, state=TakeState.WITHDRAWN, ruling=ruling(line.take_id))
    assert states.standing(withdrawn)[0] == "taken back", "what was taken back comes first"
    made = row(qtbot, status(DeliveryState.DELIVERED, 41_000_000))
    decided = DeliveryLine(made.line.status, "The letter", 3, "Lab", ruling=ruling(line.take_id), paid=Compensation())
    again = DeliveryRow(decided, retry=Told(), pause=Told(), take_out=Told(), sign_in=Told(), receipt=Told())
    qtbot.addWidget(again)
    assert again.chip.text() == "to redo"
    assert AGAIN in again.reason.text()
    assert "no pay" in again.reason.text()
    assert again.accessibleName().startswith("The letter, take 3 to Lab: to redo")
