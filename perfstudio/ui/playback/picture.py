"""The played picture: as it lies in the file (never mirrored), in a rounded frame, with the time at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.language.catalogue import _
from perfstudio.texts import formatting
from perfstudio.ui.icons import pixmap
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now
from perfstudio.ui.widgets.toast import announce

if TYPE_CHECKING:
    from perfstudio.capture.playing.film_pictures import ShownPicture

_DARKNESS = QColor("#08080a")
_FOOT = 72


class PlayedPicture(QWidget):
    """Give it pictures; a click asks to play or pause. `sized` tells how large they are painted, in pixels of the
    screen; a picture of that size is painted as it is, without a copy."""

    clicked = Signal()
    sized = Signal(QSize)

    def __init__(self, parent: QWidget | None = None, *, captioned: bool = False) -> None:
        """A `captioned` one has `caption` at its foot, in place of the time."""
        super().__init__(parent)
        self.caption, self._captioned = "", captioned
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Picture of the take"))
        self._image = QImage()
        self._picture: ShownPicture | None = None
        """Whose bytes the image looks at."""
        self._unheard = ""
        self._icon, self._words = "takes", ""
        self._position_s = self._duration_s = 0.0
        self._playing = False

    def clear(self, words: str = "", icon: str = "takes") -> None:
        """No picture, and why."""
        self._image, self._picture = QImage(), None
        self._words, self._icon, self._unheard = words, icon, ""
        self.setAccessibleDescription(words)
        self.update()

    def show_image(self, image: QImage) -> None:
        """A still, such as the thumbnail while the file is opened."""
        self._image, self._picture = image, None
        self.update()

    def show_frame(self, picture: ShownPicture) -> None:
        """Show a picture of the film."""
        form = QImage.Format.Format_RGB32
        image = QImage(picture.pixels, picture.width, picture.height, picture.line_bytes, form)
        self._image = image.transformed(QTransform().rotate(90 * picture.turns)) if picture.turns else image
        self._picture = picture
        self.update()

    def show_unheard(self) -> None:
        """Its sound is not heard; said once, and seen until another film is shown."""
        self._unheard = _("No sound: no loudspeaker works here")
        announce(self, self._unheard)
        self.update()

    def rest(self) -> None:
        """Nobody looks: the picture is forgotten."""
        self._image, self._picture = QImage(), None

    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return not self._image.isNull()

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures are wanted in the new size."""
        super().resizeEvent(event)
        self.sized.emit(self.room())

    def room(self) -> QSize:
        """How large a picture is painted at most, in pixels of the screen."""
        return (self.size().toSizeF() * self.devicePixelRatioF()).toSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, then the foot."""
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
        if self._captioned:
            self._paint_caption(painter, box)
            return
        side = theme_now().px(20)
        white = QColor(DARK.text1)
        middle = box.bottom() - theme_now().px(23)
        sign = pixmap("pause" if self._playing else "play", white, side, self.devicePixelRatio())
        painter.drawPixmap(QPointF(box.left() + 16, middle - side / 2), sign)
        painter.setFont(theme_now().font(Role.SMALL, tabular=True))
        painter.setPen(white)
        line = QRectF(box.left() + 16 + side + 12, middle - 16, box.width(), 32)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), self.time_words())
        if self._unheard:
            self._paint_unheard(
                painter, line.adjusted(painter.fontMetrics().horizontalAdvance(self.time_words()), 0, 0, 0)
            )

    def _paint_caption(self, painter: QPainter, box: QRectF) -> None:
        painter.setFont(theme_now().font(Role.SMALL))
        painter.setPen(QColor(DARK.text1))
        middle = box.bottom() - theme_now().px(23)
        line = QRectF(box.left() + 16, middle - 16, box.width() - 32, 32)
        said = painter.fontMetrics().elidedText(self.caption, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), said)

    def _paint_unheard(self, painter: QPainter, line: QRectF) -> None:
        """Behind the time, as far as there is room."""
        side = theme_now().px(16)
        left, middle, right = line.left() + 20, line.center().y(), float(self.width() - 16)
        if right - left < 2 * side:
            return
        sign = pixmap("headphones", QColor(DARK.text2), side, self.devicePixelRatio())
        painter.drawPixmap(QPointF(left, middle - side / 2), sign)
        painter.setPen(QColor(DARK.text2))
        words = QRectF(left + side + 8, line.top(), right - left - side - 8, line.height())
        said = painter.fontMetrics().elidedText(self._unheard, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), said)


def _fitted(rect: QRectF, size: QSize) -> QRectF:
    """The whole picture inside the rectangle; a sliver that would stay dark is filled."""
    across, down = rect.width() / size.width(), rect.height() / size.height()
    scale = max(across, down) if 1 - min(across, down) / max(across, down) < 0.02 else min(across, down)
    width, height = size.width() * scale, size.height() * scale
    return QRectF(rect.center().x() - width / 2, rect.center().y() - height / 2, width, height)
