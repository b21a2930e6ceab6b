"""The use grid: ordinary lines, what was not asked for, and the uses that stand apart in a box of their own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from perfstudio.consent.others import BYSTANDER_WHY, barred
from perfstudio.language.catalogue import _
from perfstudio.model.consent import SEPARATE_USES, UseId
from perfstudio.model.others import Others
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import rights
from perfstudio.ui.consent.sheet import Sheet
from perfstudio.ui.consent.use_line import UnaskedLine, UseLine
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, PlainLabel, ScrollColumn
from perfstudio.ui.widgets.put_away import clear_layout

FACTS_PX = 60


class UseGrid(ScrollColumn):
    """`changed` when a switch moves; `granted` is what is on now. `taken_back` and `given_again` carry a
    line to be taken back, or given again."""

    changed = Signal()
    taken_back = Signal(str)
    given_again = Signal(str)

    def __init__(self) -> None:
        super().__init__(margins=(20, 6, 20, 20), spacing=0)
        self.setAccessibleName(_("Uses"))
        self.lines: dict[UseId, UseLine] = {}

    def show_offer(self, offer: ConsentOffer) -> None:
        """Every line of the grid, off; what was signed already is shown and locked."""
        with self.refilled():
            self._fill(offer)
        self.verticalScrollBar().setValue(0)

    def granted(self) -> frozenset[UseId]:
        """The lines that are on."""
        return frozenset(use_id for use_id, line in self.lines.items() if line.toggle.isChecked())

    def choose(self, uses: frozenset[UseId]) -> None:
        """Set the ordinary lines; those that stand apart, or cannot be given, are never set for anybody."""
        for use_id, line in self.lines.items():
            if use_id not in SEPARATE_USES and line.toggle.isEnabled():
                line.toggle.setChecked(use_id in uses)

    def bar(self, others: Others | None) -> None:
        """Turn off what cannot be given while this is said of who else is in the take."""
        off = barred(others, self.lines)
        for use_id, line in self.lines.items():
            line.bar(_(BYSTANDER_WHY) if use_id in off else "")

    def _fill(self, offer: ConsentOffer) -> None:
        clear_layout(self.body)
        self.lines = {}
        together = rights.for_two(offer.terms) if offer.for_two else ()
        said = rights.facts(offer.pay, offer.uses, offer.studio, offer.files, partner=together)
        facts = Sheet(said, names_px=FACTS_PX)
        facts.setContentsMargins(0, 14, 0, 14)
        self.body.addWidget(facts)
        asked = {use.id: use for use in offer.uses}
        ordinary = [use_id for use_id in UseId if use_id not in SEPARATE_USES]
        for use_id in ordinary:
            self.body.addWidget(Hairline())
            unasked = UnaskedLine(use_id, rights.unasked(use_id, offer.uses)) if use_id not in asked else None
            self.body.addWidget(unasked or self._line(offer, use_id))
        self.body.addSpacing(8)
        self.body.addWidget(self._box(offer))
        self.body.addStretch(1)

    def _line(self, offer: ConsentOffer, use_id: UseId) -> QWidget:
        use = next(use for use in offer.uses if use.id is use_id)
        told = {one.rule: one for found in offer.warned.values() for one in found if one.use is use_id}
        line = UseLine(use, tuple(told.values()))
        line.changed.connect(self.changed)
        line.taken_back.connect(lambda: self.taken_back.emit(use_id.value))
        line.given_again.connect(lambda: self.given_again.emit(use_id.value))
        if offer.standing:
            line.lock(on=use_id in offer.standing, taken_back=use_id in offer.taken_back)
        self.lines[use_id] = line
        return line

    def _box(self, offer: ConsentOffer) -> Card:
        asked = [use.id for use in offer.uses if use.id in SEPARATE_USES]
        box = Card(ground="danger_soft", border="line", padding=16, spacing=4)
        box.setAccessibleName(_("A copy of my voice or face"))
        box.body.addWidget(PlainLabel(_("A copy of my voice or face"), Role.STRONG, wrap=True))
        inside = {
            use_id: said
            for use_id in UseId
            if use_id in SEPARATE_USES - set(asked)
            and (said := rights.unasked(use_id, offer.uses)) != _(rights.NOT_REQUESTED)
        }
        box.body.addWidget(PlainLabel(_apart(asked=bool(asked), inside=bool(inside)), Role.SMALL, "text2", wrap=True))
        if asked or inside:
            box.body.addSpacing(8)
        for use_id in asked:
            box.body.addWidget(Hairline())
            box.body.addWidget(self._line(offer, use_id))
        for use_id, said in inside.items():
            box.body.addWidget(Hairline())
            box.body.addWidget(UnaskedLine(use_id, said))
        return box


def _apart(*, asked: bool, inside: bool) -> str:
    """What stands over the box: whether this pack asks for a copy by lines of their own, inside others, or not."""
    if asked:
        return _("stands apart and is never part of “all”. You sign each line here separately.")
    if inside:
        return _(
            "stands apart, is never part of “all”, and is signed separately. This pack has no line for it, but asks "
            "for it inside others."
        )
    return _("stands apart, is never part of “all”, and is signed separately. This pack does not ask for it.")
