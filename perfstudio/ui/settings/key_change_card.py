"""Another signing key in the place of the one in use: what that does is read before it is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from perfstudio.consent.keyfile import MIN_PASSPHRASE
from perfstudio.language.catalogue import _
from perfstudio.session.views import KeyState
from perfstudio.texts import signing_keys as words
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, ButtonKind, Card, PlainLabel

FIELD_PX, WORDS_PX = 420, 760


class KeyChangeCard(Card):
    """There only while there is a key. `change` gets the passphrases, old and new (None where none is needed); `lost`
    is called when the performer says that the key is."""

    def __init__(self, change: Callable[[str | None, str | None], object], lost: Callable[[], object]) -> None:
        super().__init__(_("Change the signing key"), padding=20, spacing=12)
        self._change = change
        self._in_file = False
        self.fingerprint = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.body.addWidget(self.fingerprint)
        self.begin = Button(_("Change the key…"), on_click=self._begin)
        self.lost = Button(_("I have lost it…"), ButtonKind.QUIET, on_click=lost)
        self._closed = _row(self.begin, self.lost)
        self.body.addWidget(self._closed)
        self._open = QWidget()
        self._open.setMaximumWidth(theme_now().px(WORDS_PX))
        column = QVBoxLayout(self._open)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for line in words.before():
            column.addWidget(PlainLabel(line, wrap=True))
        self.old = _secret(_("The passphrase now"))
        self.new = _secret(_("New passphrase"))
        self.again = _secret(_("The new passphrase again"))
        for field in (self.old, self.new, self.again):
            column.addWidget(field)
        self.problem = PlainLabel("", Role.SMALL, "look", wrap=True)
        column.addWidget(self.problem)
        self.keep = Button(_("Keep this key"), on_click=self.close_again)
        self.do = Button(_("Change the key"), ButtonKind.PRIMARY, on_click=self._do)
        column.addWidget(_row(self.do, self.keep))
        self.body.addWidget(self._open)
        self.close_again()
        self.hide()

    def show_key(self, place: KeyState, fingerprint: str) -> None:
        """Where the key in use lies, and its fingerprint; empty when there is none to change."""
        self._in_file = place is KeyState.FILE
        self.setVisible(bool(fingerprint))
        self.fingerprint.say(_("Its fingerprint, as your receipts show it: {key}", key=fingerprint))

    def show_problem(self, sentence: str) -> None:
        """It was not changed."""
        self.do.setEnabled(True)
        self.problem.say(sentence, "look")
        self.problem.show()

    def close_again(self) -> None:
        """As before it was begun; nothing that was typed stays."""
        for field in (self.old, self.new, self.again):
            field.clear()
        had_focus = self._open.isAncestorOf(focus) if (focus := self.focusWidget()) is not None else False
        self.problem.hide()
        self.do.setEnabled(True)
        self._open.hide()
        self._closed.show()
        if had_focus:
            self.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self) -> None:
        self._closed.hide()
        for field in (self.old, self.new, self.again):
            field.setVisible(self._in_file)
        self._open.show()
        (self.old if self._in_file else self.keep).setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self) -> None:
        lacking = self._lacking() if self._in_file else None
        if lacking is not None:
            self.show_problem(lacking[0])
            lacking[1].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.hide()
        self.do.setEnabled(False)
        self._change(*((self.old.text(), self.new.text()) if self._in_file else (None, None)))

    def _lacking(self) -> tuple[str, QLineEdit] | None:
        if not self.old.text():
            return _("Type the passphrase of your signing key."), self.old
        if len(self.new.text()) < MIN_PASSPHRASE:
            return _(
                "That passphrase is short. Choose one with at least {number} characters.", number=MIN_PASSPHRASE
            ), self.new
        if self.new.text() != self.again.text():
            return _("The two passphrases differ. Type the same one twice."), self.again
        return None


def _row(*buttons: Button) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return line


def _secret(named: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(named)
    field.setAccessibleName(named)
    field.setMaxLength(500)
    field.setMaximumWidth(theme_now().px(FIELD_PX))
    return field
