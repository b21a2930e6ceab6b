"""Taking one line back, and giving it again: a quiet word under a signed line, which asks once, in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.consent import RequestedUse
from perfstudio.texts import rights, states
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, FlowLayout, Link, PlainLabel, announce


class AskedLine(QWidget):
    """`link` unfolds the question; `confirmed` is called when it was answered with yes."""

    def __init__(self, words: str, question: str, yes: str, confirmed: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        self.link = Link(words, on_click=self.ask)
        column.addWidget(self.link, alignment=Qt.AlignmentFlag.AlignLeft)
        self.question = QWidget()
        asks = QVBoxLayout(self.question)
        asks.setContentsMargins(0, 0, 0, 0)
        asks.setSpacing(10)
        self.words = PlainLabel(question, Role.SMALL, wrap=True)
        asks.addWidget(self.words)
        answers = QWidget()
        row = FlowLayout(answers, spacing=10)
        self.keep = Button(_("Leave it"), on_click=self.forget)
        self.yes = Button(yes, on_click=confirmed)
        row.addWidget(self.keep)
        row.addWidget(self.yes)
        asks.addWidget(answers)
        self.question.hide()
        column.addWidget(self.question)

    def ask(self) -> None:
        """What it does, and whether."""
        self.link.hide()
        self.question.show()
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.words.text())

    def forget(self) -> None:
        """Fold the question; nothing has changed."""
        self.question.hide()
        self.link.show()
        self.link.setFocus(Qt.FocusReason.OtherFocusReason)


class TakeBack(AskedLine):
    """Under a line that stands."""

    def __init__(self, use: RequestedUse, confirmed: Callable[[], object]) -> None:
        super().__init__(_("Take this line back"), rights.take_back(use), _("Take it back"), confirmed)
        label = states.use_label(use.id)
        self.link.setAccessibleName(_("Take this line back: {label}", label=label))
        self.yes.setAccessibleName(_("Take it back: {label}", label=label))


class GiveAgain(AskedLine):
    """Under a line that was taken back."""

    def __init__(self, use: RequestedUse, confirmed: Callable[[], object]) -> None:
        super().__init__(_("Give this line again"), rights.give_again(use), _("Give it again"), confirmed)
        label = states.use_label(use.id)
        self.link.setAccessibleName(_("Give this line again: {label}", label=label))
        self.yes.setAccessibleName(_("Give it again: {label}", label=label))
