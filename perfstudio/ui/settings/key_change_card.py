"""Another signing key in the place of the one in use: what that does is read before it is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from perfstudio.consent.keyfile import MIN_PASSPHRASE
from perfstudio.language.catalogue import _
from perfstudio.session.views import KeyState
from perfstudio.texts import signing_keys as words
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, ButtonKind, Card, PlainLabel, SecretField

FIELD_PX, WORDS_PX = 420, 760


class KeyChangeCard(Card):
    """There only while there is a key. `change` gets the passphrases, old and new (None where none is needed); `lost`
    is called when the performer says that the key is; `see` brings a part of the card into view."""

    def __init__(
        self,
        change: Callable[[str | None, str | None], object],
        lost: Callable[[], object],
        see: Callable[[QWidget], object],
    ) -> None:
        super().__init__(_("Change the signing key"), padding=20, spacing=12)
        self._change = change
        self._see = see
        self._in_file = False
        self.fingerprint = PlainLabel("", Role.SMALL, "text2", wrap=True, selectable=True)
        self.body.addWidget(self.fingerprint)
        self.begin = Button(_("Change the key…"), on_click=self._begin)
        self.lost = Button(_("I have lost it…"), ButtonKind.QUIET, on_click=lost)
        self._closed = QWidget()
        closed = _column(self._closed, 12)
        closed.addWidget(PlainLabel(_(words.WHY), wrap=True))
        closed.addWidget(_row(self.begin, self.lost))
        self.body.addWidget(self._closed)
        self._open = QWidget()
        self._open.setMaximumWidth(theme_now().px(WORDS_PX))
        self._asked(_column(self._open, 10))
        row = QHBoxLayout()  # which gives wrapped lines the height of the width that they really have
        row.addWidget(self._open, 1)
        row.addStretch(0)
        self.body.addLayout(row)
        self.close_again()
        self.hide()

    def _asked(self, column: QVBoxLayout) -> None:
        """What is read and typed once it was begun."""
        first, *more = words.before()
        column.addWidget(PlainLabel(first, wrap=True))
        for line in more:
            column.addWidget(PlainLabel(line, Role.SMALL, "text2", wrap=True))
        self.away = PlainLabel("", Role.SMALL, "look", wrap=True)
        column.addWidget(self.away)
        self.old = SecretField(_("Current passphrase"), widest_px=FIELD_PX)
        self.new = SecretField(_("New passphrase"), widest_px=FIELD_PX)
        self.again = SecretField(_("The new passphrase again"), widest_px=FIELD_PX)
        self.old.returnPressed.connect(self.new.setFocus)
        self.new.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self._do)
        for field in (self.old, self.new, self.again):
            column.addWidget(field)
        self.problem = PlainLabel("", Role.SMALL, "look", wrap=True)
        column.addWidget(self.problem)
        self.keep = Button(_("Keep this key"), on_click=self.close_again)
        self.do = Button(_("Change the key"), ButtonKind.PRIMARY, on_click=self._do)
        self._foot = _row(self.do, self.keep)
        column.addWidget(self._foot)

    def show_key(self, place: KeyState, fingerprint: str, away: str = "") -> None:
        """Where the key in use lies, and its fingerprint; empty when there is none to change. `away` warns of takes
        that are not here."""
        self._in_file = place is KeyState.FILE
        self.setVisible(bool(fingerprint))
        self.fingerprint.say(_("Its fingerprint, as your receipts show it: {key}", key=fingerprint))
        self.away.say(away, "look")
        self.away.setVisible(bool(away))

    def show_problem(self, sentence: str) -> None:
        """It was not changed."""
        self._rests(True)
        self.problem.say(sentence, "look")
        self.problem.show()
        first = self.old if self._in_file else self.do
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._all_seen)

    def close_again(self) -> None:
        """As before it was begun; nothing that was typed stays."""
        for field in (self.old, self.new, self.again):
            field.clear()
        focus = QApplication.focusWidget()
        had_focus = not self.do.isEnabled() or (focus is not None and self._open.isAncestorOf(focus))
        self.problem.hide()
        self._rests(True)
        self._open.hide()
        self._closed.show()
        if had_focus:
            self.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self) -> None:
        self._closed.hide()
        for field in (self.old, self.new, self.again):
            field.setVisible(self._in_file)
        self._open.show()
        first = self.old if self._in_file else self.keep
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._all_seen)

    def _all_seen(self) -> None:
        self._see(self._foot)

    def _do(self) -> None:
        lacking = self._lacking() if self._in_file else None
        if lacking is not None:
            self.show_problem(lacking[0])
            lacking[1].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.hide()
        self._rests(False)
        self._change(*((self.old.text(), self.new.text()) if self._in_file else (None, None)))

    def _rests(self, rests: bool) -> None:
        """While the key is being changed nothing else is asked for."""
        for part in (self.do, self.keep, self.old, self.new, self.again):
            part.setEnabled(rests)

    def _lacking(self) -> tuple[str, QLineEdit] | None:
        if not self.old.text():
            return _("Type the passphrase of your signing key."), self.old
        if len(self.new.text()) < MIN_PASSPHRASE:
            return _(
                "That passphrase is short. Choose one with at least {number} characters.", number=MIN_PASSPHRASE
            ), self.new
        if self.new.text() != self.again.text():
            return _("The two passphrases do not match. Type the same one twice."), self.again
        return None


def _column(widget: QWidget, spacing: int) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    return column


def _row(*buttons: Button) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return line
