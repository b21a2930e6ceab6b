"""A choice that is rarely changed: a chip that says what is chosen, and a menu of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from perfstudio.ui.widgets import Chip


class ChoiceMenu:
    """`button` says the choice by `words`; `chosen` hears of another one."""

    def __init__(self, words: Callable[[str], str], chosen: Callable[[str], object]) -> None:
        self._words, self._told = words, chosen
        self._choices: dict[str, str] = {}
        self.current = ""
        self.button = Chip("", icon="chevron-down", on_click=self.open)
        self.menu: QMenu | None = None

    def show_choices(self, choices: Mapping[str, str], current: str) -> None:
        """What there is to choose, and what is chosen; the first one where `current` is not among them."""
        self._choices = dict(choices)
        self.current = current if current in choices else next(iter(choices), "")
        words = self._words(self._choices.get(self.current, ""))
        if words != self.button.text():
            self.button.say(words)

    def open(self) -> None:
        """The menu, below the button."""
        menu = self.menu = QMenu(self.button)
        menu.setAccessibleName(self.button.accessibleName())
        group = QActionGroup(menu)
        for choice, words in self._choices.items():
            entry = QAction(words.replace("&", "&&"), group)
            entry.setCheckable(True)
            entry.setChecked(choice == self.current)
            entry.triggered.connect(lambda _=False, choice=choice: self.choose(choice))
            menu.addAction(entry)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))

    def choose(self, choice: str) -> None:
        """Choose one of them."""
        if choice != self.current:
            self.show_choices(self._choices, choice)
            self._told(choice)
