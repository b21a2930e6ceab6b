"""The card that is signed: the name, a passphrase where the key needs one, and what happens, in place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, _, looked_up
from perfstudio.model.consent import Representation
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.others import Others
from perfstudio.session.statements import Statements
from perfstudio.session.views import ConsentOffer, KeyState
from perfstudio.texts import errors, formatting, rights
from perfstudio.texts.template import sentences
from perfstudio.ui.consent.others_part import OthersPart
from perfstudio.ui.consent.statement import Statement
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Card, PlainLabel, SecretField, SegmentedFilter

LEAST_LETTERS = 8
_CHOOSE = N_(
    "There is no password store here to hold your signing key. Choose a passphrase for it, and keep it somewhere safe: "
    "nobody can recover it for you."
)
_ASK = N_("Your signing key is locked. Type its passphrase.")
_CHANGE = N_("To take it back or give it again, type the passphrase of your signing key.")
KEY_FILE = {"file": "keys/signing-key.json"}
_ADVICE: dict[str, Representation] = {"none": "none", "counsel": "counsel", "union": "union"}


class NameField(QLineEdit):
    """A line to sign on: large letters over a line in the accent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Your name, as you sign it"))
        self.setPlaceholderText(_("Your name"))
        self.setMaxLength(200)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        now = theme_now()
        line = f"border: 0; border-bottom: {{width}}px solid {now.palette.accent_line}; border-radius: 0;"
        size = f"padding: {now.px(6)}px 0; font-size: {now.px(24)}px; background: transparent;"
        sheet = (
            f"QLineEdit {{ {line.format(width=2)} {size} }}"
            f"QLineEdit:focus {{ {line.format(width=3)} {size} }}"
            f"QLineEdit:disabled {{ {line.format(width=1)} {size} }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)


class SignCard(Card):
    """`typed` is called at every change of a field, `answered` with who else is in the take (None: not said)."""

    def __init__(self, *, typed: Callable[[], object], answered: Callable[[Others | None], object]) -> None:
        super().__init__(_("Sign"), padding=16, spacing=8)
        self.name_label = PlainLabel(_("Your name, as you sign it"), Role.SMALL, "text2")
        self.body.addWidget(self.name_label)
        self.name = NameField()
        self.body.addWidget(self.name)
        self._advice = QWidget()
        row = QHBoxLayout(self._advice)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(12)
        row.addWidget(PlainLabel(_("Advised by"), Role.SMALL, "text2"), alignment=Qt.AlignmentFlag.AlignTop)
        self.advised = SegmentedFilter(_("Who advised you before you sign"), looked_up(rights.ADVICE))
        row.addWidget(self.advised, 1)
        self.body.addWidget(self._advice)
        self.adviser = QLineEdit()
        self.adviser.setPlaceholderText(_("Their name, if you like"))
        self.adviser.setAccessibleName(_("The name of the lawyer or the union"))
        self.adviser.setMaxLength(200)
        self.advised.chosen.connect(self._show_adviser)
        self.body.addWidget(self.adviser)
        self.who = PlainLabel("", wrap=True)
        self.body.addWidget(self.who)
        self.others = OthersPart()
        self.others.answered.connect(lambda: answered(self.others.who()))
        self.others.answered.connect(lambda: typed())
        self.body.addWidget(self.others)
        self._build_key()
        self.adult = Statement(_("I am 18 or older."))
        self.clock_is_right = Statement(_("This computer's clock is right."))
        for statement in (self.adult, self.clock_is_right):
            self.body.addWidget(statement)
        self.note = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.note.setContentsMargins(0, 6, 0, 0)
        self.body.addWidget(self.note)
        self._state = KeyState.KEYRING
        self._before: str | None = None
        self.fields = (self.name, self.passphrase, self.again)
        for field in self.fields:
            field.textEdited.connect(lambda _: typed())

    def work(self, words: str) -> None:
        """Say what is being done, in the place of the note; `failed` brings that back."""
        self._before = self.note.text()
        self.note.say(words)

    def failed(self, problem: PerfstudioError, *, signed: bool) -> None:
        """Nothing is being done any more; ask for what was missing."""
        self.note.say(self._before if self._before is not None else self.note.text())
        self._before = None
        if problem.code is ErrorCode.KEY_PASSPHRASE_NEEDED:
            self.show_key(KeyState.NONE if "minimum" in problem.facts else KeyState.FILE, signed=signed)
        if problem.code in {ErrorCode.KEY_PASSPHRASE_NEEDED, ErrorCode.KEY_PASSPHRASE_WRONG}:
            self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
        if problem.code is ErrorCode.CLOCK_DOUBTED:
            self.clock_is_right.ask()

    def forget_secret(self) -> None:
        """No passphrase stays typed."""
        for field in (self.passphrase, self.again):
            field.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is at the page any more: the passphrase goes."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.forget_secret()

    def _build_key(self) -> None:
        self._key = QWidget()
        column = QVBoxLayout(self._key)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        self.key_words = PlainLabel("", Role.SMALL, "text2", wrap=True)
        column.addWidget(self.key_words)
        self.passphrase = SecretField(_("Passphrase"))
        self.again = SecretField(_("The same passphrase again"))
        column.addWidget(self.passphrase)
        column.addWidget(self.again)
        self.body.addWidget(self._key)

    def _show_adviser(self) -> None:
        """A name is asked for where somebody advised, and kept nowhere else."""
        self.adviser.setVisible(self._advice.isVisibleTo(self) and self.advice() != "none")
        if self.advice() == "none":
            self.adviser.clear()

    def show_key(self, state: KeyState, *, signed: bool = False) -> None:
        """What the key needs: nothing, its passphrase, or a new one (typed twice)."""
        self._state = state
        self._key.setVisible(state is not KeyState.KEYRING)
        self.passphrase.setVisible(state is not KeyState.DAMAGED)
        self.again.setVisible(state is KeyState.NONE)
        words = {KeyState.NONE: _(_CHOOSE), KeyState.DAMAGED: errors.sentence_for(ErrorCode.KEY_DAMAGED, KEY_FILE)}
        self.key_words.say(words.get(state, _(_CHANGE) if signed else _(_ASK)))
        self.forget_secret()

    def secret(self) -> str | None:
        """The passphrase, or None when none is needed."""
        return self.passphrase.text() or None if self._state in (KeyState.FILE, KeyState.NONE) else None

    def stated(self) -> Statements:
        """What the performer said beside the signature."""
        return Statements(
            adult=self.adult.stated(),
            clock_is_right=self.clock_is_right.stated(),
            others=self.others.who(),
            partner=self.others.named(),
        )

    def advice(self) -> Representation:
        """Who advised the performer."""
        return _ADVICE[self.advised.current()]

    def missing(self, *, name_too: bool = True) -> tuple[str, QWidget] | None:
        """What has to be said or typed first, and where; None when nothing is missing."""
        return self.others.missing() or self._untyped(name_too=name_too)

    def _untyped(self, *, name_too: bool) -> tuple[str, QWidget] | None:
        if name_too and not self.name.text().strip():
            return _("Type your name as you sign it."), self.name
        if self._state in (KeyState.KEYRING, KeyState.DAMAGED):
            return None
        if not self.passphrase.text():
            return _("Type the passphrase of your signing key."), self.passphrase
        if self._state is KeyState.NONE and len(self.passphrase.text()) < LEAST_LETTERS:
            return _(
                "That passphrase is short. Choose one with at least {number} characters.", number=LEAST_LETTERS
            ), self.passphrase
        if self._state is KeyState.NONE and self.passphrase.text() != self.again.text():
            return _("The two passphrases do not match. Type the same one twice."), self.again
        return None

    def show_unsigned(self, offer: ConsentOffer, now: datetime) -> None:
        """Show what is asked for before a signature. Who stated to be an adult is not asked again; who advised is: that
        was said of another signature.
        """
        self.adult.ask(asked=not offer.adult)
        self.others.show_offer(offer)
        self.clock_is_right.ask(asked=False)
        self.heading.say(_("Sign"))
        self.name.setText(offer.name)
        for part in (self.name, self.name_label, self._advice):
            part.setVisible(True)
        self.advised.choose("none")
        self._show_adviser()
        kind = _("This is a practice take.") if offer.practice else ""
        when = f"{formatting.day(now)}, {formatting.clock(now)}"
        self.who.hide()
        self.note.say(sentences(kind, _("Signed on this computer, {when}. You get a receipt to keep.", when=when)))

    def show_signed(self, name: str, at: datetime, *, stated: str, withdraws: str) -> None:
        """After signing: who and when, what was stated beside it, and what taking back does."""
        self.heading.say(_("Signed"))
        for part in (self.name, self.name_label, self._advice):
            part.setVisible(False)
        for part in (self.adviser, self.others, self.adult, self.clock_is_right):
            part.hide()
        self.who.say(f"{name}\n{formatting.day(at)}, {formatting.clock(at)}{stated and chr(10) + stated}")
        self.who.show()
        self.note.say(_("If you take it back: {withdraws}", withdraws=withdraws))
