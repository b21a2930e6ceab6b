"""A part of the Deliveries page under its heading."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import PlainLabel
from perfstudio.ui.widgets.put_away import clear_layout


class HeadedSection(QWidget):
    """A heading with what belongs under it; not there while it is empty."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(10)
        column.addWidget(PlainLabel(words, Role.HEADING))
        self._inner = QVBoxLayout()
        self._inner.setSpacing(10)
        column.addLayout(self._inner)
        self.hide()

    def clear(self) -> None:
        """Remove all rows and hide."""
        clear_layout(self._inner)
        self.hide()

    def add(self, widget: QWidget) -> None:
        """Add a row below the others and show the section."""
        self._inner.addWidget(widget)
        self.show()
