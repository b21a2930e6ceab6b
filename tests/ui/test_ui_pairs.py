"""A take and its partner's, where a performer meets it: the page of what was given, the terms, a note in the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from ui_takes import Told

from perfstudio.consent.wording import IF_PARTNER_TAKES_BACK
from perfstudio.model.clock import utc_now
from perfstudio.model.pair_document import PairState
from perfstudio.session.given import GivenService, GivenTake
from perfstudio.session.home import Home
from perfstudio.ui.consent.reader import Reader
from perfstudio.ui.given.given_row import GivenActs, GivenRow
from rigs.pair_takes import pack
from rigs.signing_home import MINE, opened_home, signed_home
from session.test_session_pairs import told_of

ACTS = GivenActs(take_back=Told(), give=Told(), open=Told())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with opened_home(signed_home(tmp_path / "home")) as (opened, _):
        yield opened


def given(home: Home) -> GivenTake:
    takes = GivenService(home.library, home.shelf).read().takes
    return next(take for take in takes if take.take_id == MINE[0])


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_a_partner_who_took_back_is_seen_at_once(qtbot: QtBot, home: Home) -> None:
    take = given(home)
    gone = told_of(PairState.CLOSED, partner_gone_at=utc_now())
    row = GivenRow(replace(take, pairs=(gone,), if_partner_takes_back="You are paid."), ACTS)
    qtbot.addWidget(row)
    assert "Your partner took their take back" in words(row)
    assert "What the terms then say about your pay: “You are paid.”" in words(row)
    assert "the partner took theirs back" in row.accessibleName()


def test_one_that_has_not_come_is_said_behind_a_press(qtbot: QtBot, home: Home) -> None:
    row = GivenRow(replace(given(home), pairs=(told_of(PairState.WAITING),)), ACTS)
    qtbot.addWidget(row)
    said = "does not have your partner's take"
    assert said not in words(row)
    row.unfold()
    assert said in words(row)
    plain = GivenRow(given(home), ACTS)
    qtbot.addWidget(plain)
    plain.unfold()
    assert "partner" not in words(plain)


def test_the_terms_say_what_becomes_of_pay(qtbot: QtBot) -> None:
    reader = Reader(back=Told())
    qtbot.addWidget(reader)
    reader.show_terms(pack(if_partner_takes_back="You are paid.").terms[0])
    assert "You are paid." in reader.text
    shown = [widget.accessibleName() or "" for widget in reader.findChildren(QWidget)]
    assert any(IF_PARTNER_TAKES_BACK in text for text in [*shown, words(reader)])
    reader.show_terms(pack().terms[0])
    assert "paid" not in reader.text
