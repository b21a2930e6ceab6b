"""Consent with a real take and a real record: everything off, signing by key, the receipt, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from ui_desks import SECRET, Desk
from ui_takes import WaitingWorker, take_ids

from perfstudio.consent.verify import verify_record
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import SEPARATE_USES, UseId
from perfstudio.model.labels import Labels
from perfstudio.model.take import TakeState
from perfstudio.session.home import Home
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.views import KeyState
from perfstudio.ui.consent.use_line import UnaskedLine


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1196, 800)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def kept(taken: Home) -> Home:
    for take_id in take_ids(taken):
        taken.takes.keep(take_id)
    return taken


@pytest.fixture
def desk(kept: Home, host: QWidget) -> Desk:
    return Desk(kept, host)


def test_every_line_is_off_and_says_what_it_is(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    assert desk.page.title.text() == "What may Practice room do with “The letter”, take 1?"
    assert desk.page.grid.granted() == frozenset(), "the required line, too"
    first = desk.page.grid.lines[UseId.STORE_REVIEW]
    assert any("needed for the work" in label.text() for label in first.findChildren(type(first.label)))
    assert first.details is None
    first.more.click()
    assert first.details is not None
    assert first.details.isVisibleTo(first)
    assert first.use.exactly in first.details.text()
    unasked = desk.page.grid.findChildren(UnaskedLine)
    assert len(unasked) == len([use for use in UseId if use not in SEPARATE_USES]) - len(desk.page.grid.lines)
    assert desk.page.practice.isVisible()


def test_what_was_answered_stays_when_the_take_changes_meanwhile(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    typed = desk.page.card.name.text()
    desk.home.takes.label(picture, Labels(meant=("anger",)))
    desk.page.take_changed(picture)
    assert desk.page.offer is not None
    assert MissingLabel.LABEL not in desk.page.offer.missing, "it was read anew"
    assert desk.page.grid.granted() == frozenset({UseId.STORE_REVIEW})
    assert (typed, desk.page.card.name.text()) == (typed, typed)
    assert desk.page.card.missing() is None


def test_what_was_turned_on_and_typed_is_there_again(desk: Desk) -> None:
    """No passphrase is; and nothing where it was signed since."""
    picture, sound = take_ids(desk.home)
    desk.show(picture)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in("Ines E.")
    desk.show(sound)
    assert desk.page.grid.granted() == frozenset(), "a draft is one take's"
    assert desk.page.card.name.text() != "Ines E."
    desk.show(picture)
    assert desk.page.grid.granted() == frozenset({UseId.STORE_REVIEW})
    assert (desk.page.card.name.text(), desk.page.card.passphrase.text()) == ("Ines E.", "")
    desk.type_in()
    desk.page.sign()
    assert desk.home.library.manifest(picture).consent is not None
    for take_id in (sound, picture):
        desk.show(take_id)
    assert desk.page.offer is not None
    assert desk.page.offer.standing, "what was signed is shown, and is no draft"


def test_signing_by_key_makes_a_record_that_holds(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    assert desk.page.offer is not None
    assert desk.page.offer.key is KeyState.NONE
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    QTest.keyClick(desk.page.card.again, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    record = desk.consents.record(picture)
    assert record.granted() == frozenset({UseId.STORE_REVIEW})
    assert verify_record(record, desk.home.takes.manifest(picture)) == ()
    assert record.subject.signed_name == "Ines Example"
    assert desk.page.reader.title.text() == "Your receipt"
    assert "Ines Example" in desk.page.card.who.text()
    desk.page.save_button.click()
    assert desk.saved.calls == [("Consent The letter take 1", record)]
    assert desk.page.next_button.text() == "Say what you meant"
    assert "One thing is missing" in desk.page.problem.sentence.text()
    desk.page.setFocus()
    QTest.keyClick(desk.page, Qt.Key.Key_Return)
    assert (desk.label.calls, desk.go_on.calls) == ([picture], []), "without a label it would wait there unseen"
    desk.home.takes.label(picture, Labels(meant=("anger",)))
    desk.page.take_changed(picture)
    assert desk.page.next_button.text() == "Go to Deliveries"
    assert desk.page.problem.isHidden()
    QTest.keyClick(desk.page, Qt.Key.Key_Return)
    assert desk.go_on.calls == [picture]


MISSING = (
    (" ", SECRET, SECRET, "Type your name"),
    ("Ines", "", "", "passphrase"),
    ("Ines", "short", "short", "at least 8"),
    ("Ines", SECRET, "another one", "do not match"),
)
"""Name, passphrase, the same again, and what is said."""


def test_what_is_missing_is_said_and_nothing_is_signed(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    for name, secret, again, said in MISSING:
        desk.page._say_problem("")
        desk.type_in(name, secret)
        desk.page.card.again.setText(again)
        desk.page.sign()
        assert said in desk.page.problem.sentence.text()
        assert desk.page.problem.isVisible()
        assert desk.home.library.consent(picture) is None


def test_age_is_stated_once_by_an_act_of_its_own(desk: Desk) -> None:
    picture, sound = take_ids(desk.home)
    desk.show(picture)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    assert desk.page.card.adult.isVisible()
    desk.page.card.adult.toggle.setChecked(False)
    desk.page.sign()
    assert "18 or older" in desk.page.problem.sentence.text()
    assert desk.home.library.consent(picture) is None
    desk.page.card.adult.toggle.click()
    desk.page.sign()
    assert desk.consents.record(picture).subject.adult is True
    desk.show(sound)
    assert desk.page.card.adult.isHidden(), "it was said"


def test_a_clock_in_doubt_is_asked_about_in_place(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.consents.time.heard(utc_now() + timedelta(days=400), "north-lab")
    desk.show(picture)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    assert desk.page.card.clock_is_right.isHidden()
    desk.page.sign()
    assert "by the clock of north-lab" in desk.page.problem.sentence.text()
    assert desk.page.card.clock_is_right.isVisible()
    desk.page.sign()
    assert desk.home.library.consent(picture) is None, "not said yet"
    desk.page.card.clock_is_right.toggle.click()
    desk.page.sign()
    assert desk.home.library.consent(picture) is not None


def test_a_required_line_left_off_is_said_and_is_fine(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    desk.type_in()
    desk.page.sign()
    assert "that is fine" in desk.page.problem.sentence.text()
    assert desk.page.sign_button.isEnabled()


def test_same_as_the_last_take_sets_lines_and_signs_nothing(desk: Desk) -> None:
    picture, sound = take_ids(desk.home)
    desk.show(picture)
    assert desk.page.same.isHidden()
    for use in (UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH):
        desk.page.grid.lines[use].toggle.click()
    desk.type_in()
    desk.page.sign()
    label(desk.home, picture)
    desk.show(sound)
    assert desk.page.same.isVisible()
    desk.page.setFocus()
    QTest.keyClick(desk.page, Qt.Key.Key_S)
    assert desk.page.grid.granted() == frozenset({UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH})
    assert desk.home.library.consent(sound) is None
    assert desk.page.offer is not None
    assert desk.page.offer.key is KeyState.FILE
    assert desk.page.card.again.isHidden(), "the key is there already: one passphrase"


def test_a_wrong_passphrase_loses_nothing(desk: Desk) -> None:
    picture, sound = take_ids(desk.home)
    desk.show(picture)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    desk.show(sound)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.page.card.passphrase.setText("something else")
    note = desk.page.card.note.text()
    desk.page.sign()
    assert "not the passphrase" in desk.page.problem.sentence.text()
    assert desk.page.card.note.text() == note, "it is not being signed any more"
    assert desk.page.grid.granted() == frozenset({UseId.STORE_REVIEW})
    desk.page.card.passphrase.setText(SECRET)
    desk.page.sign()
    assert desk.consents.record(sound).granted() == frozenset({UseId.STORE_REVIEW})


def test_taking_it_back_is_on_the_same_page_and_as_large(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    size = desk.page.sign_button.sizeHint().height()
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    assert desk.page.withdraw_button.isVisible()
    assert desk.page.withdraw_button.sizeHint().height() == size
    assert desk.page.withdraw_button.width() == desk.page.next_button.width()
    desk.page.card.passphrase.setText(SECRET)
    QTest.keyClick(desk.page.card.passphrase, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert desk.home.library.state(picture) is not TakeState.WITHDRAWN, "inside a field the key belongs to the field"
    desk.page.card.passphrase.setText(SECRET)
    desk.page.withdraw()
    assert desk.home.library.state(picture) is TakeState.WITHDRAWN
    assert "took your consent back" in desk.page.subtitle.text()
    assert desk.page.sign_button.isVisible(), "and it can be signed anew"


def test_the_terms_are_signed_in_the_language_that_was_read(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    assert desk.page.offer is not None
    german = next(t for t in desk.page.offer.languages if t.language == "de")
    desk.page.read_terms(german)
    assert desk.page.reader.text == german.text
    QTest.keyClick(desk.page.reader, Qt.Key.Key_Escape)
    assert desk.page.summary.text() == german.summary
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    assert desk.consents.record(picture).notice.text == german.text


def test_of_the_languages_the_one_that_is_read_is_marked_and_compared(desk: Desk) -> None:
    picture, sound = take_ids(desk.home)
    desk.show(picture)
    assert desk.page.offer is not None
    german = next(t for t in desk.page.offer.languages if t.language == "de")

    def marked() -> list[str]:
        """As a screen reader hears it."""
        links = desk.page.breath.links
        return [code for code, link in links.items() if link.accessibleName().endswith(", chosen")]

    assert marked() == ["en"]
    plain = desk.page.breath.links["de"].sizeHint()
    desk.page.breath.links["de"].click()
    assert marked() == ["de"]
    assert desk.page.breath.links["de"].sizeHint() != plain, "and it is seen"
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    assert marked() == ["de"], "as it was signed"
    desk.show(sound)
    assert marked() == ["en"]
    shown = desk.page.compared
    assert "in German" in " ".join(label.text() for label in shown.findChildren(QLabel) if label.isVisible())
    desk.page.read_terms(german)
    assert "Nothing differs" in " ".join(label.text() for label in shown.findChildren(QLabel) if label.isVisible())


def test_no_passphrase_stays_typed(desk: Desk) -> None:
    picture, _ = take_ids(desk.home)
    card = desk.page.card
    desk.show(picture)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.hide()
    assert (card.passphrase.text(), card.again.text()) == ("", ""), "nobody is here any more"
    assert card.name.text(), "a name is no secret"
    desk.page.show()
    desk.type_in()
    desk.page.sign()
    assert desk.consents.record(picture).granted()
    assert (card.passphrase.text(), card.again.text()) == ("", "")
    card.passphrase.setText(SECRET)
    desk.page.withdraw()
    assert not desk.consents.record(picture).granted()
    assert card.passphrase.text() == ""


def test_nobody_advised_until_it_is_said_of_this_signature(desk: Desk) -> None:
    picture, sound = take_ids(desk.home)
    for take_id, advised in ((picture, "union"), (sound, "none")):
        desk.show(take_id)
        assert (desk.page.card.advice(), desk.page.card.adviser.text()) == ("none", "")
        desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
        desk.page.card.advised.choose(advised)
        desk.page.card.adviser.setText("Equity" if advised == "union" else "")
        desk.type_in()
        desk.page.sign()
        assert desk.consents.record(take_id).representation == advised
    assert desk.consents.record(sound).adviser is None
    desk.show(picture)
    desk.page.card.passphrase.setText(SECRET)
    desk.page.withdraw()
    assert desk.page.card.advice() == "none", "not taken over for the same take, either"
    assert desk.page.card.adviser.isHidden()


def test_nothing_blocks_and_nothing_is_signed_twice(kept: Home, host: QWidget) -> None:
    worker = WaitingWorker()
    desk = Desk(kept, host, worker)  # type: ignore[arg-type]
    picture, _ = take_ids(kept)
    desk.show(picture)
    worker.go()
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    assert not desk.page.sign_button.isEnabled()
    assert desk.page.card.note.text() == "Signing …"
    desk.page.sign()
    QTest.keyClick(desk.page, Qt.Key.Key_Escape)
    assert desk.leave.calls == []
    worker.go()
    worker.go()
    assert len(desk.consents.record(picture).events) == len({e.seq for e in desk.consents.record(picture).events})


def test_escape_steps_back_one_at_a_time(desk: Desk, qtbot: QtBot) -> None:
    picture, _ = take_ids(desk.home)
    desk.show(picture)
    desk.page.window().activateWindow()
    qtbot.waitUntil(desk.page.isActiveWindow, timeout=60_000)
    desk.page.card.name.setFocus()
    qtbot.waitUntil(desk.page.card.name.hasFocus, timeout=60_000)
    QTest.keyClick(desk.page.card.name, Qt.Key.Key_Escape)
    assert desk.leave.calls == []
    assert desk.page.offer is not None
    desk.page.read_terms(desk.page.offer.terms)
    QTest.keyClick(desk.page.reader, Qt.Key.Key_Escape)
    assert desk.leave.calls == []
    QTest.keyClick(desk.page, Qt.Key.Key_Escape)
    assert len(desk.leave.calls) == 1


def label(home: Home, take_id: str) -> None:
    from perfstudio.model.labels import Labels

    home.takes.label(take_id, Labels(meant=("anger",)))
