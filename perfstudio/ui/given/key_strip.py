"""Where the passphrase of the signing key is typed, on a page where several things can be taken back with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent

from perfstudio.language.catalogue import _
from perfstudio.model.errors import ErrorCode
from perfstudio.session.views import KeyState
from perfstudio.texts import errors
from perfstudio.ui.consent.sign_card import KEY_FILE
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, PlainLabel, SecretField

WIDEST_PX = 360


class KeyStrip(Card):
    """There only while a key in a file needs its passphrase."""

    def __init__(self) -> None:
        super().__init__(padding=16, spacing=8)
        self.words = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.body.addWidget(self.words)
        self.field = SecretField(_("Passphrase"), widest_px=WIDEST_PX)
        self.body.addWidget(self.field)
        self.hide()

    def show_key(self, state: KeyState, *, needed: bool) -> None:
        """What the key needs; nothing is asked for where nothing can be changed."""
        self.setVisible(needed and state in (KeyState.FILE, KeyState.DAMAGED))
        damaged = state is KeyState.DAMAGED
        self.field.setVisible(not damaged)
        ask = _("To take something back or give it again, type the passphrase of your signing key.")
        self.words.say(errors.sentence_for(ErrorCode.KEY_DAMAGED, KEY_FILE) if damaged else ask)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is at the page any more: the passphrase goes."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.field.clear()

    def secret(self) -> str | None:
        """What was typed; None when nothing is needed."""
        return self.field.text() or None

    def lacks(self) -> bool:
        """Whether the passphrase has to be typed first; it has the focus then."""
        lacking = not self.isHidden() and not self.field.isHidden() and not self.field.text()
        if lacking:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return lacking
