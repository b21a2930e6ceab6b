"""The Consent page asks who else is in a take: where the checks found somebody, or where the performer knows it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_desks import Desk

from perfstudio.model.consent import UseId
from perfstudio.model.others import OTHERS_SIGNED, Others
from perfstudio.model.take import Labels
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.texts import others as words
from rigs.kept_takes import CIRCLED, SIGNED, SOUND_ONLY, kept_home
from rigs.second_face import second_face

SEEN, ALONE = CIRCLED, SOUND_ONLY
REVIEW, RESEARCH = UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH


@pytest.fixture
def desk(home: Path, qtbot: QtBot) -> Iterator[Desk]:
    """Two kept takes; in the one with a picture the checks found a second face."""
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    takes = kept_home(home)
    shutil.rmtree(takes / SIGNED)
    second_face(takes / SEEN)
    with Home(AppPaths(home), use_keyring=False) as opened:
        opened.library.rebuild()
        for take_id in (SEEN, ALONE):
            opened.takes.keep(take_id)
        yield Desk(opened, host)


def on(desk: Desk, *uses: UseId) -> None:
    for use in uses:
        desk.page.grid.lines[use].toggle.setChecked(True)


def test_it_is_asked_and_nothing_is_chosen_for_anybody(desk: Desk) -> None:
    desk.show(SEEN)
    asked = desk.page.card.others
    assert asked.question.isVisible()
    assert asked.found.text() == "The checks saw a second face at 0:00."
    assert asked.who() is None
    assert asked.means.isHidden()
    on(desk, REVIEW)
    desk.type_in()
    desk.page.sign()
    assert desk.page.problem.sentence.text() == words.SAY_FIRST
    assert desk.home.library.consent(SEEN) is None
    asked.answers.choose(Others.NOBODY.value)
    assert desk.page.problem.isHidden()
    desk.page.sign()
    assert desk.consents.record(SEEN).others is Others.NOBODY
    assert OTHERS_SIGNED[Others.NOBODY] in desk.page.card.who.text()
    assert asked.isHidden()
    desk.show(ALONE)
    assert asked.question.isHidden()
    assert asked.who() is None, "an answer belongs to its take"


def test_with_a_bystander_the_other_lines_go_off_and_say_why(desk: Desk) -> None:
    desk.show(SEEN)
    asked, lines = desk.page.card.others, desk.page.grid.lines
    on(desk, REVIEW, RESEARCH)
    asked.answers.choose(Others.BYSTANDER.value)
    assert desk.page.grid.granted() == {REVIEW}
    for use, line in lines.items():
        assert line.toggle.isEnabled() is (use is REVIEW), use
        assert line.why_not.isHidden() is (use is REVIEW), use
        line.toggle.click()
    assert desk.page.grid.granted() == frozenset(), "a line that is barred cannot be clicked on"
    assert "GDPR" in asked.means.toolTip()
    on(desk, REVIEW)
    desk.type_in()
    desk.page.sign()
    record = desk.consents.record(SEEN)
    assert (record.others, record.granted()) == (Others.BYSTANDER, {REVIEW})


def test_another_answer_lets_the_lines_be_turned_on_again(desk: Desk) -> None:
    desk.show(SEEN)
    asked, line = desk.page.card.others, desk.page.grid.lines[RESEARCH]
    asked.answers.choose(Others.BYSTANDER.value)
    asked.answers.choose(Others.PARTNER.value)
    assert line.why_not.isHidden()
    assert not line.toggle.isChecked(), "it is on when a person turns it on"
    line.toggle.click()
    assert line.toggle.isChecked()
    asked.partner.setText("Ben Okri")
    asked.answers.choose(Others.NOBODY.value)
    assert (asked.partner.isHidden(), asked.named()) == (True, "")


def test_same_as_the_last_take_answers_nothing(desk: Desk) -> None:
    desk.show(ALONE)
    on(desk, REVIEW, RESEARCH)
    desk.type_in()
    desk.page.sign()
    desk.home.takes.label(ALONE, Labels(meant=("anger",)))
    desk.show(SEEN)
    desk.page.same_as_last()
    assert desk.page.grid.granted() == {REVIEW, RESEARCH}
    assert desk.page.card.others.who() is None
    desk.page.card.others.answers.choose(Others.BYSTANDER.value)
    desk.page.same_as_last()
    assert desk.page.grid.granted() == {REVIEW}, "a line that is barred is set for nobody"


def test_a_performer_who_knows_of_a_partner_says_so_by_key(desk: Desk) -> None:
    desk.show(ALONE)
    asked = desk.page.card.others
    assert asked.answers.isHidden()
    QTest.keyClick(asked.open, Qt.Key.Key_Space)
    assert asked.question.isVisible()
    assert asked.missing() is not None, "who opens the question answers it"
    for _ in Others:
        QTest.keyClick(asked.answers, Qt.Key.Key_Right)
    assert asked.who() is Others.PARTNER
    on(desk, REVIEW, RESEARCH)
    desk.type_in()
    desk.page.sign()
    assert desk.page.problem.sentence.text() == words.NAME_FIRST
    assert desk.home.library.consent(ALONE) is None
    asked.partner.setText("Ben Okri")
    desk.page.sign()
    record = desk.consents.record(ALONE)
    assert (record.others, record.partner) == (Others.PARTNER, "Ben Okri")
    assert "Partner: Ben Okri" in desk.page.card.who.text()
