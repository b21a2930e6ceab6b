"""A studio that takes can go to, and the sign-in it may ask for, in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.session.views import StudioLine
from perfstudio.texts import deliveries
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Chip, PlainLabel, SecretField

THIS_SESSION = N_(
    "There is no password store here to keep the token in. It is kept until perfstudio is closed, and never written to "
    "disk; next time you are asked for it again."
)
UNOPENED = N_(
    "The password store was not opened, so nothing is read from it or kept in it. perfstudio asks for it again the "
    "next time it starts."
)


class StudioRow(QWidget):
    """`sign_in` gets the studio's id and the token."""

    def __init__(self, line: StudioLine, *, sign_in: Callable[[str, str], object]) -> None:
        super().__init__()
        self.line = line
        self._sign_in = sign_in
        self.setAccessibleName(line.name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(line.name, Role.STRONG, wrap=True))
        words.addWidget(PlainLabel(line.address, Role.SMALL, "text2", wrap=True, selectable=True))
        head.addLayout(words, 1)
        self.chip = Chip("")
        head.addWidget(self.chip, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.open = Button("", ButtonKind.QUIET, on_click=self.ask)
        head.addWidget(self.open, alignment=Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(head)
        column.addWidget(self._form())
        self.note = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.note.hide()
        column.addWidget(self.note)
        self.show_line(line)

    def show_line(self, line: StudioLine) -> None:
        """The studio as it stands."""
        self.line = line
        self.chip.say(*deliveries.sign_in(line))
        self.open.say(_("Another token") if line.has_token else _("Sign in"))
        self.open.setVisible(line.needs_token)
        if line.unopened and line.needs_token and not self.note.text():
            self.say(_(UNOPENED))

    def ask(self) -> None:
        """Unfold the field for the token."""
        self._token_row.show()
        self.token.setFocus(Qt.FocusReason.OtherFocusReason)

    def token_kept(self, *, kept: bool) -> None:
        """The token is at hand; `kept`: in the system's keyring."""
        self.token.clear()
        self.open.say(_("Another token"))
        if self._token_row.isAncestorOf(self.window().focusWidget() or self):
            self.open.setFocus(Qt.FocusReason.OtherFocusReason)  # not wherever the next thing may be
        self._token_row.hide()
        self.say("" if kept else _(THIS_SESSION))

    def say(self, words: str) -> None:
        """A quiet line under the studio."""
        self.note.say(words)
        self.note.setVisible(bool(words))

    def _form(self) -> QWidget:
        self._token_row = QWidget()
        row = QHBoxLayout(self._token_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.token = SecretField(
            _("The sign-in token the studio gave you"),
            name=_("Sign-in token for {name}", name=self.line.name),
            longest=8000,
        )
        self.token.returnPressed.connect(self._send)
        row.addWidget(self.token, 1)
        row.addWidget(Button(_("Sign in"), on_click=self._send))
        self._token_row.hide()
        return self._token_row

    def _send(self) -> None:
        token = self.token.text().strip()
        if token:
            self._sign_in(self.line.id, token)
