"""Choices and words that narrow a list: in one row, or one below the other where that is too narrow for large text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.widgets.search import SearchField
from perfstudio.ui.widgets.segmented import SegmentedFilter

_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class FilterRow(QWidget):
    """`filter` beside `search`; `sift` is called when either has changed."""

    def __init__(self, choices: dict[str, str], placeholder: str, sift: Callable[[], object]) -> None:
        super().__init__()
        self.filter = SegmentedFilter(_("Show"), choices)
        self.filter.chosen.connect(lambda _: sift())
        self.search = SearchField(placeholder)
        self.search.textChanged.connect(lambda _: sift())
        row = self._row = QBoxLayout(_BESIDE, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.filter, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.search)

    def minimumSizeHint(self) -> QSize:
        """One below the other it is as narrow as the wider of the two."""
        narrowest = max(self.filter.minimumSizeHint().width(), self.search.minimumWidth())
        return QSize(narrowest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """A count or the size of text has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        """Beside the search as long as every choice has its place in one line there."""
        wanted = self.filter.line_width() + self._row.spacing() + self.search.minimumWidth()
        direction = _BESIDE if wanted <= self.width() else _BELOW
        if direction is not self._row.direction():
            self._row.setDirection(direction)
