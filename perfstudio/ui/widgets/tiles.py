"""Tiles of one size in as many columns as fit, and the arrow keys that move between them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.ui.widgets.items_layout import ItemsLayout


class TileLayout(ItemsLayout):
    """Equal columns at least `least` pixels wide; the height of a row is that of its items' size hints."""

    def __init__(self, parent: QWidget | None = None, *, least: int = 300, gap: int = 16) -> None:
        super().__init__(parent)
        self.least, self.gap = least, gap

    def columns(self, width: int) -> int:
        """How many columns a width holds."""
        return max(1, (width + self.gap) // (self.least + self.gap))

    def sizeHint(self) -> QSize:
        """The width of three columns, and the height of all rows then."""
        width = 3 * self.least + 2 * self.gap
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        """The width of one column."""
        shown = [item for item in self._items if not item.isEmpty()]
        return QSize(min(self.least, 240), max((i.sizeHint().height() for i in shown), default=0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        shown = [item for item in self._items if not item.isEmpty()]
        columns = self.columns(rect.width())
        width = (rect.width() - (columns - 1) * self.gap) / columns
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        y = rect.y()
        for first in range(0, len(shown), columns):
            row = shown[first : first + columns]
            height = max(item.sizeHint().height() for item in row)
            for at, item in enumerate(row if move else ()):
                column = columns - 1 - at if mirrored else at
                left = rect.x() + round(column * (width + self.gap))
                right = rect.x() + round(column * (width + self.gap) + width)
                item.setGeometry(QRect(left, y, right - left, height))
            y += height + self.gap
        return max(0, y - self.gap - rect.y())


class TileGrid(QWidget):
    """A field of focusable tiles."""

    def __init__(self, *, least: int = 300, gap: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[QWidget] = []
        self._grid = TileLayout(self, least=least, gap=gap)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, tile: QWidget) -> None:
        """Add a tile behind the others."""
        self.tiles.append(tile)
        self._grid.addWidget(tile)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move by place, Home and End to the ends."""
        shown = [tile for tile in self.tiles if tile.isVisible()]
        at = next((i for i, tile in enumerate(shown) if tile.hasFocus()), None)
        if at is None:
            super().keyPressEvent(event)
            return
        columns = self._grid.columns(self.width())
        aside = -1 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
        goals = {
            Qt.Key.Key_Right: at + aside,
            Qt.Key.Key_Left: at - aside,
            Qt.Key.Key_Down: at + columns,
            Qt.Key.Key_Up: at - columns,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(shown) - 1,
        }
        goal = goals.get(Qt.Key(event.key()))
        if goal is None or not 0 <= goal < len(shown):
            super().keyPressEvent(event)
            return
        shown[goal].setFocus(Qt.FocusReason.TabFocusReason)
