"""Who else is in the take: asked where the checks found somebody, and there for a performer who knows of somebody.

Nothing is chosen before the performer chooses, and nothing is taken over from another take.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from perfstudio.consent.others import BYSTANDER_SOURCE
from perfstudio.language.catalogue import _, looked_up
from perfstudio.model.others import Others
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import others as words
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Link, PlainLabel, SegmentedFilter, announce


class OthersPart(QWidget):
    """`answered` when an answer was chosen, or taken away because another take is shown."""

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 4)
        column.setSpacing(6)
        self.open = Link(_(words.UNSEEN), wrap=True, on_click=self._ask)
        self.question = PlainLabel(_(words.QUESTION), Role.STRONG, wrap=True)
        self.found = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.answers = SegmentedFilter(
            _(words.QUESTION), looked_up({who.value: said for who, said in words.ANSWERS.items()}), unchosen=True
        )
        self.means = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.partner = QLineEdit()
        self.partner.setPlaceholderText(_("Their name or stage name"))
        self.partner.setAccessibleName(_("The name of your partner"))
        self.partner.setMaxLength(200)
        for part in (self.open, self.question, self.found, self.answers, self.means, self.partner):
            column.addWidget(part)
        self.answers.chosen.connect(self._answered)

    def show_offer(self, offer: ConsentOffer) -> None:
        """Ask where somebody was found; nothing is answered yet."""
        self.answers.clear()
        self.partner.clear()
        self.found.say(words.found(offer.others))
        self.show()
        self._show(asked=bool(offer.others))
        self.answered.emit()

    def who(self) -> Others | None:
        """The answer, or None while there is none."""
        return Others(self.answers.current()) if self.answers.current() else None

    def named(self) -> str:
        """The partner's name, where there is a partner and a name."""
        return self.partner.text() if self.who() is Others.PARTNER else ""

    def missing(self) -> tuple[str, QWidget] | None:
        """What has to be said first, and where; None when it was said or is not asked."""
        if self.isHidden() or self.answers.isHidden():
            return None
        if self.who() is None:
            return _(words.SAY_FIRST), self.answers.stop()
        if self.who() is Others.PARTNER and not self.named().strip():
            return _(words.NAME_FIRST), self.partner
        return None

    def _ask(self) -> None:
        self._show(asked=True)
        self.answers.stop().setFocus()

    def _answered(self) -> None:
        self._show(asked=True)
        announce(self, self.means.text())
        self.answered.emit()

    def _show(self, *, asked: bool) -> None:
        who = self.who()
        self.open.setVisible(not asked)
        self.question.setVisible(asked)
        self.answers.setVisible(asked)
        self.found.setVisible(asked and bool(self.found.text()))
        self.means.say(_(words.MEANS[who]) if who is not None else "")
        source = _("Source: {source}", source=BYSTANDER_SOURCE) if who is Others.BYSTANDER else ""
        self.means.setToolTip(source)
        self.means.setVisible(who is not None)
        self.partner.setVisible(who is Others.PARTNER)
