"""An underlined word that leads somewhere: the quietest action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded


class Link(Focusable, QPushButton):
    """Underlined text that can be clicked and focused; at least 24 px high for the pointer."""

    def __init__(
        self,
        text: str,
        *,
        role: Role = Role.SMALL,
        tone: str = "text1",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role, self._tone = role, tone
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def say(self, text: str) -> None:
        """Show another text."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The words and a little air for the ring."""
        words = QFontMetricsF(self._words_font()).horizontalAdvance(self.text())
        return QSize(round(words) + 8, max(24, theme_now().px(24)))

    def minimumSizeHint(self) -> QSize:
        """The size hint: its text is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Underlined words, in the accent under the pointer."""
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        if self.shows_ring():
            rounded(painter, QRectF(self.rect()), 6, border=theme_now().color("accent_text"), width=2)
        painter.setFont(self._words_font())
        painter.setPen(theme_now().color("accent_text" if self.underMouse() else self._tone))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())

    def _words_font(self) -> QFont:
        font = theme_now().font(self._role)
        font.setUnderline(True)
        return font
