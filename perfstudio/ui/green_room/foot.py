"""The row of actions below the page: the way back at the left, the ways on at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.ui.widgets import Button

_GAP = 12


class Foot(QWidget):
    """Where the row gets narrow the caps of the keys go first; the keys work all the same."""

    def __init__(self, back: Button, onward: tuple[Button, ...], margin: int) -> None:
        super().__init__()
        self._buttons, self._margin = (back, *onward), margin
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(margin, 16, margin, 16)
        self._row.setSpacing(_GAP)
        self._row.addWidget(back)
        self._row.addStretch(1)
        for button in onward:
            self._row.addWidget(button)

    def fit(self) -> None:
        """After a button appeared, went or changed its words."""
        shown = [button for button in self._buttons if not button.isHidden()]
        for button in shown:
            button.show_cap(True)
        needed = sum(button.sizeHint().width() + _GAP for button in shown) + 2 * self._margin
        for button in shown:
            button.show_cap(needed <= self.width())

    def minimumSizeHint(self) -> QSize:
        """The window may be narrower than all caps together."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new width."""
        super().resizeEvent(event)
        self.fit()
