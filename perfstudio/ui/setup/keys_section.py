"""All the keys on one quiet card."""

from __future__ import annotations

import sys

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role, look
from perfstudio.ui.widgets import Card, FlowLayout, PlainLabel, ScrollColumn
from perfstudio.ui.widgets.keycap import cap_height, cap_width, paint_cap

MAC = sys.platform == "darwin"
_CTRL = "⌘" if MAC else "Ctrl"
_DELETE = "⌫" if MAC else "Del"
KEYS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "Everywhere": (
        ((f"{_CTRL} 1",), "Scenes"),
        ((f"{_CTRL} 2",), "Takes"),
        ((f"{_CTRL} 3",), "Deliveries"),
        ((f"{_CTRL} 4",), "Settings"),
        (("Tab",), "the next thing"),
        (("Esc",), "a step back"),
    ),
    "Brief": ((("Space",), "step on stage"), (("Esc",), "back to the scenes")),
    "Takes": (
        (("K",), "keep"),
        (("C",), "circle"),
        (("U",), "use: on to consent"),
        (("S",), "send"),
        ((_DELETE,), "bin"),
    ),
    "Stage": (
        (("Space",), "roll, cut"),
        (("R",), "again"),
        (("M",), "mark this moment"),
        (("B",), "broke character"),
        (("Esc",), "abandon; the take is kept"),
        (("V",), "hide myself"),
        (("G",), "guides"),
        (("+", "−"), "size of the prompt"),
    ),
    "Review": (
        (("Space",), "play, pause"),
        (("←", "→"), "a second back, on"),
        ((",", "."), "a picture back, on"),
        (("K",), "keep"),
        (("C",), "circle"),
        (("R",), "again"),
        ((_DELETE,), "bin"),
        (("I", "O"), "in and out points"),
        (("1–9",), "how it felt"),
        (("↵",), "on to consent"),
    ),
    "Consent": (
        ((f"{_CTRL} ↵",), "sign"),
        ((f"{_CTRL} ⌫",), "take it back"),
        (("S",), "same as the last take"),
        (("Esc",), "decide later"),
    ),
}
"""By page: the caps, and what they do there."""
COLUMNS = (("Everywhere", "Brief", "Takes"), ("Stage", "Consent"), ("Review",))
CAPS_PX, COLUMN_PX = 84, 320


class Caps(QWidget):
    """Keys as caps, side by side."""

    GAP = 5

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__()
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A common width, so that the words begin at one edge."""
        width = sum(cap_width(key) for key in self._keys) + self.GAP * (len(self._keys) - 1)
        return QSize(max(look().px(CAPS_PX), round(width) + 2), cap_height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The caps."""
        painter, left = QPainter(self), 1.0
        for key in self._keys:
            paint_cap(painter, left, self.height() / 2, key, look().color("text2"))
            left += cap_width(key) + self.GAP


class KeysSection(ScrollColumn):
    """Nothing to change here; only to read."""

    def __init__(self) -> None:
        super().__init__(spacing=16)
        card = Card(padding=20, spacing=20)
        card.body.addWidget(
            PlainLabel(
                "A pedal or a clicker that sends one of these keys works as well.", Role.BODY, "text2", wrap=True
            )
        )
        columns = QWidget()
        flow = FlowLayout(columns, spacing=32)
        for headings in COLUMNS:
            flow.addWidget(_Column(headings))
        card.body.addWidget(columns)
        self.body.addWidget(card)
        self.body.addStretch(1)


class _Column(QWidget):
    """Some pages' keys, one below the other, as wide as the words ask."""

    def __init__(self, headings: tuple[str, ...]) -> None:
        super().__init__()
        self.setAccessibleName(", ".join(headings))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(6)
        for place, heading in enumerate(headings):
            column.addSpacing(16 if place else 0)
            column.addWidget(PlainLabel(heading, Role.STRONG))
            for caps, words in KEYS[heading]:
                column.addLayout(_line(caps, words))
        column.addStretch(1)

    def sizeHint(self) -> QSize:
        """At least a common width, so that columns stand like columns."""
        size = super().sizeHint()
        return QSize(max(look().px(COLUMN_PX), size.width()), size.height())


def _line(caps: tuple[str, ...], words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(Caps(caps))
    said = PlainLabel(words, Role.BODY, "text2")
    said.setAccessibleName(f"{' '.join(caps)}: {words}")
    row.addWidget(said, 1)
    return row
