"""What all own widgets share: a focus ring and an Enter key for those who use the keyboard, and measures that follow
the look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from perfstudio.ui.theme import theme_now

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PRESS = (Qt.Key.Key_Space, *ENTER)
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_BY_POINTER = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object  # a widget has one Qt base only; the mixin comes before it


class Focusable(_Base):
    """Mixin, first in the list of bases: knows whether the focus came by keyboard, lets Enter press what has it, and
    measures anew with the look."""

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Enter press a button as Space does, on every system; the page below hears nothing of it."""
        if not isinstance(self, QAbstractButton) or event.key() not in ENTER or event.modifiers() & _WITH:
            super().keyPressEvent(event)
            return
        event.accept()
        if not event.isAutoRepeat():
            self.click()

    def changeEvent(self, event: QEvent) -> None:
        """A new look may have new sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def shows_ring(self) -> bool:
        """Whether the focus ring has to be painted."""
        return self._ring and self.hasFocus()


class KeptPicture:
    """What is painted thirty times a second over a moving picture, and looks otherwise only now and then: drawn once,
    and shown from a picture of it."""

    def __init__(self) -> None:
        self._drawn: tuple[object, QPixmap] | None = None

    def paint(self, widget: QWidget, looks: object, draw: Callable[[QPainter], None]) -> None:
        """Show it on the widget; `draw` ends the painter that it gets. `looks` is all that it depends on beside theme,
        size and screen."""
        ratio = widget.devicePixelRatio()
        key = (looks, theme_now(), widget.size(), ratio)
        if self._drawn is None or self._drawn[0] != key:
            picture = QPixmap(widget.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            draw(QPainter(picture))
            self._drawn = (key, picture)
        QPainter(widget).drawPixmap(0, 0, self._drawn[1])


def in_field(page: QWidget) -> bool:
    """Whether somebody types in a field of this page: its Enter is its own, though Qt lets the page hear of it."""
    return isinstance(page.focusWidget(), QLineEdit)


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
