"""What the sheets of a brief are made of: a small heading and its words, rows of chips, numbered steps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.prompt_2 import ShownBrief, ShownPrompt, character_of
from perfstudio.texts import formatting, states
from perfstudio.texts.briefs import character_sheet
from perfstudio.texts.scenes import partner_kind, who
from perfstudio.ui.scenes.scene_tile import feeling, strength
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Card, Chip, FlowLayout, PlainLabel, ThemedIcon
from perfstudio.ui.widgets.reading_text import ReadingText


def head(prompt: ShownPrompt, action: QWidget) -> QVBoxLayout:
    """The title, what can be said of the scene in a word each, and behind that a quiet action."""
    column = QVBoxLayout()
    column.setSpacing(10)
    column.addWidget(PlainLabel(prompt.title, Role.TITLE, wrap=True))
    chips = QWidget()
    flow = FlowLayout(chips, spacing=6)
    if prompt.emotions:
        flow.addWidget(Chip(feeling(prompt), "accent"))
    length = formatting.minutes_range(prompt.min_s, prompt.max_s)
    for words in (strength(prompt), length, states.prompt_kind(prompt.kind), partner_kind(prompt)):
        if words:
            flow.addWidget(Chip(words))
    flow.addWidget(action)
    column.addWidget(chips)
    return column


def character(prompt: ShownPrompt, brief: ShownBrief | None) -> Card | None:
    """The character sheet, or what the role is called; nothing where the character is the performer's own."""
    if not character_of(prompt, brief):
        return None
    card = Card(padding=20, spacing=16)
    card.setAccessibleName(_("Character"))
    name = QHBoxLayout()
    name.setSpacing(12)
    name.addWidget(ThemedIcon("person", "text2", 24))
    name.addWidget(PlainLabel(who(prompt, brief), Role.HEADING, wrap=True), 1)
    card.body.addLayout(name)
    for heading, text in character_sheet(brief) if brief is not None else ():
        card.body.addLayout(part(heading, text))
    return card


def part(heading: str, text: str, *, size: float = 15) -> QVBoxLayout:
    """A small heading and the words below it."""
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(PlainLabel(heading, Role.SMALL, "text2", wrap=True))
    column.addWidget(ReadingText(text, size=size))
    return column


def verbs(words: tuple[str, ...]) -> QVBoxLayout:
    """What to do to the partner."""
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addWidget(PlainLabel(_("Try to"), Role.SMALL, "text2"))
    row = QWidget()
    flow = FlowLayout(row, spacing=6)
    for verb in words:
        flow.addWidget(Chip(verb))
    column.addWidget(row)
    return column


def beats(steps: tuple[str, ...]) -> QVBoxLayout:
    """What happens, step by step."""
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addWidget(PlainLabel(_("Beats"), Role.SMALL, "text2"))
    for number, beat in enumerate(steps, start=1):
        row = QHBoxLayout()
        row.setSpacing(12)
        digit = ReadingText(str(number), size=15, tone="accent_text", weight=QFont.Weight.DemiBold)
        digit.setFixedWidth(theme_now().px(16))
        row.addWidget(digit, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(ReadingText(beat, size=15), 1)
        column.addLayout(row)
    column.addStretch(1)
    return column


def ending(moment: str) -> Card:
    """What ends the scene."""
    card = Card(padding=20, spacing=4, ground="accent_soft", border="accent_soft")
    card.body.addWidget(PlainLabel(_("It ends when"), Role.SMALL, "accent_text"))
    card.body.addWidget(ReadingText(moment, size=18, weight=QFont.Weight.Medium))
    card.body.addStretch(1)
    return card
