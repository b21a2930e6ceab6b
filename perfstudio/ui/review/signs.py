"""The signs of moments: one shape and one colour for each kind, on the timeline, in its legend and in the list."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.session.takes.moments import MomentKind
from perfstudio.ui.theme import theme_now

TONES = {
    MomentKind.MARKED: "info",
    MomentKind.BROKE: "look",
    MomentKind.TOO_LOUD: "record",
    MomentKind.LOST_PICTURES: "danger",
    MomentKind.LOST_SOUND: "danger",
    MomentKind.AWAY: "look",
}
LOUDNESS, FACE = "loudness", "face"
"""What the timeline draws beside moments."""
Sign = MomentKind | str
SIGN_PX = 12
LOST_ALPHA = 0.3
"""What is lost is a veil over the wave, with an edge on top (frames) or below (sound)."""


def tone_of(sign: Sign) -> str:
    """The colour of a sign, by its token."""
    if isinstance(sign, MomentKind):
        return TONES[sign]
    return "text2" if sign == LOUDNESS else "good"


def paint_flag(painter: QPainter, kind: MomentKind, x: float, top: float) -> None:
    """A mark, 7 px high, that points down at `x`: a triangle, or a diamond where the character broke."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme_now().color(TONES[kind]))
    corners = [QPointF(x - 5, top), QPointF(x + 5, top), QPointF(x, top + 7)]
    if kind is MomentKind.BROKE:
        corners = [QPointF(x - 5, top + 3.5), QPointF(x, top - 1.5), QPointF(x + 5, top + 3.5), QPointF(x, top + 8.5)]
    painter.drawPolygon(QPolygonF(corners))


class SignMark(QWidget):
    """A sign alone, beside its words."""

    def __init__(self, sign: Sign) -> None:
        super().__init__()
        self._sign = sign
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A small square."""
        side = theme_now().px(SIGN_PX)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the timeline draws it."""
        painter, sign = QPainter(self), self._sign
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, colour = QRectF(self.rect()).center(), theme_now().color(tone_of(sign))
        if sign in (MomentKind.MARKED, MomentKind.BROKE):
            paint_flag(painter, MomentKind(sign), middle.x(), middle.y() - 3.5)
        elif sign is MomentKind.TOO_LOUD:
            for left in (-4, 1):
                painter.fillRect(QRectF(middle.x() + left, 1, 3, self.height() - 2), colour)
        elif sign in (MomentKind.LOST_PICTURES, MomentKind.LOST_SOUND):
            high = 3 if sign is MomentKind.LOST_PICTURES else self.height() - 6
            painter.fillRect(QRectF(1, high, self.width() - 2, 3), colour)
            colour.setAlphaF(LOST_ALPHA)
            painter.fillRect(QRectF(1, 3, self.width() - 2, self.height() - 6), colour)
        else:
            painter.setPen(QPen(colour, 2 if sign == LOUDNESS else 4))
            painter.drawLine(QPointF(1, middle.y()), QPointF(self.width() - 1, middle.y()))
