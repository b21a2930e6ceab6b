"""All the keys on one quiet card."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.texts import formatting
from perfstudio.ui.keyboard import CTRL, DELETE
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Card, FlowLayout, PlainLabel, ScrollColumn
from perfstudio.ui.widgets.keycap import cap_height, cap_width, cap_words, paint_cap

_ARROWS = ("←", "→", "↑", "↓")
KEYS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "Everywhere": (
        ((f"{CTRL} 1",), N_("Scenes")),
        ((f"{CTRL} 2",), N_("Green room")),
        ((f"{CTRL} 3",), N_("Takes")),
        ((f"{CTRL} 4",), N_("Deliveries")),
        ((f"{CTRL} 5",), N_("Consent")),
        ((f"{CTRL} 6",), N_("Settings")),
        (("Tab",), N_("the next control")),
        ((f"{CTRL} Z",), N_("undo the last decision")),
        ((f"⇧ {CTRL} Z",), N_("redo what was undone")),
        (("↵", "Space"), N_("press the focused control")),
    ),
    "Scenes": (
        (_ARROWS, N_("another card")),
        (("Home", "End"), N_("the first card, the last card")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
    ),
    "Brief": (
        (("Space", "↵"), N_("step on stage")),
        (("G",), N_("green room")),
        (("Esc",), N_("back to the scenes")),
        (("↑", "↓"), N_("scroll")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
    ),
    "Green room": (
        (("Space",), N_("begin, continue")),
        (("R",), N_("check again")),
        (("P",), N_("play it")),
        (("S",), N_("skip the check")),
        (("O",), N_("open the system's settings")),
        (("G",), N_("guides")),
        (("Esc",), N_("stop, back")),
        (("↑", "↓"), N_("scroll")),
    ),
    "Stage": (
        (("Space",), N_("roll, cut")),
        (("R",), N_("again")),
        (("M",), N_("mark this moment")),
        (("B",), N_("broke character")),
        (("Esc",), N_("abandon; the take is kept")),
        (("V",), N_("hide me")),
        (("G",), N_("guides")),
        (("+", "−"), N_("size of the prompt")),
    ),
    "Review": (
        (("Space",), N_("play, pause")),
        (("←", "→"), N_("one second back, forward")),
        (("⇧ ←", "⇧ →"), N_("five seconds back, forward")),
        ((",", "."), N_("one frame back, forward")),
        (("Home", "End"), N_("the start, the end")),
        (("K",), N_("keep")),
        (("C",), N_("circle")),
        (("R",), N_("again")),
        ((DELETE,), N_("bin, restore")),
        (("I", "O"), N_("in and out points")),
        (("M",), N_("mark this moment")),
        (("B",), N_("broke character")),
        (("L",), N_("play again and again")),
        (("<", ">"), N_("slower, faster")),
        (("−", "+"), N_("softer, louder")),
        (("P", "N"), N_("the take before, the take after")),
        (("H",), N_("hear both, yourself, or your partner")),
        (("1–9",), N_("how it felt")),
        (("↑", "↓"), N_("the line the number keys rate")),
        (("↵",), N_("go to consent")),
        (("Esc",), N_("later")),
    ),
    "Consent": (
        ((f"{CTRL} ↵",), N_("sign")),
        ((f"{CTRL} ⌫",), N_("take it back")),
        (("S",), N_("same as the last take")),
        (("↵",), N_("turn on, when it is signed")),
        (("Esc",), N_("decide later")),
        (("↑", "↓"), N_("scroll the terms")),
        (("PgUp", "PgDn"), N_("by a page")),
    ),
    "Takes": (
        (_ARROWS, N_("another take")),
        (("Home", "End"), N_("the first take, the last take")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
        (("K",), N_("keep")),
        (("C",), N_("circle")),
        (("L",), N_("label: say what you meant")),
        (("U",), N_("use: go to consent")),
        (("S",), N_("send, or show what is missing")),
        ((DELETE,), N_("bin, restore")),
        (("⇧ F10",), N_("everything you can do")),
    ),
    "Settings": (
        (("←", "→"), N_("another section")),
        (("↑", "↓"), N_("scroll")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
        (("Esc",), N_("leave a field")),
    ),
}
"""By page: the caps, and what they do there. A test presses each of them, and every other key."""
COLUMNS: Messages[tuple[tuple[str, ...], ...]] = (
    ("Everywhere", "Scenes", "Brief", "Settings"),
    ("Green room", "Stage", "Consent"),
    ("Review", "Takes"),
)
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
        """Draw the key caps."""
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
            PlainLabel(_("A pedal or clicker that sends one of these keys works too."), Role.BODY, "text2", wrap=True)
        )
        self.body.addWidget(card)
        self.body.addStretch(1)
        columns = QWidget()
        card.body.addWidget(columns)
        flow = FlowLayout(columns, spacing=32)
        for headings in COLUMNS:
            flow.addWidget(_Column(headings))


class _Column(QWidget):
    """Some pages' keys, one below the other, as wide as the words ask."""

    def __init__(self, headings: tuple[str, ...]) -> None:
        super().__init__()
        self.setAccessibleName(formatting.chain(_(heading) for heading in headings))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(6)
        for place, heading in enumerate(headings):
            column.addSpacing(16 if place else 0)
            column.addWidget(PlainLabel(_(heading), Role.STRONG))
            for caps, words in KEYS[heading]:
                column.addLayout(_line(caps, _(words)))
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
    said.setAccessibleName(f"{' '.join(map(cap_words, caps))}: {words}")
    row.addWidget(said, 1)
    return row
