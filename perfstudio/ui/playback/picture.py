"""The played picture: as it lies in the file (never mirrored), in a rounded frame, with the time at its foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QLinearGradient, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.language.catalogue import _
from perfstudio.texts import formatting
from perfstudio.ui.icons import pixmap
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame

_DARKNESS = QColor("#08080a")
_FOOT = 72


class PlayedPicture(QWidget):
    """Give it frames; a click asks to play or pause. Frames are converted only when they are painted."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Picture of the take"))
        self._fetch: Callable[[], QImage] | None = None
        self._image = QImage()
        self._icon, self._words = "takes", ""
        self._position_s = self._duration_s = 0.0
        self._playing = False

    def clear(self, words: str = "", icon: str = "takes") -> None:
        """No picture, and why."""
        self._fetch, self._image = None, QImage()
        self._words, self._icon = words, icon
        self.setAccessibleDescription(words)
        self.update()

    def show_image(self, image: QImage) -> None:
        """A still, such as the thumbnail while the file is opened."""
        self._fetch, self._image = None, image
        self.update()

    def show_frame(self, frame: QVideoFrame) -> None:
        """Show a frame of the film."""
        self._fetch = frame.toImage
        self.update()

    def rest(self) -> None:
        """Nobody looks: the picture is forgotten."""
        self._fetch, self._image = None, QImage()

    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return self._fetch is not None or not self._image.isNull()

    def show_time(self, position_s: float, duration_s: float) -> None:
        """Where it stands; repaints when the shown second changes."""
        before = (int(self._position_s), int(self._duration_s))
        self._position_s, self._duration_s = position_s, duration_s
        if before != (int(position_s), int(duration_s)):
            self.update()

    def show_playing(self, playing: bool) -> None:
        """The sign at the foot."""
        self._playing = playing
        self.update()

    def time_words(self) -> str:
        """Position and length, as in “0:48 / 2:31”."""
        return f"{formatting.duration(self._position_s)} / {formatting.duration(self._duration_s)}"

    def hasHeightForWidth(self) -> bool:
        """True: the shape is 16:9."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of a 16:9 picture at a width, in pixels."""
        return round(width * 9 / 16)

    def sizeHint(self) -> QSize:
        """A 16:9 picture of the usual width."""
        return QSize(720, 405)

    def minimumSizeHint(self) -> QSize:
        """The smallest 16:9 picture in which a face can be judged."""
        return QSize(240, 120)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click plays or pauses."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, then the foot."""
        if self._fetch is not None:
            self._image, self._fetch = self._fetch(), None
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(box, RADIUS_CARD, RADIUS_CARD)
        painter.setClipPath(shape)
        painter.fillRect(box, _DARKNESS)
        if self._image.isNull():
            self._paint_words(painter, box)
        else:
            painter.drawImage(_fitted(box, self._image.size()), self._image)
        self._paint_foot(painter, box)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        side = theme_now().px(36)
        middle = box.center()
        icon = pixmap(self._icon, QColor(DARK.text3), side, self.devicePixelRatio())
        painter.drawPixmap(QPointF(middle.x() - side / 2, middle.y() - side), icon)
        painter.setFont(theme_now().font(Role.BODY))
        painter.setPen(QColor(DARK.text2))
        below = QRectF(box.left() + 32, middle.y() + 12, box.width() - 64, box.height() / 2 - 12)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, int(flags), self._words)

    def _paint_foot(self, painter: QPainter, box: QRectF) -> None:
        fade = QLinearGradient(0, box.bottom(), 0, box.bottom() - _FOOT)
        for at, alpha in ((0.0, 205), (0.5, 130), (1.0, 0)):
            fade.setColorAt(at, QColor(6, 6, 7, alpha))
        painter.fillRect(QRectF(box.left(), box.bottom() - _FOOT, box.width(), _FOOT), fade)
        side = theme_now().px(20)
        white = QColor(DARK.text1)
        middle = box.bottom() - theme_now().px(23)
        sign = pixmap("pause" if self._playing else "play", white, side, self.devicePixelRatio())
        painter.drawPixmap(QPointF(box.left() + 16, middle - side / 2), sign)
        painter.setFont(theme_now().font(Role.SMALL, tabular=True))
        painter.setPen(white)
        line = QRectF(box.left() + 16 + side + 12, middle - 16, box.width(), 32)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), self.time_words())


def _fitted(rect: QRectF, size: QSize) -> QRectF:
    """The whole picture inside the rectangle; a sliver that would stay dark is filled."""
    across, down = rect.width() / size.width(), rect.height() / size.height()
    scale = max(across, down) if 1 - min(across, down) / max(across, down) < 0.02 else min(across, down)
    width, height = size.width() * scale, size.height() * scale
    return QRectF(rect.center().x() - width / 2, rect.center().y() - height / 2, width, height)
