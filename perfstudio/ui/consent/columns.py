"""The two columns of the consent page: the lines, or a text in their place; beside them what is said and pressed."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from perfstudio.ui.consent.reader import Reader
from perfstudio.ui.consent.side_column import SideColumn
from perfstudio.ui.consent.use_grid import UseGrid
from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets import Card, Page

SIDE_PX, MOST_SIDE = 370, 0.42
"""How wide the right column is, and at most which share of the page."""


class ConsentColumns(QWidget):
    """Shows the lines first."""

    def __init__(self, lines: UseGrid, reader: Reader, side: SideColumn) -> None:
        super().__init__()
        self._lines, self._reader, self._side = lines, reader, side
        left = Card(padding=0, spacing=0)
        self._stack = QStackedLayout()
        left.body.addLayout(self._stack)  # before it is filled: what it shows first would be a window of its own
        self._stack.addWidget(lines)
        self._stack.addWidget(reader)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        row.addWidget(left, 1)
        row.addWidget(side)

    def show_lines(self) -> None:
        """The lines of the pack."""
        self._stack.setCurrentWidget(self._lines)

    def show_text(self) -> None:
        """What the reader holds."""
        self._stack.setCurrentWidget(self._reader)

    @property
    def reads(self) -> bool:
        """A text stands in the place of the lines."""
        return self._stack.currentWidget() is self._reader

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The right column keeps its measure."""
        super().resizeEvent(event)
        page_width = self.width() + 2 * Page.MARGIN
        self._side.setFixedWidth(min(theme_now().px(SIDE_PX), round(page_width * MOST_SIDE)))
