"""A card of rows of which one is chosen: the cameras, the microphones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.ui.settings.choice_row import ChoiceRow, RowChoice
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, PlainLabel
from perfstudio.ui.widgets.put_away import put_away


class ChoiceCard(Card):
    """`chosen` gets the id of the row a person picks; showing rows tells nobody."""

    def __init__(self, heading: str, chosen: Callable[[str], object]) -> None:
        super().__init__(heading, padding=12, spacing=4)
        self.heading.setContentsMargins(8, 4, 8, 4)
        self._chosen = chosen
        self.rows: dict[str, ChoiceRow] = {}
        self.note = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.note.setContentsMargins(8, 0, 8, 6)
        self.note.hide()
        self.body.addWidget(self.note)
        self._box = QWidget()
        self._column = QVBoxLayout(self._box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self.body.addWidget(self._box)

    def show_rows(self, choices: Sequence[RowChoice], chosen: str, note: str = "") -> None:
        """These rows in this order. Rows that stay keep their focus."""
        self.note.say(note)
        self.note.setVisible(bool(note))
        if [c.id for c in choices] != list(self.rows):
            self._make(choices)
        for choice in choices:
            row = self.rows[choice.id]
            if row.choice != choice:
                row.say(choice)
        self._check(chosen)

    def _make(self, choices: Sequence[RowChoice]) -> None:
        before, self.rows = self.rows, {}
        focused = next((i for i, row in before.items() if row.hasFocus()), None)
        for choice in choices:
            row = before.pop(choice.id, None) or self._new_row(choice)
            self.rows[choice.id] = row
            self._column.removeWidget(row)
            self._column.addWidget(row)
            row.show()
        for row in before.values():
            self._column.removeWidget(row)
            put_away(row)
        if focused in before and self.rows:
            next(iter(self.rows.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        QWidget.updateGeometry(self)

    def _new_row(self, choice: RowChoice) -> ChoiceRow:
        row = ChoiceRow(choice, self._box)
        row.clicked.connect(lambda: self._chosen(row.choice.id))
        return row

    def _check(self, chosen: str) -> None:
        for device_id, row in self.rows.items():
            row.setAutoExclusive(False)  # else the last one that is checked could not be let go
            row.setChecked(device_id == chosen)
        for row in self.rows.values():
            row.setAutoExclusive(True)
