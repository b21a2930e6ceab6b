"""An invitation in the window: pasted or opened, shown, and agreed to by a second press."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from ui_desks import Office, studio_file

from perfstudio.cli.opened import opened
from perfstudio.delivery.tokens import PasswordStore, TokenStore
from perfstudio.model.invitation import Invitation
from perfstudio.model.jws import SigningKey
from perfstudio.model.key_words import key_words
from perfstudio.receiver.invitations import Invitations
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.tokens import Tokens
from perfstudio.ui.application import WindowApplication
from perfstudio.ui.widgets import PlainLabel


class Keyring:
    """One that opens, or one that somebody does not open; it counts how often it was asked."""

    def __init__(self, *, opens: bool = True) -> None:
        self.opens = opens
        self.asked: list[str] = []
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        self._ask(username)
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask(username)
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._ask(username)
        del self.kept[username]

    def _ask(self, username: str) -> None:
        self.asked.append(username)
        if not self.opens:
            raise RuntimeError


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Receiver]:
    settings = ReceiverSettings(studio_id="small-lab", name="Small Lab", legal_name="Small Lab e.V.", contact="a@b")
    with Receiver(tmp_path / "in", settings=settings) as running:
        yield running


def link(lab: Receiver, folder: Path, name: str) -> str:
    made = Invitations(Tokens(ReceiverLayout(folder))).make(name)
    return Invitation(lab.url, made.code, lab.key.public_key).link()


def test_from_a_pasted_link_to_signed_in(office: Office, lab: Receiver, tmp_path: Path) -> None:
    """The first press shows, the second connects; "signed in" is what the studio has said."""
    keyring = Keyring()
    office.delivery_service.tokens = TokenStore(lambda: cast("PasswordStore", keyring))
    page, card = office.page, office.page.inviting.card
    page.connect_button.click()
    page.form.address.setText(f"  <{link(lab, tmp_path / 'in', 'Ana')}>\n")
    page.form.go_button.click()
    shown = " ".join(label.text() for label in card.findChildren(PlainLabel))
    for text in ("Small Lab e.V.", "a@b", lab.url, "  ".join(key_words(lab.key.public_key))):
        assert text in shown
    assert (card.isVisible(), page.form.isHidden(), page.studios) == (True, True, {}), "nothing is agreed to yet"
    assert card.keeping.isHidden()
    card.leave_button.click()
    assert (card.isHidden(), card.offer) == (True, None)
    page.invite(link(lab, tmp_path / "in", "Bo"))
    card.connect_button.click()
    assert card.isHidden()
    assert page.studios["small-lab"].chip.text() == "signed in"
    (token,) = keyring.kept.values()
    assert office.delivery_service.token(lab.studio()) == token
    page.refresh()
    assert keyring.asked.count(f"http://127.0.0.1:{lab.port}") == 1, "put there once, and never asked for again"


def test_what_is_no_good_is_said_and_the_code_stays(office: Office, lab: Receiver, tmp_path: Path) -> None:
    page, card = office.page, office.page.inviting.card
    good = link(lab, tmp_path / "in", "Ana")
    page.connect_button.click()
    for wrong, said in (
        (good[:-2], "part of the link is missing"),
        (good.replace(lab.key.public_key, SigningKey.generate().public_key), "its key is another"),
    ):
        page.form.address.setText(wrong)
        page.form.go_button.click()
        assert said in page.form.problem.text()
        assert (card.isHidden(), page.form.go_button.isEnabled()) == (True, True)
    page.invite(good)
    Tokens(ReceiverLayout(tmp_path / "in")).revoke("Ana")
    card.connect_button.click()
    assert "has cancelled it" in card.problem.text()
    assert page.studios == {}


def test_a_keyring_that_is_not_opened_is_asked_once_and_that_is_said(
    office: Office, lab: Receiver, tmp_path: Path
) -> None:
    keyring = Keyring(opens=False)
    office.delivery_service.tokens = TokenStore(lambda: cast("PasswordStore", keyring))
    page, card = office.page, office.page.inviting.card
    page._connect(str(studio_file(tmp_path)))
    assert "was not opened" in page.studios["lab"].note.text()
    page.invite(link(lab, tmp_path / "in", "Ana"))
    assert "until perfstudio is closed" in card.keeping.text()
    card.connect_button.click()
    assert page.studios["small-lab"].chip.text() == "signed in"
    assert "need a new invitation" in page.studios["small-lab"].note.text()
    page.refresh()
    assert len(keyring.asked) == 1


def test_links_that_the_system_hands_over() -> None:
    """In the place of a verb, or as an event; whatever else was typed stays."""
    link = "perfstudio://connect/?at=x"
    assert opened(words := ["--practice", link], words) == ((link,), ["--practice"])
    assert opened(words := ["connect", link], words) == ((), ["connect", link])
    assert opened([], []) == ((), [])
    came: list[str] = []
    early = SimpleNamespace(_opened=None, _waiting=[])
    assert WindowApplication.event(cast("WindowApplication", early), QFileOpenEvent(QUrl(link)))
    WindowApplication.on_opened(cast("WindowApplication", early), came.append)
    assert WindowApplication.event(cast("WindowApplication", early), QFileOpenEvent(QUrl(link)))
    assert came == [link, link]
