"""Sending never begins without a word: what signing sends, where to and how much, and the way to send later."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_desks import Desk
from ui_takes import take_ids

from perfstudio.model.consent import UseId
from perfstudio.model.labels import Labels
from perfstudio.session.delivery.sending_plan import SendingPlan, Wait
from perfstudio.session.home import Home
from perfstudio.texts import sending as words
from perfstudio.ui.consent.send_choice import SendChoice

PLAN = SendingPlan("Small Lab", "post.lab.example", 41_000_000, studio_id="lab")
GOES = "“Sign and send” sends 41 MB to Small Lab, at post.lab.example."


@pytest.mark.parametrize(
    ("plan", "unlabelled", "said"),
    [
        (PLAN, False, GOES),
        (replace(PLAN, wait=Wait.PAUSED), False, f"{GOES} It waits because all deliveries are paused."),
        (replace(PLAN, wait=Wait.TOKEN), False, f"{GOES} It waits for your sign-in token for Small Lab."),
        (replace(PLAN, wait=Wait.NETWORK), False, f"{GOES} It waits for a network you have chosen for sending."),
        (replace(PLAN, host="127.0.0.1"), False, "“Sign and send” sends 41 MB to Small Lab, on this computer."),
        (PLAN, True, "Signing sends nothing yet: you have not said what you meant, and can do that afterwards."),
        (
            replace(PLAN, wait=Wait.NO_STUDIO, studio_id=None),
            False,
            "Signing sends nothing yet: this computer does not know where Small Lab receives takes.",
        ),
    ],
)
def test_what_is_said_before(plan: SendingPlan, unlabelled: bool, said: str) -> None:
    assert words.before(plan, unlabelled=unlabelled) == said


class Post:
    """What would be sent, and what was."""

    def __init__(self) -> None:
        self.plan: SendingPlan | None = PLAN
        self.sent: list[str] = []
        self.choice = SendChoice(plan=lambda take_id: self.plan, send=lambda take_id, plan: self.sent.append(take_id))


@pytest.fixture
def post(qtbot: QtBot) -> Post:
    return Post()


@pytest.fixture
def desk(qtbot: QtBot, taken: Home, post: Post) -> Desk:
    host = QWidget()
    host.resize(960, 600)
    qtbot.addWidget(host)
    made = Desk(taken, host, sending=post.choice)
    picture, _ = take_ids(taken)
    taken.takes.keep(picture)
    taken.takes.label(picture, Labels(meant=("anger",)))
    made.show(picture)
    return made


def test_signing_sends_once_it_has_said_so(desk: Desk, post: Post) -> None:
    page = desk.page
    assert post.choice.words.text() == GOES
    assert page.sign_button.text() == "Sign and send"
    assert post.choice.later.text() == "Sign, send later"
    page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    post.choice.later.click()  # without a name nothing is signed, and the wish is forgotten
    assert page.problem.isVisible()
    desk.type_in()
    QTest.keyClick(page.card.again, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert post.sent == [take_ids(desk.home)[0]]
    assert post.choice.isHidden()
    assert post.choice.later.isHidden()


def test_signed_and_sent_later_is_not_sent(desk: Desk, post: Post) -> None:
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    post.choice.later.click()
    assert desk.page.offer is not None
    assert desk.page.offer.standing
    assert post.sent == []


@pytest.mark.parametrize("plan", [None, replace(PLAN, wait=Wait.NO_STUDIO, studio_id=None)])
def test_where_it_cannot_go_signing_is_signing(desk: Desk, post: Post, plan: SendingPlan | None) -> None:
    post.plan = plan
    desk.show(take_ids(desk.home)[0])
    assert desk.page.sign_button.text() == "Sign"
    assert post.choice.later.isHidden()
    assert post.choice.isVisible() == (plan is not None)
