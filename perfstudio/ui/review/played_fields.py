"""How a take was played: language, accent, age, each in a small field of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCompleter, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.played import OLDEST, UNSAID, Played
from perfstudio.texts import languages
from perfstudio.ui.review.own_field import OwnField
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import PlainLabel

SAVE_AFTER_MS = 500
MOST_LETTERS = 200


class PlayedFields(QWidget):
    """`changed` gets what stands, a moment after the last change; what cannot be kept is said below, and not handed
    on."""

    def __init__(self, changed: Callable[[Played], object]) -> None:
        super().__init__()
        self._changed = changed
        self._shown = Played(language=UNSAID)
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        grid = QGridLayout()
        grid.setSpacing(6)
        self.language = OwnField(_("Language"), _("The language you played in"), MOST_LETTERS)
        self.accent = OwnField(_("Accent"), _("The accent or dialect you played"), MOST_LETTERS)
        self.age = OwnField(_("Age"), _("The age you played, in years"), 3)
        known = QCompleter(sorted(set(languages.names())), self)
        known.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.language.setCompleter(known)
        grid.addWidget(self.language, 0, 0)
        grid.addWidget(self.age, 0, 1)
        grid.addWidget(self.accent, 1, 0, 1, 2)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 2)
        for one in (self.language, self.age, self.accent):
            one.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # the columns have the say
            one.textEdited.connect(lambda _: self._timer.start())
            one.editingFinished.connect(self._left)
        column.addLayout(grid)
        self.problem = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.problem.hide()
        column.addWidget(self.problem)

    def show_played(self, played: Played) -> None:
        """Another take."""
        self._timer.stop()
        self._shown = played
        self._name_language()
        self.accent.setText(played.accent or "")
        self.age.setText("" if played.age is None else str(played.age))
        self._say_problem("")

    def save_pending(self) -> None:
        """Tell what has changed since the last time, if anything has."""
        if self._timer.isActive():
            self.save()

    def save(self) -> None:
        """Tell at once what stands, if it can be kept."""
        self._timer.stop()
        language, age = self._language(), self._age()
        if language is None:
            self._say_problem(_("No language with this name is known here. A tag such as de or pt-BR works too."))
        elif age is not None and age > OLDEST:
            self._say_problem(_("Ages go up to {most}.", most=OLDEST))
        else:
            self._say_problem("")
            played = Played(language=language, accent=" ".join(self.accent.text().split()) or None, age=age)
            if played != self._shown:
                self._shown = played
                self._changed(played)

    def _left(self) -> None:
        self.save_pending()
        if self.problem.isHidden():
            self._name_language()

    def _name_language(self) -> None:
        """What was typed may have been a tag."""
        spoken = self._shown.language
        self.language.setText("" if spoken == UNSAID else languages.name(spoken))

    def _language(self) -> str | None:
        words = self.language.text().strip()
        before = self._shown.language
        if not words:
            return UNSAID
        return before if words == languages.name(before) else languages.tag_of(words)

    def _age(self) -> int | None:
        words = self.age.text().strip()
        if not words:
            return None
        return int(words) if words.isdecimal() else OLDEST + 1

    def _say_problem(self, words: str) -> None:
        self.problem.say(words, "look")
        self.problem.setVisible(bool(words))
