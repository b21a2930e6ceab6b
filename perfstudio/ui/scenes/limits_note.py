"""How many scenes the performer's own limits leave out, and the way to these limits. Nobody else reads it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.scene_facts import LeftOut
from perfstudio.texts import scenes
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets.banner import ThemedIcon
from perfstudio.ui.widgets.label import PlainLabel
from perfstudio.ui.widgets.link import Link


class LimitsNote(QWidget):
    """One quiet line; not there while nothing is left out."""

    def __init__(self, open_limits: Callable[[], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(ThemedIcon("eye-off", "text2", 18), alignment=Qt.AlignmentFlag.AlignTop)
        self.words = PlainLabel("", Role.SMALL, "text2", wrap=True)
        row.addWidget(self.words, 1)
        self.link = Link(_("Your limits"), role=Role.SMALL, on_click=open_limits)
        row.addWidget(self.link, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_left_out(self, left: LeftOut) -> None:
        """What is left out now."""
        said = scenes.left_out(left)
        self.words.say(said)
        self.setAccessibleName(said)
        self.setVisible(bool(said))
