"""A field of Review for the performer's own words: Escape leaves it and the page has the keys again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from perfstudio.ui.widgets.base import ENTER


class OwnField(QLineEdit):
    """`left` tells that Escape did it."""

    left = Signal()

    def __init__(self, placeholder: str, name: str, most: int) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setMaxLength(most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves it, and nothing else; its Enter is its own, whoever has the focus behind it."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            to_page(self)
        else:
            super().keyPressEvent(event)
            if event.key() in ENTER:
                event.accept()


def to_page(part: QWidget) -> None:
    """The keyboard goes to the page around this part of it."""
    page = part.parentWidget()
    while page is not None and page.focusPolicy() != Qt.FocusPolicy.StrongFocus:
        page = page.parentWidget()
    if page is not None:
        page.setFocus(Qt.FocusReason.OtherFocusReason)
