"""All the keys on one quiet card."""

from __future__ import annotations

import sys

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Card, FlowLayout, PlainLabel, ScrollColumn
from perfstudio.ui.widgets.keycap import cap_height, cap_width, paint_cap

MAC = sys.platform == "darwin"
_CTRL = "⌘" if MAC else "Ctrl"
_DELETE = "⌫" if MAC else "Del"
_ARROWS = ("←", "→", "↑", "↓")
KEYS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "Everywhere": (
        ((f"{_CTRL} 1",), "Scenes"),
        ((f"{_CTRL} 2",), "Green room"),
        ((f"{_CTRL} 3",), "Takes"),
        ((f"{_CTRL} 4",), "Deliveries"),
        ((f"{_CTRL} 5",), "Settings"),
        (("Tab",), "the next thing"),
        (("↵", "Space"), "press what is marked"),
    ),
    "Scenes": (
        (_ARROWS, "another card"),
        (("Home", "End"), "the first card, the last"),
        (("PgUp", "PgDn"), "scroll by a page"),
    ),
    "Brief": (
        (("Space", "↵"), "step on stage"),
        (("G",), "green room"),
        (("Esc",), "back to the scenes"),
        (("↑", "↓"), "scroll"),
        (("PgUp", "PgDn"), "scroll by a page"),
    ),
    "Green room": (
        (("Space",), "begin, go on"),
        (("R",), "check again"),
        (("P",), "play it"),
        (("S",), "skip the check"),
        (("G",), "guides"),
        (("Esc",), "stop, back"),
        (("↑", "↓"), "scroll"),
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
        (("⇧ ←", "⇧ →"), "five seconds back, on"),
        ((",", "."), "a picture back, on"),
        (("Home", "End"), "the beginning, the end"),
        (("K",), "keep"),
        (("C",), "circle"),
        (("R",), "again"),
        ((_DELETE,), "bin, restore"),
        (("I", "O"), "in and out points"),
        (("1–9",), "how it felt"),
        (("↑", "↓"), "the line that these rate"),
        (("↵",), "on to consent"),
        (("Esc",), "later"),
    ),
    "Consent": (
        ((f"{_CTRL} ↵",), "sign"),
        ((f"{_CTRL} ⌫",), "take it back"),
        (("S",), "same as the last take"),
        (("↵",), "on, when it is signed"),
        (("Esc",), "decide later"),
        (("↑", "↓"), "scroll the terms"),
        (("PgUp", "PgDn"), "by a page"),
    ),
    "Takes": (
        (_ARROWS, "another take"),
        (("Home", "End"), "the first take, the last"),
        (("PgUp", "PgDn"), "scroll by a page"),
        (("K",), "keep"),
        (("C",), "circle"),
        (("L",), "label: say what you meant"),
        (("U",), "use: on to consent"),
        (("S",), "send, or what is missing for it"),
        ((_DELETE,), "bin, restore"),
        (("⇧ F10",), "everything that can be done"),
    ),
    "Settings": (
        (("←", "→"), "another section"),
        (("↑", "↓"), "scroll"),
        (("PgUp", "PgDn"), "scroll by a page"),
        (("Esc",), "leave a field"),
    ),
}
"""By page: the caps, and what they do there. A test presses each of them, and every other key."""
COLUMNS = (("Everywhere", "Scenes", "Brief", "Settings"), ("Green room", "Stage", "Consent"), ("Review", "Takes"))
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
        return QSize(max(theme_now().px(CAPS_PX), round(width) + 2), cap_height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The caps."""
        painter, left = QPainter(self), 1.0
        for key in self._keys:
            paint_cap(painter, left, self.height() / 2, key, theme_now().color("text2"))
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
        return QSize(max(theme_now().px(COLUMN_PX), size.width()), size.height())


def _line(caps: tuple[str, ...], words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(Caps(caps))
    said = PlainLabel(words, Role.BODY, "text2")
    said.setAccessibleName(f"{' '.join(caps)}: {words}")
    row.addWidget(said, 1)
    return row
