"""Which emotion, length, character and kind of scene is shown: a quiet row below the filter and the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.scene_sifting import SceneChoices, SceneLength, SceneSift
from perfstudio.texts import states
from perfstudio.ui.takes.choice_menu import ChoiceMenu
from perfstudio.ui.widgets import FlowLayout, Link

_LENGTHS: Messages[dict[SceneLength, str]] = {
    SceneLength.SHORT: "up to 2 min",
    SceneLength.MIDDLE: "up to 4 min",
    SceneLength.LONG: "longer than 4 min",
}
_ANY = {"emotion": N_("any emotion"), "length": N_("any length"), "character": N_("any character")}
_ANY_KIND = N_("any kind of scene")


class SiftRow(QWidget):
    """`changed` is told when something else is asked for, which is `now`."""

    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__()
        self._changed = changed
        self.now = SceneSift()
        row = FlowLayout(self, spacing=8)
        self.menus = {name: self._menu(name) for name in ("emotion", "length", "character", "kind")}
        for menu in self.menus.values():
            row.addWidget(menu.button)
        self.reset = Link(_("Show all of them"), tone="text2", on_click=lambda: self._ask(SceneSift()))
        row.addWidget(self.reset)
        self.show_choices(SceneChoices((), (), (), ()))

    def show_choices(self, there: SceneChoices) -> None:
        """What there is to choose. What no scene has any more is not asked for."""
        words = {
            "emotion": {term: term for term in there.emotions},
            "length": {length.value: _(_LENGTHS[length]) for length in there.lengths},
            "character": {name: name for name in there.characters},
            "kind": {kind.value: states.prompt_kind(kind) for kind in there.kinds},
        }
        for name, menu in self.menus.items():
            menu.show_choices({"": _(_ANY.get(name, _ANY_KIND)), **words[name]}, getattr(self.now, name))
            menu.button.setVisible(len(words[name]) > 1)
        self.now = SceneSift(**{name: menu.current for name, menu in self.menus.items()})
        self._tell_apart()

    def _menu(self, name: str) -> ChoiceMenu:
        return ChoiceMenu(lambda words: words, lambda choice: self._ask(replace(self.now, **{name: choice})))

    def _ask(self, sift: SceneSift) -> None:
        self.now = sift
        for name, menu in self.menus.items():
            if menu.current != getattr(sift, name):
                menu.choose(getattr(sift, name))
        self._tell_apart()
        self._changed()

    def _tell_apart(self) -> None:
        """What narrows the scenes looks like it, and there is a way back."""
        for menu in self.menus.values():
            menu.button.say(menu.button.text(), "accent" if menu.current else "plain")
        self.reset.setVisible(self.now != SceneSift())
