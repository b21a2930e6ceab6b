"""The whole job by ear: a performer who sees nothing finds everything by its role and name, and presses it there."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from test_ui_whole_window import Hands, bridge, film, hands, session, window
from ui_heard import Heard, find, heard, name_of, press

from perfstudio.model.take import TakeState

__all__ = ["bridge", "film", "hands", "session", "window"]
pytestmark = pytest.mark.timeout(300)


class Ears:
    """Finds by what is heard, presses as a reader does, types where the focus is."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._main = hands, hands.window.main

    def __call__(self, role: QAccessible.Role, name: str) -> QAccessibleInterface:
        """Waits until it can be heard."""
        self._hands.wait(lambda: self.is_heard(role, name))
        return find(self._main, role, name)

    def is_heard(self, role: QAccessible.Role, name: str) -> bool:
        return any(node.role() is role and name_of(node).startswith(name) for node in heard(self._main))

    def press(self, role: QAccessible.Role, name: str) -> None:
        press(self(role, name))

    def write(self, name: str, words: str) -> None:
        field = self(Heard.EditableText, name).object()
        assert isinstance(field, QLineEdit)
        QTest.keyClicks(field, words)


def test_from_scene_to_delivered_by_ear(hands: Hands) -> None:
    ears = Ears(hands)
    ears.press(Heard.PageTab, "Scenes")
    ears.press(Heard.Button, "The letter.")
    ears(Heard.Heading, "Ines")
    ears.press(Heard.Button, "Step on stage")
    ears(Heard.Heading, "Take 1")
    ears.press(Heard.Button, "roll")
    ears.press(Heard.Button, "mark")
    hands.wait(lambda: hands.session.director.pulse().elapsed_s > 1.2)
    ears.press(Heard.Button, "cut")
    ears.press(Heard.Button, "Keep")
    ears.press(Heard.CheckBox, "I meant anger")
    ears.press(Heard.RadioButton, "How strong: strong")
    assert not ears(Heard.RadioButton, "How strong: light").state().checked
    ears.press(Heard.Button, "Choose its uses")
    uses = "Keep this take and let named reviewers watch it"
    assert not ears(Heard.CheckBox, uses).state().checked, "everything is off until the performer turns it on"
    ears.press(Heard.CheckBox, uses)
    ears.press(Heard.CheckBox, "I am 18 or older.")
    ears.write("Your name, as you sign it", "Ada Example")
    if ears.is_heard(Heard.EditableText, "Passphrase"):  # where no password store is
        ears.write("Passphrase", "three calm horses")
        ears.write("The same passphrase again", "three calm horses")
    ears.press(Heard.Button, "Sign and send")
    hands.wait(lambda: [line.state for line in hands.session.home.takes.lines()] == [TakeState.DELIVERED])
    ears.press(Heard.PageTab, "Takes")
    ears(Heard.Button, "The letter, take 1")
