"""Taking one line back: a quiet word under a line that stands, which asks once, in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.consent import RequestedUse
from perfstudio.texts import rights, states
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, FlowLayout, Link, PlainLabel, announce


class TakeBack(QWidget):
    """`confirmed` is called when the question was answered with yes."""

    def __init__(self, use: RequestedUse, confirmed: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        label = states.use_label(use.id)
        self.link = Link(_("Take this line back"), on_click=self.ask)
        self.link.setAccessibleName(_("Take this line back: {label}", label=label))
        column.addWidget(self.link, alignment=Qt.AlignmentFlag.AlignLeft)
        self.question = QWidget()
        asks = QVBoxLayout(self.question)
        asks.setContentsMargins(0, 0, 0, 0)
        asks.setSpacing(10)
        self.words = PlainLabel(rights.take_back(use), Role.SMALL, wrap=True)
        asks.addWidget(self.words)
        answers = QWidget()
        row = FlowLayout(answers, spacing=10)
        self.keep = Button(_("Leave it"), on_click=self.forget)
        self.yes = Button(_("Take it back"), on_click=confirmed)
        self.yes.setAccessibleName(_("Take it back: {label}", label=label))
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
        """Fold the question without taking anything back."""
        self.question.hide()
        self.link.show()
        self.link.setFocus(Qt.FocusReason.OtherFocusReason)
