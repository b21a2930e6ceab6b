"""One of nine: a dimension as nine dots between two words, below figures that show it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from perfstudio.language.catalogue import _
from perfstudio.ui.icons import pixmap
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded

STEPS = 9
_FIGURE_PX = 24


class Scale9(Focusable, QSlider):
    """0 means not said. Digits 1 to 9 and the arrows choose, Delete takes back, a click on the chosen dot too."""

    rated = Signal(int)

    def __init__(self, name: str, low: str, high: str, *, figures: str = "") -> None:
        """`figures`: how the icons begin that stand over every other dot; empty: none do."""
        super().__init__(Qt.Orientation.Horizontal)
        self.low, self.high, self._figures = low, high, figures
        self.setAccessibleName(_("{name}, from {low} to {high}", name=name, low=low, high=high))
        self.setRange(0, STEPS)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.current = False
        """Whether digits typed anywhere on the page land here."""

    def rate(self, value: int) -> None:
        """Choose a value and call `on_change`."""
        self.setValue(value)
        self.update()
        self.rated.emit(value)

    def show_value(self, value: int | None) -> None:
        """Choose a value without calling `on_change`."""
        self.setValue(value or 0)
        self.update()

    def mark_current(self, current: bool) -> None:
        """Show that the digit keys fill this scale now."""
        self.current = current
        self.update()

    def sizeHint(self) -> QSize:
        """Dots with their two words below."""
        return QSize(theme_now().px(240), self._figures_height() + theme_now().px(24) + self._words_height())

    def minimumSizeHint(self) -> QSize:
        """Nine targets of 24 px."""
        return QSize(9 * 24, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, arrows, Home and End, Delete."""
        key = event.key()
        forward = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(key))
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.rate(key - Qt.Key.Key_0)
        elif forward is not None:
            start = self.value() or (5 - forward)
            self.rate(max(1, min(STEPS, start + forward)))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_0):
            self.rate(0)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The dot nearest to the pointer; the chosen one again takes it back."""
        if event.button() is Qt.MouseButton.LeftButton:
            dot = max(1, min(STEPS, int(event.position().x() / self._pitch()) + 1))
            self.rate(0 if dot == self.value() else dot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ignored: a value is chosen by a press, not by dragging."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ignored: the press has chosen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dots, the chosen one full; the two words."""
        now, painter = theme_now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius, middle = min(now.px(9.5), self._pitch() / 2 - 1.5), self._figures_height() + now.px(12)
        self._paint_figures(painter)
        for dot in range(1, STEPS + 1):
            centre = QPointF((dot - 0.5) * self._pitch(), middle)
            box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
            if dot == self.value():
                rounded(painter, box, radius, now.color("accent"), now.color("accent_line"), 1.2)
                painter.setFont(now.font(Role.MICRO))
                painter.setPen(now.color("on_accent"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(dot))
            else:
                rounded(painter, box, radius, now.color("ground3"), now.color("edge"), 2 if self.current else 1)
        if self.shows_ring():
            ring = QRectF(0, middle - now.px(12), self.width(), now.px(24))
            rounded(painter, ring, now.px(12), border=now.color("accent_text"), width=2)
        painter.setFont(now.font(Role.MICRO))
        painter.setPen(now.color("text3"))
        words = QRectF(self._pitch() / 2 - radius, middle + now.px(12), 0, self._words_height())
        words.setRight(self.width() - words.left())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft), self.low)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight), self.high)

    def _paint_figures(self, painter: QPainter) -> None:
        """Over the odd dots, as the nine steps of the Self-Assessment Manikin have five figures."""
        if not self._figures:
            return
        side = theme_now().px(_FIGURE_PX)
        for dot in range(1, STEPS + 1, 2):
            colour = theme_now().color("accent_text" if dot == self.value() else "text2")
            drawn = pixmap(f"{self._figures}-{dot}", colour, side, self.devicePixelRatio())
            painter.drawPixmap(QPointF((dot - 0.5) * self._pitch() - side / 2, 0), drawn)

    def _figures_height(self) -> int:
        return theme_now().px(_FIGURE_PX + 3) if self._figures else 0

    def _pitch(self) -> float:
        return self.width() / STEPS

    def _words_height(self) -> int:
        return round(QFontMetricsF(theme_now().font(Role.MICRO)).height())
