"""How loud a take is played: a line with a knob, and the number beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from perfstudio.language.catalogue import _
from perfstudio.texts import playing
from perfstudio.ui.key_map import cap_on
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.keycap import cap_width, paint_cap

STEP = 10
"""Percent that a key goes."""
KEY = "− +"
_TRACK_PX, _GAP = 72, 8


class VolumeSlider(Focusable, QSlider):
    """0 to 100 percent of what was recorded; a click or a drag on the line, arrows while it has the focus."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, 100)
        self.setSingleStep(STEP)
        self.setPageStep(2 * STEP)
        self.setValue(100)
        self.setAccessibleName(_("Volume"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(lambda _: self.update())

    def sizeHint(self) -> QSize:
        """Cap, the longest words, line."""
        return QSize(round(self._track_left() + self._track_width()) + 12, max(28, theme_now().px(28)))

    def minimumSizeHint(self) -> QSize:
        """All of it."""
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To where the pointer is."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._follow(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """With the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It is there already."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ring, cap, words, the line filled up to the knob."""
        now, painter = theme_now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.shows_ring():
            rounded(painter, QRectF(self.rect()), 7, border=now.color("accent_text"), width=2)
        colour, middle = now.color("text2"), self.height() / 2
        paint_cap(painter, 4, middle, self._cap(), colour)
        painter.setFont(now.font(Role.BODY))
        painter.setPen(colour)
        left = round(4 + cap_width(self._cap()) + _GAP)
        painter.drawText(
            self.rect().adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, playing.volume(self.value())
        )
        track = QRectF(self._track_left(), middle - 2, self._track_width(), 4)
        knob = track.left() + track.width() * self.value() / self.maximum()
        rounded(painter, track, 2, now.color("edge"))
        rounded(painter, QRectF(track.left(), track.top(), knob - track.left(), 4), 2, now.color("accent_line"))
        painter.setBrush(now.color("text1"))
        painter.drawEllipse(QPointF(knob, middle), theme_now().px(6), theme_now().px(6))

    def keys_changed(self) -> None:
        """Other keys, other caps."""
        self.updateGeometry()
        self.update()

    def _cap(self) -> str:
        return cap_on(self, KEY)

    def _follow(self, x: float) -> None:
        share = (x - self._track_left()) / self._track_width()
        self.setValue(round(max(0.0, min(share, 1.0)) * self.maximum()))

    def _track_left(self) -> float:
        words = QFontMetricsF(theme_now().font(Role.BODY)).horizontalAdvance(playing.volume(100))
        return 4 + cap_width(self._cap()) + _GAP + words + _GAP + theme_now().px(6)

    def _track_width(self) -> float:
        return float(theme_now().px(_TRACK_PX))
