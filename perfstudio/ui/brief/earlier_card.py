"""What was played before, on the brief: earlier takes of the scene, and the character in another one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from perfstudio.language.catalogue import _
from perfstudio.library.take_row import TakeRow
from perfstudio.session.takes.earlier import EarlierTakes
from perfstudio.session.views import SceneState
from perfstudio.texts import formatting, states
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Link, PlainLabel


class EarlierCard(Card):
    """`watch` gets the id of a take. Without any it is not there."""

    def __init__(self, character: str, watch: Callable[[str], object]) -> None:
        super().__init__(_("Played before"), padding=20, spacing=8)
        self._character, self._watch = character, watch
        self.hide()

    def show_earlier(self, earlier: EarlierTakes) -> None:
        """What there is; shown once for a card."""
        for row in earlier.of_scene:
            self._link(_("Take {number}", number=row.take_number), row)
        if (other := earlier.as_character) is not None:
            self.body.addWidget(PlainLabel(_("This is how {name} sounds", name=self._character), Role.SMALL, "text2"))
            self._link(_("{title}, take {number}", title=other.prompt_title, number=other.take_number), other)
        self.setVisible(bool(earlier.of_scene) or earlier.as_character is not None)

    def _link(self, name: str, row: TakeRow) -> None:
        state = states.scene_state(SceneState.CIRCLED) if row.circled else states.take_state(row.state)
        length = formatting.duration(row.duration_s) if row.duration_s is not None else ""
        words = formatting.dotted([name, length, state])
        link = Link(words, on_click=lambda: self._watch(row.take_id))
        self.body.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)
