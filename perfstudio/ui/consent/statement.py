"""One sentence that a performer states by an act of their own: a switch that starts off, and the words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import PlainLabel, Toggle


class Statement(QWidget):
    """Hidden until it is asked for."""

    def __init__(self, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(12)
        row.addWidget(PlainLabel(words, Role.SMALL, wrap=True), 1)
        self.toggle = Toggle(words)
        row.addWidget(self.toggle, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def ask(self, *, asked: bool = True) -> None:
        """Show it, off; or take it away."""
        self.toggle.setChecked(False)
        self.setVisible(asked)

    def stated(self) -> bool:
        """Whether it was asked for and said."""
        return not self.isHidden() and self.toggle.isChecked()
