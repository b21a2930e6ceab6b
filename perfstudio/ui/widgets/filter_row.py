"""Choices and words that narrow a list, in one row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.widgets.search import SearchField
from perfstudio.ui.widgets.segmented import SegmentedFilter


class FilterRow(QWidget):
    """`filter` beside `search`; `sift` is called when either has changed."""

    def __init__(self, choices: dict[str, str], placeholder: str, sift: Callable[[], object]) -> None:
        super().__init__()
        self.filter = SegmentedFilter(_("Show"), choices)
        self.filter.chosen.connect(lambda _: sift())
        self.search = SearchField(placeholder)
        self.search.textChanged.connect(lambda _: sift())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.filter, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.search)
