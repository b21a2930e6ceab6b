"""A search field: filters while one types, Escape empties it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from perfstudio.ui.icons import pixmap
from perfstudio.ui.theme import theme_now


class SearchField(QLineEdit):
    """A line with a lens; listen to `textChanged`."""

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setMaxLength(200)
        self.setClearButtonEnabled(False)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties first, and only an empty field lets it through."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Measures follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, then the lens."""
        super().paintEvent(event)
        side = theme_now().px(18)
        left = self.width() - side - 12 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 12
        lens = pixmap("search", theme_now().color("text2"), side, self.devicePixelRatio())
        QPainter(self).drawPixmap(left, (self.height() - side) // 2, lens)

    def _measure(self) -> None:
        now = theme_now()
        icon_width = now.px(18) + 4
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setTextMargins(0 if mirrored else icon_width, 0, icon_width if mirrored else 0, 0)
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        self.setMinimumWidth(min(now.px(300), words + icon_width + now.px(34)))
