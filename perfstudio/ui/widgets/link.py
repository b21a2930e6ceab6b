"""An underlined word that leads somewhere: the quietest action."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.broken import Breaking


class Link(Breaking, Focusable, QPushButton):
    """Underlined text that can be clicked and focused; at least 24 px high for the pointer. `wrap` breaks a sentence
    into lines where the column is narrower.
    """

    def __init__(
        self,
        text: str,
        *,
        role: Role = Role.SMALL,
        tone: str = "text1",
        wrap: bool = False,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role, self._tone, self._wrap = role, tone, wrap
        self._marked = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum if wrap else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def say(self, text: str) -> None:
        """Show another text."""
        self.setText(text)
        self.setAccessibleName(text)
        self.fit_lines()
        self.updateGeometry()

    def mark(self, *, on: bool) -> None:
        """Of several, this is the one that holds: heavier on a ground of its own, and said to a reader."""
        self._marked = on
        self.setAccessibleName(_("{choice}, chosen", choice=self.text()) if on else self.text())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The words and a little air for the ring."""
        words = QFontMetricsF(self._words_font()).horizontalAdvance(self.text())
        return QSize(ceil(words) + 8, max(24, theme_now().px(24)))

    def minimumSizeHint(self) -> QSize:
        """The size hint, or that of the longest word: its text is never cut."""
        if not self._wrap:
            return self.sizeHint()
        metrics = QFontMetricsF(self._words_font())
        longest = max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0.0)
        return QSize(ceil(longest) + 8, self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """Its lines in so many pixels."""
        room = QRectF(0, 0, max(1, width - 8), 1e6)
        words = QFontMetricsF(self._words_font()).boundingRect(room, self._flags(), self.text())
        return max(self.sizeHint().height(), ceil(words.height()) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Underlined words, in the accent under the pointer."""
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        if self._marked:
            rounded(painter, QRectF(self.rect()), 6, fill=theme_now().color("accent_soft"))
        if self.shows_ring():
            rounded(painter, QRectF(self.rect()), 6, border=theme_now().color("accent_text"), width=2)
        painter.setFont(self._words_font())
        painter.setPen(theme_now().color("accent_text" if self.underMouse() else self._tone))
        painter.drawText(self.rect().adjusted(4, 0, -4, 0) if self._wrap else self.rect(), self._flags(), self.text())

    def _flags(self) -> int:
        if self._wrap:
            return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
        return int(Qt.AlignmentFlag.AlignCenter)

    def _words_font(self) -> QFont:
        font = theme_now().font(self._role)
        font.setUnderline(True)
        if self._marked:
            font.setWeight(QFont.Weight.DemiBold)
        return font
