"""One setting: what it is at the left, its control at a common edge; one above the other where there is no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, Card, Hairline, PlainLabel

WORDS_PX, NARROW_PX = 250, 620
ANY_PX = 16_777_215
"""Qt's own number for: as wide as there is room."""


class SettingLine(QWidget):
    """`note` says in a line what it does."""

    def __init__(self, name: str, control: QWidget, note: str = "") -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 14, 0, 14)
        self._box.setSpacing(12)
        self._words = QWidget()
        column = QVBoxLayout(self._words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        self.name = PlainLabel(name, Role.STRONG, wrap=True)
        column.addWidget(self.name)
        self.note = PlainLabel(note, Role.SMALL, "text2", wrap=True)
        column.addWidget(self.note)
        self.note.setVisible(bool(note))
        column.addStretch(1)
        self._box.addWidget(self._words)
        side = QHBoxLayout()
        side.addWidget(control, 1, Qt.AlignmentFlag.AlignVCenter)
        side.addStretch(0)  # what a control does not take stays empty at its right
        self._box.addLayout(side, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other while it is wide enough."""
        super().resizeEvent(event)
        narrow = self.width() < theme_now().px(NARROW_PX)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
        self._words.setMinimumWidth(0 if narrow else theme_now().px(WORDS_PX))
        self._words.setMaximumWidth(ANY_PX if narrow else theme_now().px(WORDS_PX))


class _Above(Hairline):
    """There while the line below it is."""

    def __init__(self, line: QWidget) -> None:
        super().__init__()
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line comes or goes, whether or not the card is seen."""
        if isinstance(watched, QWidget) and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(not watched.isHidden())
        return False


def lines_card(lines: Sequence[QWidget], heading: str = "") -> Card:
    """A card of settings with hairlines between them."""
    card = Card(heading, padding=20, spacing=0)
    card.body.setContentsMargins(20, 20 if heading else 8, 20, 8)
    for place, line in enumerate(lines):
        if place:
            card.body.addWidget(_Above(line))
        card.body.addWidget(line)
    return card


def parts_column(*parts: QWidget, gap_px: int = 8) -> QWidget:
    """What a line offers, one below the other; a button is only as wide as its words."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(gap_px)
    for part in parts:
        if isinstance(part, Button):
            column.addWidget(part, alignment=Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(part)
    return box
