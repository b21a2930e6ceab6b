"""What all own widgets share: a focus ring for those who use the keyboard, and measures that follow the look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

_BY_POINTER = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object  # a widget has one Qt base only; the mixin comes before it


class Focusable(_Base):
    """Mixin, first in the list of bases: knows whether the focus came by keyboard, and measures anew with the look."""

    _ring = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keyboard focus shows a ring; a click does not need one."""
        if event.reason() not in _BY_POINTER:
            self._ring = True
        elif event.reason() is Qt.FocusReason.MouseFocusReason:
            self._ring = False
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes with the focus."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """A new look may have new sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def shows_ring(self) -> bool:
        """Whether the focus ring has to be painted."""
        return self._ring and self.hasFocus()


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1.0,
) -> None:
    """A crisp rounded rectangle whose border lies inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        painter.setPen(QPen(border, width))
        half = width / 2
        painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)
