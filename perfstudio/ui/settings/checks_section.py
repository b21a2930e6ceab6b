"""What finds faces: the finder that is built in, or a model file with its hash and licence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.checks import FaceModel
from perfstudio.texts import face_model as words
from perfstudio.ui.settings.setting_line import SettingLine, lines_card
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, PlainLabel, ScrollColumn, announce


@dataclass(frozen=True, slots=True)
class FaceActs:
    """What a person can ask for here."""

    choose: Callable[[], object]
    built_in: Callable[[], object]
    licence: Callable[[str], object]


class ChecksSection(ScrollColumn):
    """Show it a model with `show_model`; `acts` hears what is asked."""

    def __init__(self, acts: FaceActs) -> None:
        super().__init__(spacing=16)
        self._acts = acts
        self._model: FaceModel | None = None
        self.state = PlainLabel(_(words.BUILT_IN), wrap=True, selectable=True)
        self.hash = PlainLabel("", Role.SMALL, "text2", wrap=True, selectable=True)
        self.problem = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.choose_button = Button(_("Choose a model file"), icon="folder", on_click=acts.choose)
        self.built_in_button = Button(_("Use the built-in finder"), on_click=acts.built_in)
        self.licence = QLineEdit()
        self.licence.setAccessibleName(_("Licence of the model file"))
        self.licence.setPlaceholderText(_("MIT, for example"))
        self.licence.setMaxLength(200)
        self.licence.setMaximumWidth(420)
        self.licence.editingFinished.connect(self._typed)
        self._licence_line = SettingLine(_("Its licence"), self.licence, _(words.LICENCE_NOTE))
        self.body.addWidget(
            lines_card([SettingLine(_("Finding faces"), self._control(), _(words.NOTE)), self._licence_line])
        )
        self.body.addStretch(1)
        self.show_model(None)
        self.show_problem("")

    def show_model(self, model: FaceModel | None, *, fixed: bool = False) -> None:
        """What is in force; `fixed` by the environment."""
        self._model = model
        self.state.say(words.named(model) if model is not None else _(words.BUILT_IN))
        self._say(self.hash, _(words.BY_ENVIRONMENT) if fixed else words.hashed(model) if model is not None else "")
        self.choose_button.setVisible(not fixed)
        self.built_in_button.setVisible(model is not None and not fixed)
        self._licence_line.setVisible(model is not None and not fixed)
        if model is not None and not self.licence.hasFocus():
            self.licence.setText(model.licence)

    def show_reading(self, *, on: bool) -> None:
        """A file is being tried."""
        self.choose_button.setEnabled(not on)
        self.choose_button.say(_(words.READING) if on else _("Choose a model file"))

    def show_problem(self, sentence: str) -> None:
        """Why a file is not used; empty when it is."""
        if sentence and sentence != self.problem.text():
            announce(self, sentence)
        self._say(self.problem, sentence)

    def _typed(self) -> None:
        licence = self.licence.text().strip()
        if self._model is not None and licence != self._model.licence:
            self._acts.licence(licence)

    def _say(self, label: PlainLabel, words: str) -> None:
        label.say(words)
        label.setVisible(bool(words))

    def _control(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for label in (self.state, self.hash, self.problem):
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.choose_button, self.built_in_button):
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)
        column.addLayout(row)
        return box
