"""An empty state: an icon, what will be here, and the one thing that can be done now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role
from perfstudio.ui.widgets.banner import ThemedIcon
from perfstudio.ui.widgets.button import Button
from perfstudio.ui.widgets.label import PlainLabel

WIDEST = 480


class EmptyState(QWidget):
    """Centred in the space it gets."""

    def __init__(
        self, icon: str, heading: str, sentence: str, action: Button | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 32, 20, 32)
        middle = QWidget()
        middle.setMaximumWidth(WIDEST)
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(ThemedIcon(icon, "text3", 40), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.heading = PlainLabel(heading, Role.HEADING, wrap=True)
        self.sentence = PlainLabel(sentence, Role.BODY, "text2", wrap=True)
        for label in (self.heading, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            column.addWidget(label)  # no alignment here: it would keep a second line from getting its height
        if action is not None:
            column.addSpacing(12)
            column.addWidget(action, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def say(self, heading: str, sentence: str) -> None:
        """Show another heading and text."""
        self.heading.say(heading)
        self.sentence.say(sentence)
