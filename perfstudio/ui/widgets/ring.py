"""The status ring of a scene: how far it has come, as an arc and (beside it) a word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.ui.theme import theme_now

RING = 30
"""Diameter in pixels at 100 % text size."""


def paint_ring(painter: QPainter, box: QRectF, share: float, tone: str, width: float = 3.4) -> None:
    """An arc from twelve o'clock over `share` (0..1) of a quiet full circle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    inner = box.adjusted(half, half, -half, -half)
    painter.setPen(QPen(theme_now().color("edge"), width / 2 if share <= 0 else width / 3))
    painter.drawEllipse(inner)
    if share > 0:
        painter.setPen(QPen(theme_now().color(tone), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(inner, 90 * 16, -round(min(1.0, share) * 360 * 16))


class StatusRing(QWidget):
    """The ring as a widget; its accessible name is the word that goes with it."""

    def __init__(
        self, share: float = 0.0, tone: str = "accent_line", word: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(share, tone, word)

    def show_state(self, share: float, tone: str, word: str) -> None:
        """`share` 0..1, a palette token, and the word for readers."""
        self._share, self._tone = share, tone
        self.setAccessibleName(word)
        self.update()

    def sizeHint(self) -> QSize:
        """A square that grows with the text."""
        return QSize(theme_now().px(RING), theme_now().px(RING))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arc of the part that is done."""
        side = min(self.width(), self.height())
        paint_ring(QPainter(self), QRectF(0, 0, side, side), self._share, self._tone)
