"""Rows of the Deliveries page that stand on one card: takes that wait, studios."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, Card, Hairline, PlainLabel


def list_card(rows: list[QWidget]) -> Card:
    """Rows with hairlines between them, on one card."""
    card = Card(spacing=0)
    card.body.setContentsMargins(16, 4, 16, 4)
    for place, row in enumerate(rows):
        if place:
            card.body.addWidget(Hairline())
        card.body.addWidget(row)
    return card


def named_row(name: str, more: str, button: Button | None) -> QWidget:
    """A take, a quiet line about it, and what can be done."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 10, 0, 10)
    row.setSpacing(12)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(PlainLabel(name, Role.STRONG, wrap=True))
    words.addWidget(PlainLabel(more, Role.SMALL, "text2", wrap=True))
    row.addLayout(words, 1)
    if button is not None:
        row.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)
    return line
