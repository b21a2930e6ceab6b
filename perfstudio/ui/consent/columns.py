"""The two columns of the consent page: the lines, or a text in their place; beside them what is said and pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedLayout

from perfstudio.ui.consent.reader import Reader
from perfstudio.ui.consent.side_column import SideColumn
from perfstudio.ui.consent.use_grid import UseGrid
from perfstudio.ui.widgets import Card, TwoColumns

SIDE_PX, MOST_SIDE = 370, 0.45
"""How wide the right column is, and at most which share of the page."""


class ConsentColumns(TwoColumns):
    """Shows the lines first."""

    def __init__(self, lines: UseGrid, reader: Reader, side: SideColumn) -> None:
        left = Card(padding=0, spacing=0)
        super().__init__(left, side, (lines, reader.area, side.area), side_px=SIDE_PX, share=MOST_SIDE)
        self._lines, self._reader = lines, reader
        self._stack = QStackedLayout()
        left.body.addLayout(self._stack)  # before it is filled: what it shows first would be a window of its own
        self._stack.addWidget(lines)
        self._stack.addWidget(reader)

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
