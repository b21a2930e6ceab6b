"""A card: a quiet ground with a hairline, for what belongs together; and the hairline itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now
from perfstudio.ui.widgets.base import rounded
from perfstudio.ui.widgets.label import PlainLabel


class Card(QWidget):
    """Put things into `body` (a vertical layout). `ground` and `border` are palette tokens."""

    def __init__(
        self,
        heading: str = "",
        *,
        ground: str = "ground1",
        border: str = "line",
        padding: int = 20,
        spacing: int = 12,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ground, self._border = ground, border
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(spacing)
        if heading:
            self.heading = PlainLabel(heading, Role.HEADING, wrap=True)
            self.body.addWidget(self.heading)
            self.setAccessibleName(heading)

    def tint(self, ground: str, border: str = "line") -> None:
        """Other tokens for ground and border."""
        self._ground, self._border = ground, border
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the hairline around it."""
        now = theme_now()
        rounded(QPainter(self), QRectF(self.rect()), RADIUS_CARD, now.color(self._ground), now.color(self._border))


class Hairline(QWidget):
    """One pixel between two things."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One pixel high."""
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        QPainter(self).fillRect(self.rect(), theme_now().color("line"))
