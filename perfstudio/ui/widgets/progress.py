"""A thin line that fills: progress of a pack, of a transfer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets.base import rounded


class ProgressLine(QProgressBar):
    """`share` 0..1. Words with the numbers belong beside it."""

    def __init__(
        self, name: str, share: float = 0.0, *, tone: str = "accent_line", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setRange(0, 1000)
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_share(share)

    def show_share(self, share: float, tone: str | None = None) -> None:
        """How much is done, and in which tone."""
        self._tone = tone or self._tone
        self.setValue(round(1000 * min(1.0, max(0.0, share))))
        self.update()

    def sizeHint(self) -> QSize:
        """Six pixels high."""
        return QSize(120, 6)

    def minimumSizeHint(self) -> QSize:
        """Six pixels high."""
        return QSize(40, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track and filled part."""
        painter, now = QPainter(self), theme_now()
        box = QRectF(0, (self.height() - 6) / 2, self.width(), 6)
        rounded(painter, box, 3, now.color("ground3"))
        if self.value() > 0:
            filled = QRectF(box)
            filled.setWidth(max(6.0, box.width() * self.value() / 1000))
            rounded(painter, filled, 3, now.color(self._tone))
