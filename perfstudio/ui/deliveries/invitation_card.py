"""An invitation before it is agreed to: who invites, where takes would go, and the four words of the studio's key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.delivery.invitation_desk import InvitationOffer
from perfstudio.texts import connecting
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Card, FactGrid, FlowLayout, PlainLabel
from perfstudio.ui.widgets.put_away import clear_layout


class InvitationCard(Card):
    """Hidden until there is an offer. `agree` gets it at the second press."""

    def __init__(self, *, agree: Callable[[InvitationOffer], object]) -> None:
        super().__init__(_("An invitation"), padding=20, spacing=14)
        self._agree = agree
        self.offer: InvitationOffer | None = None
        self._facts = QVBoxLayout()
        self.body.addLayout(self._facts)
        self.advice = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.body.addWidget(self.advice)
        self.keeping = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.body.addWidget(self.keeping)
        self.problem = PlainLabel("", Role.BODY, "look", wrap=True, selectable=True)
        self.body.addWidget(self.problem)
        buttons = QWidget()
        row = FlowLayout(buttons, spacing=8)
        self.connect_button = Button(_("The words match: connect"), ButtonKind.PRIMARY, on_click=self._press)
        self.leave_button = Button(_("Do not connect"), ButtonKind.QUIET, on_click=self.done)
        row.addWidget(self.connect_button)
        row.addWidget(self.leave_button)
        self.body.addWidget(buttons)
        self.hide()

    def show_offer(self, offer: InvitationOffer) -> None:
        """Who invites; nothing has been agreed to yet."""
        self.offer = offer
        clear_layout(self._facts)
        *facts, (words_called, words) = connecting.facts(offer)  # the words of the key are to be read aloud
        rows = [(*said, Role.STRONG) for said in facts]
        self._facts.addWidget(FactGrid([*rows, (words_called, words, Role.TITLE)]))
        self.advice.say(connecting.advice(offer), "look" if offer.other_key else "text2")
        self.keeping.say(connecting.would_be_kept(offer.would_keep))
        self.keeping.setVisible(bool(self.keeping.text()))
        self.say_problem("")
        self.show()
        self.leave_button.setFocus(Qt.FocusReason.OtherFocusReason)  # an Enter too many agrees to nothing

    def say_problem(self, sentence: str) -> None:
        """Why it did not come to a connection."""
        self.connect_button.setEnabled(True)
        self.problem.say(sentence)
        self.problem.setVisible(bool(sentence))

    def done(self) -> None:
        """Fold; the offer is forgotten, and its code with it."""
        self.offer = None
        self.hide()

    def _press(self) -> None:
        if self.offer is not None and self.connect_button.isEnabled():
            self.say_problem("")
            self.connect_button.setEnabled(False)
            self._agree(self.offer)
