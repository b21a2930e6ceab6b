"""The row of actions below a page: the way back at the left, the ways on at the right, a quiet line between them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets.button import Button
from perfstudio.ui.widgets.flow import FlowLayout
from perfstudio.ui.widgets.label import PlainLabel

_GAP = 12
_NOTE_PX = 120
"""A quiet line that has less room than this is left out."""


class FootRow(QWidget):
    """Where the row gets narrow the caps of the keys go first, then the margins, then icons; the keys work all the
    same. Then the ways on have rows of their own below."""

    def __init__(
        self, back: Button, onward: tuple[Button, ...], margin: int, *, note: PlainLabel | None = None
    ) -> None:
        super().__init__()
        self._buttons, self._margin, self._note = (back, *onward), margin, note
        self._column = QVBoxLayout(self)
        self._column.setSpacing(8)
        self._row = QHBoxLayout()
        self._row.setSpacing(_GAP)
        self._row.addWidget(back)
        self._row.addStretch(1)
        if note is not None:
            self._row.addWidget(note, 1000)
        self._column.addLayout(self._row)
        self._below = QWidget()
        self._lines = FlowLayout(self._below, spacing=_GAP, trailing=True)
        self._column.addWidget(self._below)
        self._onward, self._two = onward, False
        self._below.hide()
        for button in onward:
            self._row.addWidget(button)
        self.fit()

    def fit(self) -> None:
        """After a button appeared, went or changed its words."""
        capped = self._needs(caps=True) + 2 * self._margin <= self.width()
        needs = self._needs(caps=False)
        margin = self._margin if capped else max(0, min(self._margin, (self.width() - needs) // 2))
        for button in self._buttons:
            button.show_cap(capped)
            button.show_icon(capped or needs <= self.width())
        two = self._needs_least() > self.width()
        self._split(two=two)
        if two:
            margin = max(0, min(self._margin, (self.width() - self._lines.line_width()) // 2))
        self._column.setContentsMargins(margin, 16, margin, 16)
        if self._note is not None:
            left = self.width() - self._needs(caps=capped) - 2 * margin
            self._note.setVisible(left >= theme_now().px(_NOTE_PX) and bool(self._note.text()))

    def say_note(self, words: str) -> None:
        """Another quiet line, or none."""
        if self._note is not None:
            self._note.say(words)
            self.fit()

    def _split(self, *, two: bool) -> None:
        if two is self._two:
            return
        self._two = two
        before, after = (self._row, self._lines) if two else (self._lines, self._row)
        for button in self._onward:
            before.removeWidget(button)
            after.addWidget(button)
        self._below.setVisible(two)

    def _needs_least(self) -> int:
        """In one row, without caps and icons; they stay as they are."""
        shown = [button for button in self._buttons if not button.isHidden()]
        return sum(button.sizeHint().width() + _GAP for button in shown)

    def minimumSizeHint(self) -> QSize:
        """The window may be narrower than all caps together."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new width."""
        super().resizeEvent(event)
        self.fit()

    def _needs(self, *, caps: bool) -> int:
        shown = [button for button in self._buttons if not button.isHidden()]
        for button in shown:
            button.show_cap(caps)
            button.show_icon(True)
        return sum(button.sizeHint().width() + _GAP for button in shown)
