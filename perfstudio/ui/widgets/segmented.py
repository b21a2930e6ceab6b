"""A filter: a row of chips of which exactly one is chosen, with counts; or none yet, where a person has to choose."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.ui.widgets.chip import Chip
from perfstudio.ui.widgets.flow import FlowLayout
from perfstudio.ui.widgets.heard import Heard


class SegmentedFilter(QWidget):
    """Chips like "To do 9". Arrow keys move the choice, Tab leaves the row. `chosen` carries the name of the choice."""

    chosen = Signal(str)

    def __init__(
        self, name: str, choices: dict[str, str], parent: QWidget | None = None, *, unchosen: bool = False
    ) -> None:
        """`name` for readers; `choices` maps names to words, the first one is chosen, or none when `unchosen`."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._words = choices
        self._chips: dict[str, Chip] = {}
        row = self._row = FlowLayout(self, spacing=12)
        for choice, words in choices.items():
            chip = Chip(words, checkable=True, one_of=True, parent=self)
            chip.clicked.connect(lambda _=False, choice=choice: self._clicked(choice))
            self._chips[choice] = chip
            row.addWidget(chip)
        if unchosen:
            self.clear()
        else:
            self._choose(next(iter(choices)))

    def heard_role(self) -> Heard:
        """A group of choices."""
        return Heard.Grouping

    def current(self) -> str:
        """The name of the choice; empty while nothing is chosen."""
        return next((name for name, chip in self._chips.items() if chip.isChecked()), "")

    def clear(self) -> None:
        """Nothing is chosen; the Tab key stops at the first chip. `chosen` is not emitted."""
        self._choose("")
        self.stop().setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def stop(self) -> QWidget:
        """Where the Tab key stops: the chosen chip, or the first one."""
        return self._chips.get(self.current()) or next(iter(self._chips.values()))

    def choose(self, name: str) -> None:
        """Choose a segment and call `on_change`."""
        if name != self.current():
            self._choose(name)
            self.chosen.emit(name)

    def line_width(self) -> int:
        """What all of them in one line take."""
        return self._row.line_width()

    def count(self, name: str, number: int) -> None:
        """Show how many things a choice holds."""
        self._chips[name].say(f"{self._words[name]} {number}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right, Home and End."""
        names = list(self._chips)
        at = names.index(self.current()) if self.current() else -1
        forward = Qt.Key.Key_Left if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else Qt.Key.Key_Right
        back = Qt.Key.Key_Right if forward is Qt.Key.Key_Left else Qt.Key.Key_Left
        goals = {forward: at + 1, back: at - 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(names) - 1}
        goal = goals.get(Qt.Key(event.key()))
        if goal is None:
            super().keyPressEvent(event)
            return
        chosen = names[max(0, min(len(names) - 1, goal))]
        self._choose(chosen)
        self._chips[chosen].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(chosen)

    def _clicked(self, name: str) -> None:
        self._choose(name)
        self.chosen.emit(name)

    def _choose(self, name: str) -> None:
        for other, chip in self._chips.items():
            chip.setChecked(other == name)
            # one stop for the Tab key: the chosen chip
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == name else Qt.FocusPolicy.ClickFocus)
