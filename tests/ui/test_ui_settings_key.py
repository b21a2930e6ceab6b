"""The signing key on the Settings page: changed with both passphrases, laid aside when it is lost."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from ui_settings import Room, bridge, room, session, window

from perfstudio.consent import keyfile
from perfstudio.consent.keys import open_signing_key, own_keys
from perfstudio.model.jws import fingerprint
from perfstudio.ui.widgets import Banner

__all__ = ["bridge", "room", "session", "window"]

SECRET, NEW_SECRET = "three calm horses", "four wet horses"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "_stretch", lambda box, text: sha256((box.salt + text).encode()).digest())


def said(room: Room) -> list[str]:
    return [banner.sentence.text() for banner in room.window.main.findChildren(Banner)]


def test_the_key_is_changed_and_laid_aside_with_what_it_means_before_the_eyes(room: Room, home: Path) -> None:
    old = open_signing_key(home, passphrase=lambda: SECRET, use_keyring=False).public_key
    card = room.window.settings.key.card
    room.enter()
    room.page.turn_to("you")
    room.wait(lambda: not card.isHidden())
    assert fingerprint(old) in card.fingerprint.text()
    card.begin.click()
    card.do.click()
    assert card.problem.text() == "Type the passphrase of your signing key."
    for field, text in ((card.old, "wrong one here"), (card.new, NEW_SECRET), (card.again, NEW_SECRET)):
        QTest.keyClicks(field, text)
    card.do.click()
    room.wait(lambda: "not the passphrase" in card.problem.text())
    assert card.old.hasFocus()
    assert own_keys(home).current == old
    card.old.clear()
    QTest.keyClicks(card.old, SECRET)
    QTest.keyClick(card.again, Qt.Key.Key_Return)
    room.wait(lambda: own_keys(home).current != old and card._open.isHidden())
    new = own_keys(home).current
    assert new is not None
    room.wait(lambda: fingerprint(new) in card.fingerprint.text())
    assert any(fingerprint(new) in line for line in said(room))
    assert card.begin.hasFocus()
    assert [field.text() for field in (card.old, card.new, card.again)] == ["", "", ""]
    card.lost.click()
    question = room.window.main._question
    assert not question.isHidden()
    assert "first look at that itself" in question._sentence.text()
    question._answer(question._choices[0])
    assert own_keys(home).current == new
    card.lost.click()
    question._answer(question._choices[1])
    room.wait(card.isHidden)
    assert (own_keys(home).current, own_keys(home).laid_aside) == (None, {new})
