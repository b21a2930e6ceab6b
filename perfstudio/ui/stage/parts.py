"""What lies on the stage's picture: darkness under words, the frame, a dot, a sentence, the countdown."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import PlainLabel, Viewfinder
from perfstudio.ui.widgets.base import rounded
from perfstudio.ui.widgets.heard import Heard

FRAME_PX = 6
FADE_PX = 64
"""How softly the darkness behind the words ends."""


class StagePicture(Viewfinder):
    """The picture with darkness at head and foot for the words, and a frame in `frame`, a token of the palette; "" is
    none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.frame = ""
        self.head_px, self.foot_px = 150, 112
        self._scrims: tuple[QImage, QImage] | None = None

    def set_head(self, pixels: int) -> None:
        """How far down the words at the top reach."""
        if pixels != self.head_px:
            self.head_px = pixels
            self._scrims = None
            self.update()

    def set_foot(self, pixels: int) -> None:
        """How far up the keys reach."""
        if pixels != self.foot_px:
            self.foot_px = pixels
            self._scrims = None
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, the scrims under texts, and the frame."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._scrims is None or self._scrims[0].width() != self.width():
            self._scrims = (_scrim(self.width(), self.head_px, top=True), _scrim(self.width(), self.foot_px, top=False))
        painter.drawImage(0, 0, self._scrims[0])
        painter.drawImage(0, self.height() - self._scrims[1].height(), self._scrims[1])
        if self.frame:
            colour = QColor(getattr(DARK, self.frame))
            width, height, edge = self.width(), self.height(), FRAME_PX
            for x, y, w, h in (
                (0, 0, width, edge),
                (0, height - edge, width, edge),
                (0, edge, edge, height - 2 * edge),
                (width - edge, edge, edge, height - 2 * edge),
            ):
                painter.fillRect(x, y, w, h, colour)


def _scrim(width: int, height: int, *, top: bool) -> QImage:
    """Darkness that carries words over a white picture too, and fades behind them; drawn once per size."""
    image = QImage(max(1, width), max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    fade = QLinearGradient(0, 0, 0, height) if top else QLinearGradient(0, height, 0, 0)
    words = max(0.0, 1 - FADE_PX / max(1, height))
    for at, alpha in ((0.0, 235), (words, 205), ((1 + words) / 2, 96), (1.0, 0)):
        fade.setColorAt(at, QColor(6, 6, 7, alpha))
    painter = QPainter(image)
    painter.fillRect(image.rect(), fade)
    painter.end()
    return image


class Dot(QWidget):
    """A small filled circle; its word stands beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor(DARK.record)

    def tint(self, colour: str) -> None:
        """Use another colour of the palette."""
        if QColor(colour) != self._colour:
            self._colour = QColor(colour)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot."""
        rounded(QPainter(self), self.rect().toRectF(), self.width() / 2, self._colour)


class StageHeading(PlainLabel):
    """Which take of which scene: the stage's one heading."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", Role.BODY, "text2", wrap=True, palette=DARK, parent=parent)

    def heard_role(self) -> Heard:
        """What the page is about."""
        return Heard.Heading


class Ground(QWidget):
    """Darkness behind words that stand in the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        rounded(QPainter(self), self.rect().toRectF(), 14, QColor(10, 10, 11, 214))


class Pill(PlainLabel):
    """One sentence on its own darkness, at the edge of the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", Role.BODY, "look", wrap=True, palette=DARK, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def largest_within(self, most: int) -> tuple[int, int]:
        """Width and height, at most `most` pixels wide."""
        box = QRect(0, 0, most - 36, 10_000)
        words = self.fontMetrics().boundingRect(box, int(Qt.TextFlag.TextWordWrap), self.text())
        return words.width() + 36, words.height() + 16

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, then the text on it."""
        rounded(QPainter(self), self.rect().toRectF(), min(20, self.height() / 2), QColor(10, 10, 11, 214))
        super().paintEvent(event)


class Countdown(QWidget):
    """3, 2, 1 in the middle of the picture; it is not in the take."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._left = 0
        self.hide()

    def show_left(self, left: int) -> None:
        """Seconds left; 0 takes it away."""
        self._left = left
        self.setVisible(left > 0)
        self.setAccessibleName(str(left) if left else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A figure on a dark disc."""
        painter = QPainter(self)
        rounded(painter, self.rect().toRectF(), self.width() / 2, QColor(6, 6, 7, 150))
        font = QFont(theme_now().font_at(64, QFont.Weight.DemiBold, tabular=True))
        font.setPixelSize(max(1, round(self.height() * 64 / 120)))
        painter.setFont(font)
        painter.setPen(QColor(DARK.text1))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._left))
