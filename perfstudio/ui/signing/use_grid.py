"""The use grid: ordinary lines, what was not asked for, and the uses that stand apart in a box of their own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from perfstudio.model.consent import SEPARATE_USES, UseId
from perfstudio.session.views import ConsentOffer
from perfstudio.ui.signing.use_line import UnaskedLine, UseLine
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, PlainLabel, ScrollColumn

_APART = "stands apart, is never part of “all”, and is signed as an act of its own."


class UseGrid(ScrollColumn):
    """`changed` when a switch moves; `granted` is what is on now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(20, 6, 20, 20), spacing=0)
        self.setAccessibleName("Uses")
        self.lines: dict[UseId, UseLine] = {}

    def show_offer(self, offer: ConsentOffer) -> None:
        """Every line of the grid, off; what was signed already is shown and locked."""
        while (item := self.body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.lines = {}
        asked = {use.id: use for use in offer.uses}
        ordinary = [use_id for use_id in UseId if use_id not in SEPARATE_USES]
        for place, use_id in enumerate(ordinary):
            if place:
                self.body.addWidget(Hairline())
            self.body.addWidget(self._line(offer, use_id) if use_id in asked else UnaskedLine(use_id))
        self.body.addSpacing(8)
        self.body.addWidget(self._box(offer))
        self.body.addStretch(1)
        self.verticalScrollBar().setValue(0)

    def granted(self) -> frozenset[UseId]:
        """The lines that are on."""
        return frozenset(use_id for use_id, line in self.lines.items() if line.toggle.isChecked())

    def choose(self, uses: frozenset[UseId]) -> None:
        """Set the ordinary lines; those that stand apart are never set for anybody."""
        for use_id, line in self.lines.items():
            if use_id not in SEPARATE_USES:
                line.toggle.setChecked(use_id in uses)

    def _line(self, offer: ConsentOffer, use_id: UseId) -> QWidget:
        use = next(use for use in offer.uses if use.id is use_id)
        line = UseLine(use)
        line.changed.connect(self.changed)
        if offer.standing:
            line.lock(on=use_id in offer.standing)
        self.lines[use_id] = line
        return line

    def _box(self, offer: ConsentOffer) -> Card:
        asked = [use.id for use in offer.uses if use.id in SEPARATE_USES]
        box = Card(ground="danger_soft", border="line", padding=16, spacing=4)
        box.setAccessibleName("A copy of my voice or face")
        box.body.addWidget(PlainLabel("A copy of my voice or face", Role.STRONG, wrap=True))
        rest = "Each line here is signed as an act of its own." if asked else "This pack does not ask for it."
        words = f"{_APART} {rest}" if not asked else f"stands apart and is never part of “all”. {rest}"
        box.body.addWidget(PlainLabel(words, Role.SMALL, "text2", wrap=True))
        if asked:
            box.body.addSpacing(8)
        for use_id in asked:
            box.body.addWidget(Hairline())
            box.body.addWidget(self._line(offer, use_id))
        return box
