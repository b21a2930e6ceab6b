"""A pack that was opened, before it is in: what it is, and two buttons. Nothing comes in without a press."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.pack_offer import PackOffer
from perfstudio.texts import pack_offer
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Card, FactGrid, FlowLayout, PlainLabel, announce
from perfstudio.ui.widgets.put_away import put_away


class OfferCard(Card):
    """`bring` is told of the press that brings it in, `left` of the one that does not."""

    def __init__(
        self, offer: PackOffer, *, bring: Callable[[OfferCard], object], left: Callable[[OfferCard], object]
    ) -> None:
        super().__init__(_(pack_offer.OPENED), padding=20, spacing=14)
        self.offer = offer
        doubtful = pack_offer.is_doubtful(offer)
        self.body.addWidget(
            FactGrid((*said, Role.BODY if row else Role.STRONG) for row, said in enumerate(pack_offer.facts(offer)))
        )
        self.remarks = PlainLabel(pack_offer.remarks(offer), Role.SMALL, "look" if doubtful else "text2", wrap=True)
        self.remarks.setVisible(bool(self.remarks.text()))
        self.body.addWidget(self.remarks)
        self.problem = PlainLabel("", Role.BODY, "look", wrap=True, selectable=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.bring_button = Button(
            pack_offer.press(offer),
            ButtonKind.SECONDARY if doubtful else ButtonKind.PRIMARY,
            on_click=lambda: self._press(bring),
        )
        self.leave_button = Button(_(pack_offer.LEAVE_OUT), ButtonKind.QUIET, on_click=lambda: left(self))
        buttons = QWidget()
        row = FlowLayout(buttons, spacing=8)
        for button in (self.bring_button, self.leave_button):
            row.addWidget(button)
        self.body.addWidget(buttons)

    def say_problem(self, sentence: str) -> None:
        """Why it did not come in."""
        self.problem.say(sentence)
        self.problem.show()
        self.bring_button.setEnabled(True)

    def _press(self, bring: Callable[[OfferCard], object]) -> None:
        if self.bring_button.isEnabled():
            self.bring_button.setEnabled(False)
            self.problem.hide()
            bring(self)


class Offers(QWidget):
    """The cards of packs that were opened, one below the other, in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[OfferCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self.hide()

    def add(self, card: OfferCard) -> None:
        """One more; the same pack is shown once. An Enter too many brings nothing in."""
        for other in [other for other in self.cards if other.offer.sha256 == card.offer.sha256]:
            self.drop(other)
        first = not self.cards
        self.cards.append(card)
        self._column.addWidget(card)
        self.show()
        announce(card, pack_offer.heard(card.offer))
        if first:
            card.leave_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop(self, card: OfferCard) -> None:
        """It was decided about: the next one has the focus, or whoever Qt finds."""
        if card not in self.cards:
            return
        self.cards.remove(card)
        self._column.removeWidget(card)
        put_away(card)
        self.setVisible(bool(self.cards))
        if self.cards:
            self.cards[0].leave_button.setFocus(Qt.FocusReason.OtherFocusReason)
