"""Facts in two columns: what each is called, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from perfstudio.ui.theme import Role
from perfstudio.ui.widgets.label import PlainLabel

_ROW_GAP_PX, _COLUMN_GAP_PX = 8, 20


class FactGrid(QWidget):
    """`facts` are rows of label, value, and the role in which the value is set."""

    def __init__(self, facts: Iterable[tuple[str, str, Role]]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(_COLUMN_GAP_PX)
        grid.setVerticalSpacing(_ROW_GAP_PX)
        grid.setColumnStretch(1, 1)
        for row, (label, value, role) in enumerate(facts):
            side = Qt.AlignmentFlag.AlignVCenter if role is Role.TITLE else Qt.AlignmentFlag.AlignTop
            grid.addWidget(PlainLabel(label, Role.SMALL, "text2"), row, 0, side)
            grid.addWidget(PlainLabel(value, role, wrap=True, selectable=True), row, 1)
