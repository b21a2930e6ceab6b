"""What a performer chooses on a brief: who they play, and in which language."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from perfstudio.language.catalogue import _
from perfstudio.session.views import SceneCard
from perfstudio.texts import languages
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, PlainLabel, SegmentedFilter


def asks_for_role(card: SceneCard) -> bool:
    """Whether the scene is for two, and it was not said yet which of them is played."""
    return len(card.scene.roles) > 1 and card.role is None


class ChoicesCard(Card):
    """`take_role` and `take_language` get what was chosen. The other's sheet, line and secret are never on the page."""

    def __init__(
        self, card: SceneCard, take_role: Callable[[str], object], take_language: Callable[[str], object]
    ) -> None:
        super().__init__(padding=20, spacing=16)
        self.roles: SegmentedFilter | None = None
        self.languages: SegmentedFilter | None = None
        if len(card.scene.roles) > 1:
            self.roles = SegmentedFilter(
                _("Who you play"), {role.id: role.name for role in card.scene.roles}, unchosen=True
            )
            if card.role is not None:
                self.roles.choose(card.role)
            self.roles.chosen.connect(take_role)
            note = _("Choose first. What the other one knows stays with them.") if card.role is None else ""
            self.body.addLayout(_line(_("Who you play"), self.roles, note))
        if len(card.scene.languages) > 1:
            named = {tag: languages.name(tag) for tag in card.scene.languages}
            self.languages = SegmentedFilter(_("Play in"), named)
            self.languages.choose(card.scene.language)
            self.languages.chosen.connect(take_language)
            self.body.addLayout(_line(_("Play in"), self.languages, ""))

    @staticmethod
    def needed(card: SceneCard) -> bool:
        """Whether there is anything to choose."""
        return len(card.scene.roles) > 1 or len(card.scene.languages) > 1


def _line(heading: str, chooser: SegmentedFilter, note: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addWidget(PlainLabel(heading, Role.SMALL, "text2"))
    column.addWidget(chooser)
    if note:
        column.addWidget(PlainLabel(note, Role.SMALL, "text2", wrap=True))
    return column
