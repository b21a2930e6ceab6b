"""The rooms that have a name: one is chosen with all its devices, another is given a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.set_ups import in_force
from perfstudio.session.settings import Settings, SetUp
from perfstudio.texts import formatting
from perfstudio.ui.settings.choice_card import ChoiceCard
from perfstudio.ui.settings.choice_row import RowChoice
from perfstudio.ui.widgets import Button, Link

MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class SetUpActs:
    """What a person can ask for here, each with the name of a room."""

    choose: Callable[[str], object]
    keep: Callable[[str], object]
    forget: Callable[[str], object]


class SetUpsCard(ChoiceCard):
    """Feed it settings."""

    def __init__(self, acts: SetUpActs) -> None:
        super().__init__(_("Rooms"), acts.choose)
        self._acts = acts
        self.name = QLineEdit()
        self.name.setMaxLength(MOST_LETTERS)
        self.name.setPlaceholderText(_("A name for this room"))
        self.name.setAccessibleName(_("A name for this room"))
        self.name.returnPressed.connect(self.keep)
        self.keep_button = Button(_("Keep"), on_click=self.keep)
        self.keep_button.setAccessibleName(_("Keep this room and its devices"))
        self.forget = Link("", tone="text2", on_click=lambda: acts.forget(self._in_force))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self.name, 1)
        line.addWidget(self.keep_button)
        self.body.addWidget(row)
        self.body.addWidget(self.forget, alignment=Qt.AlignmentFlag.AlignLeft)
        self._in_force = ""

    def show_settings(self, now: Settings) -> None:
        """The rooms there are, and the one whose devices are chosen."""
        self._in_force = in_force(now)
        note = "" if now.set_ups else _("Give the devices of this room a name, and choose them all at once next time.")
        self.show_rows([RowChoice(one.name, one.name, _in_brief(one)) for one in now.set_ups], self._in_force, note)
        self.forget.say(_("Forget “{name}”", name=self._in_force))
        self.forget.setVisible(bool(self._in_force))

    def keep(self) -> None:
        """Under the name that is typed."""
        if name := " ".join(self.name.text().split()):
            self.name.clear()
            self._acts.keep(name)
        else:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)


def _in_brief(one: SetUp) -> str:
    camera = _("sound only") if one.sound_only else one.camera_name
    return formatting.dotted([camera, one.microphone_name, one.headphones_name])
