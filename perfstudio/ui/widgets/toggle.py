"""A switch: off or on, with Space or a click."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets.base import Focusable, rounded


class Toggle(Focusable, QCheckBox):
    """A check box that looks like a switch and reads as a check box. Its text stands in a label of its own.

    On: accent with the knob at the end and a small tick in it; off: an outline with the knob at the start. Shape and
    place say it without colour.
    """

    def __init__(self, name: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._at = 1.0 if on else 0.0
        self._move = QVariantAnimation(self)
        self._move.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._move.valueChanged.connect(self._moved)
        self.setChecked(on)
        self.toggled.connect(self._slide)

    def sizeHint(self) -> QSize:
        """As in every system: about twice as wide as high."""
        return QSize(theme_now().px(46), theme_now().px(26))

    def minimumSizeHint(self) -> QSize:
        """The size hint: its text is never cut."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """The whole switch takes the click."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, knob, tick, ring."""
        now, painter = theme_now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        box = QRectF(self.rect())
        radius = box.height() / 2
        on = self.isChecked()
        if on:
            rounded(painter, box, radius, now.color("accent"), now.color("accent_line"), 1.2)
        else:
            rounded(painter, box, radius, now.color("ground3"), now.color("edge"), 1.2)
        knob = radius - now.px(3.5)
        centre = QPointF(radius + self._at * (box.width() - 2 * radius), radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("on_accent" if on else "text2"))
        painter.drawEllipse(centre, knob, knob)
        if on:
            pen = QPen(now.color("accent"), now.px(1.8) or 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            step = knob * 0.36
            painter.drawPolyline(
                [
                    centre + QPointF(-step, 0),
                    centre + QPointF(-step * 0.2, step * 0.8),
                    centre + QPointF(step, -step * 0.7),
                ]
            )
        if self.shows_ring():
            colour = now.color("on_accent" if on else "accent_text")
            rounded(painter, box.adjusted(1.5, 1.5, -1.5, -1.5), radius - 1.5, border=colour, width=2)

    def _slide(self, on: bool) -> None:
        goal = 1.0 if on else 0.0
        self._move.stop()
        if theme_now().motion_ms == 0 or not self.isVisible():
            self._moved(goal)
            return
        self._move.setDuration(theme_now().motion_ms)
        self._move.setStartValue(self._at)
        self._move.setEndValue(goal)
        self._move.start()

    def _moved(self, value: object) -> None:
        if isinstance(value, float):
            self._at = value
            self.update()
