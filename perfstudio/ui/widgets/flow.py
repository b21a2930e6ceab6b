"""A layout that places its items in lines, like words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayoutItem, QWidget

from perfstudio.ui.widgets.items_layout import ItemsLayout


class FlowLayout(ItemsLayout):
    """Items from left to right (mirrored in right-to-left languages), on a new line when the width is used up.

    `centred` or `trailing`: what is left of a line is on both sides of it, or before it. An item that is wider than all
    of it gets no more than there is, and breaks what it says into lines.
    """

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 8, centred: bool = False, trailing: bool = False
    ) -> None:
        super().__init__(parent)
        self._share = 0.5 if centred else 1.0 if trailing else 0.0
        self.setSpacing(spacing)

    def line_width(self) -> int:
        """What all items in one line take."""
        widths = [item.sizeHint().width() for item in self._items if not item.isEmpty()]
        return sum(widths) + self.spacing() * max(0, len(widths) - 1)

    def expandingDirections(self) -> Qt.Orientation:
        """Wants no more than it needs."""
        return Qt.Orientation(0)

    def sizeHint(self) -> QSize:
        """The smallest that shows every item."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """As wide as the widest item has to be."""
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(_least(item))
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _place(self, rect: QRect, *, move: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        between = min(8, self.spacing())
        y = area.y()
        for line in self._lines(area.width()):
            height = max(_size(item, area.width()).height() for item in line)
            if move:
                self._place_line(line, area, y)
            y += height + between
        return max(0, y - between - rect.y()) + self.contentsMargins().bottom()

    def _lines(self, width_left: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            width = item.sizeHint().width()
            if not lines or used + self.spacing() + width > width_left:
                lines.append([])
                used = -self.spacing()
            lines[-1].append(item)
            used += self.spacing() + width
        return lines

    def _place_line(self, line: list[QLayoutItem], area: QRect, y: int) -> None:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        sizes = [_size(item, area.width()) for item in line]
        spare = area.width() - sum(size.width() for size in sizes) - self.spacing() * (len(line) - 1)
        x = area.x() + round(spare * self._share)
        for item, size in zip(line, sizes, strict=True):
            left = area.x() + area.right() - x - size.width() + 1 if mirrored else x
            item.setGeometry(QRect(QPoint(left, y), size))
            x += size.width() + self.spacing()


class FlowLine(QWidget):
    """A line of items in a cell of a grid, as high as they are: a grid alone may give it the height that it would have
    if it were wider."""

    def __init__(self, *, spacing: int = 8) -> None:
        super().__init__()
        self.items = FlowLayout(self, spacing=spacing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.items.heightForWidth(self.width()))


def _size(item: QLayoutItem, most: int) -> QSize:
    """What an item gets in a line of so many pixels."""
    wanted = item.sizeHint()
    if wanted.width() <= most:
        return wanted
    return QSize(most, item.heightForWidth(most) if item.hasHeightForWidth() else wanted.height())


def _least(item: QLayoutItem) -> QSize:
    """What an item can live with here, whatever it insists on in other layouts."""
    widget = item.widget()
    return item.minimumSize() if widget is None else widget.minimumSizeHint().expandedTo(widget.minimumSize())
