"""The order of the takes, and which characters and emotions are shown: a quiet row below the filter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.takes.arranging import SortBy, TakesView
from perfstudio.ui.takes.choice_menu import ChoiceMenu
from perfstudio.ui.widgets import Chip, FlowLayout

_SORTS: Messages[dict[SortBy, str]] = {
    SortBy.NEWEST: "newest first",
    SortBy.SCENE: "by scene and number",
    SortBy.LENGTH: "longest first",
    SortBy.VERDICT: "by what the checks found",
}
_ALL_CHARACTERS, _ALL_EMOTIONS = N_("every character"), N_("every emotion")


class ArrangeRow(QWidget):
    """`change` gets what is another way of looking now, by the names of `TakesView`."""

    def __init__(self, change: Callable[..., object]) -> None:
        super().__init__()
        row = FlowLayout(self, spacing=8)
        self.by_scene = Chip(_("Group by scene"), checkable=True)
        self.by_scene.clicked.connect(lambda on: change(by_scene=on))
        self.sort = ChoiceMenu(lambda words: _("Order: {choice}", choice=words), lambda one: change(sort=SortBy(one)))
        self.character = ChoiceMenu(
            lambda words: _("Character: {choice}", choice=words), lambda one: change(character=one)
        )
        self.emotion = ChoiceMenu(lambda words: _("Emotion: {choice}", choice=words), lambda one: change(emotion=one))
        for part in (self.by_scene, self.sort.button, self.character.button, self.emotion.button):
            row.addWidget(part)

    def show_view(self, view: TakesView, characters: tuple[str, ...], emotions: tuple[str, ...]) -> None:
        """How the takes are looked at, and what there is to choose; what no take has any more is not offered."""
        self.by_scene.setChecked(view.by_scene)
        self.sort.show_choices({sort.value: _(words) for sort, words in _SORTS.items()}, view.sort)
        self.character.show_choices(
            {"": _(_ALL_CHARACTERS), **dict(zip(characters, characters, strict=True))}, view.character
        )
        self.emotion.show_choices({"": _(_ALL_EMOTIONS), **dict(zip(emotions, emotions, strict=True))}, view.emotion)
        self.character.button.setVisible(len(characters) > 1 or bool(view.character))
        self.emotion.button.setVisible(len(emotions) > 1 or bool(view.emotion))
