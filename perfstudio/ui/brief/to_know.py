"""What to know before a scene: what it touches, and what the performer asked to be told of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.packs.content_tags import content_tags
from perfstudio.session.views import SceneCard
from perfstudio.texts import formatting, scenes
from perfstudio.texts.briefs import as_sentence
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Banner, PlainLabel, ThemedIcon


def notes_before(card: SceneCard) -> list[QWidget]:
    """Calm, and before everything else."""
    found: list[QWidget] = []
    if card.scene.noted:
        found.append(_asked_for(card.scene.noted))
    if (touched := _touches(card)) is not None:
        found.append(touched)
    return found


def _asked_for(tags: tuple[str, ...]) -> Banner:
    names = formatting.listing(scenes.tag_names(tags))
    means = " ".join(_(tag.means) for tag in content_tags() if tag.id in tags)
    return Banner(_("You asked to be told first: {tags}.", tags=names), "look", detail=means)


def _touches(card: SceneCard) -> QWidget | None:
    """The pack's own notes, then its tags."""
    lines = []
    if card.prompt.content_notes:
        lines.append((" ".join(as_sentence(note) for note in card.prompt.content_notes), Role.BODY))
    if card.scene.tags:
        lines.append((scenes.touches(card.scene.tags), Role.SMALL))
    if not lines:
        return None
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(ThemedIcon("note", "look", 18), alignment=Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(2)
    for words, role in lines:
        column.addWidget(PlainLabel(words, role, "text2", wrap=True))
    row.addLayout(column, 1)
    line.setAccessibleName(_("Content notes"))
    return line
