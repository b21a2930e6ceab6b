"""The cards of the ledger: the performer's own time, and what became of the takes of one studio."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.ledger import StudioLedger
from perfstudio.session.time_spent import SceneTime
from perfstudio.texts import ledger, time_spent
from perfstudio.texts.given import take_name
from perfstudio.texts.template import one_line
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, PlainLabel
from perfstudio.ui.widgets.put_away import put_away


class TimeCard(Card):
    """Time by scene, the longest first; `filter` stands in its head."""

    def __init__(self, choice: QWidget) -> None:
        super().__init__(_("Your time"), padding=20, spacing=10)
        self.body.addWidget(PlainLabel(_(time_spent.OWN), Role.SMALL, "text2", wrap=True))
        self.body.addWidget(choice)
        self.total = PlainLabel("", Role.HEADING, tabular=True, wrap=True)
        self.body.addWidget(self.total)
        self._shown: list[QWidget] = []

    def show_time(self, scenes: tuple[SceneTime, ...]) -> None:
        """What each scene took."""
        self.total.say(time_spent.total(scenes) if scenes else _(time_spent.NONE_YET))
        for row in self._shown:
            put_away(row)
        self._shown = [_lines(scene.title, [time_spent.works(scene)]) for scene in scenes]
        for row in self._shown:
            self.body.addWidget(row)


class LedgerCard(Card):
    """What is due of one studio by its own words, then each take: what became of it, why, and what it pays."""

    def __init__(self, studio: StudioLedger) -> None:
        super().__init__(one_line(studio.name), padding=20, spacing=10)
        self.body.addWidget(PlainLabel(ledger.states_in_words(studio.states), Role.BODY, "text2", wrap=True))
        for said in ledger.due(studio):
            self.body.addWidget(PlainLabel(said, Role.STRONG, tabular=True, wrap=True, selectable=True))
        for line in studio.lines:
            told = [ledger.line_facts(line), *ledger.pays(line)]
            self.body.addWidget(_lines(f"{take_name(line.take)} · {line.take.pack_title}", told))


def _lines(heading: str, told: Iterable[str]) -> QWidget:
    """A hairline, what it is about, and what is said of it."""
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(Hairline())
    column.addSpacing(4)
    column.addWidget(PlainLabel(heading, Role.STRONG, wrap=True))
    for text in told:
        column.addWidget(PlainLabel(text, Role.SMALL, "text2", tabular=True, wrap=True, selectable=True))
    return part
