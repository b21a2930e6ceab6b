"""The column beside the lines: cards that scroll, and below them what is pressed, always in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.ui.consent.rows import flow_row, wide
from perfstudio.ui.widgets import Button, ScrollColumn


class SideColumn(QWidget):
    """`cards` scroll; `below` stands under them, then the `buttons`, each as wide as the column, then `hints`."""

    def __init__(
        self, cards: Sequence[QWidget], below: Sequence[QWidget], buttons: Sequence[Button], hints: Sequence[QWidget]
    ) -> None:
        super().__init__()
        self.area = ScrollColumn(margins=(0, 0, 0, 0), spacing=12)
        for card in cards:
            self.area.body.addWidget(card)
        self.area.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.area, 1)
        for part in (*below, *(wide(button) for button in buttons), flow_row(*hints)):
            column.addWidget(part)
