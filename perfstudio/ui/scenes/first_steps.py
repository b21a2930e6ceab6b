"""The first start: three steps, one after the other, each of which leads to a page that is there anyway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import _
from perfstudio.texts import first_start
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Card, FlowLayout, PlainLabel


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Where the steps lead; `behind` is told how many are behind the performer from now on."""

    go: tuple[Callable[[], object], ...]
    behind: Callable[[int], object]


class FirstStepsCard(Card):
    """Not there before `show_step`, nor once every step is behind. Its one button is the first of the page."""

    def __init__(self, steps: FirstSteps) -> None:
        super().__init__(padding=20, spacing=6)
        self._steps, self._step = steps, 0
        self.number = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.heading = PlainLabel("", Role.HEADING, wrap=True)
        self.sentence = PlainLabel("", Role.BODY, "text2", wrap=True)
        for label in (self.number, self.heading, self.sentence):
            self.body.addWidget(label)
        self.begin = Button("", ButtonKind.PRIMARY, on_click=self._begin)
        self.skip = Button(_("Skip this step"), ButtonKind.QUIET, on_click=lambda: steps.behind(self._step + 1))
        self.skip_all = Button(_("Skip all"), ButtonKind.QUIET, on_click=lambda: steps.behind(first_start.STEPS))
        buttons = QWidget()
        row = FlowLayout(buttons, spacing=8)
        for button in (self.begin, self.skip, self.skip_all):
            row.addWidget(button)
        self.body.addSpacing(8)
        self.body.addWidget(buttons)
        self.hide()

    def show_step(self, step: int, title: str) -> None:
        """The step after so many; `title` is the scene that the last one opens."""
        self._step = step
        self.setVisible(step < first_start.STEPS)
        if step >= first_start.STEPS:
            return
        heading, sentence, action = first_start.step(step, title)
        self.number.say(_("First start, step {number} of {all}", number=step + 1, all=first_start.STEPS))
        self.heading.say(heading)
        self.sentence.say(sentence)
        self.begin.say(action)
        self.skip_all.setVisible(step < first_start.STEPS - 1)
        self.setAccessibleName(heading)

    def _begin(self) -> None:
        step = self._step
        self._steps.behind(step + 1)
        self._steps.go[step]()
