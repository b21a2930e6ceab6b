"""The card on which headphones are chosen: three notes are played in what is picked, and whoever heard them says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.device_info import OutputInfo
from perfstudio.session.calibration.headphone_clicks import ClicksView
from perfstudio.texts import partner as words
from perfstudio.texts.devices import SYSTEM_CHOICE
from perfstudio.ui.green_room.clicks_part import ClickActs, ClicksPart
from perfstudio.ui.settings.choice_row import ChoiceRow, RowChoice
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Card, FlowLayout, PlainLabel, announce
from perfstudio.ui.widgets.put_away import put_away


@dataclass(frozen=True, slots=True)
class HeadphoneActs:
    """What a person can ask for here: what is there, notes in one of it, and that it is the one."""

    look: Callable[[], object]
    try_out: Callable[[OutputInfo], object]
    keep: Callable[[OutputInfo], object]
    clicks: ClickActs | None = None
    """None where how late they are heard cannot be measured."""


class HeadphonesCard(Card):
    """Closed, it says what was chosen. Opened, it lists what is there; `show_*` tells what came of what was asked."""

    def __init__(self, acts: HeadphoneActs) -> None:
        super().__init__(_(words.HEADPHONES), padding=20, spacing=10)
        self._acts = acts
        self._there: dict[str, OutputInfo] = {}
        self._tried: OutputInfo | None = None
        self._chosen = ("", "")
        self.name = PlainLabel("", Role.BODY, wrap=True)
        self.said = PlainLabel(_(words.WHY), Role.SMALL, "text2", wrap=True)
        self.rows: dict[str, ChoiceRow] = {}
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self.choose = Button(_("Choose"), on_click=self._open)
        self.choose.setAccessibleName(_("Choose headphones"))
        self.heard = Button(_(words.HEARD), ButtonKind.PRIMARY, on_click=self._keep)
        self.not_heard = Button(_(words.NOT_HEARD), on_click=self._not_heard)
        for part in (self.name, self._list, self.said):
            self.body.addWidget(part)
        answers = QWidget()
        flow = FlowLayout(answers, spacing=8)
        for button in (self.choose, self.heard, self.not_heard):
            flow.addWidget(button)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.body.addWidget(answers)
        self.clicks = ClicksPart(acts.clicks) if acts.clicks is not None else None
        self._clicks_possible = False
        if self.clicks is not None:
            self.body.addWidget(self.clicks)
            self.clicks.turned.connect(self._make_way)
        self._show(rows=False)

    def show_chosen(self, output_id: str, name: str) -> None:
        """What was confirmed; empty: nothing was."""
        self._chosen = output_id, name
        self.name.say(name or _(words.NONE_CHOSEN))

    def show_clicks(self, view: ClicksView) -> None:
        """How well it is known when something is heard in them, and how the measuring of it goes."""
        if self.clicks is not None:
            self._clicks_possible = view.possible
            self.clicks.show_view(view)

    @property
    def engaged(self) -> bool:
        """Whether the performer is busy with the clicks."""
        return self.clicks is not None and self.clicks.engaged

    @property
    def under_way(self) -> bool:
        """Whether clicks are played or measured."""
        return self.clicks is not None and self.clicks.under_way

    def stop(self) -> None:
        """No more clicks."""
        if self.clicks is not None:
            self.clicks.stop.click()

    def show_there(self, outputs: tuple[OutputInfo, ...]) -> None:
        """What there is now."""
        self._there = {output.id: output for output in outputs}
        for row in self.rows.values():
            self._column.removeWidget(row)
            put_away(row)
        self.rows = {output.id: self._row(output) for output in outputs}
        self._say(_(words.TRY if outputs else words.NOTHING_THERE))
        self._show(rows=True)

    def show_played(self) -> None:
        """The notes are over: where were they heard?"""
        self._say(_(words.QUESTION))
        self._show(rows=True, question=True)
        self.heard.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_refused(self, sentence: str) -> None:
        """It does not play."""
        self._tried = None
        self._say(sentence)
        self._show(rows=True)

    def _row(self, output: OutputInfo) -> ChoiceRow:
        detail = _(SYSTEM_CHOICE) if output.is_default else ""
        row = ChoiceRow(RowChoice(output.id, output.name, detail), self._list)
        row.setToolTip(output.name)
        row.setChecked(output.id == self._chosen[0])
        row.clicked.connect(lambda: self._pick(output.id))
        self._column.addWidget(row)
        row.show()
        return row

    def _open(self) -> None:
        self._say(_(words.LOOKING))
        self._acts.look()

    def _pick(self, output_id: str) -> None:
        self._tried = self._there.get(output_id)
        if self._tried is not None:
            self._say(_(words.PLAYING))
            self._show(rows=True, playing=True)
            self._acts.try_out(self._tried)

    def _keep(self) -> None:
        if self._tried is not None:
            self._acts.keep(self._tried)
            self.show_chosen(self._tried.id, self._tried.name)
            self._say(_(words.CHOSEN))
            self._show(rows=False)

    def _not_heard(self) -> None:
        self._tried = None
        self._say(_(words.OTHERS))
        self._show(rows=True)

    def _say(self, sentence: str) -> None:
        self.said.say(sentence)
        announce(self, sentence)

    def _make_way(self) -> None:
        """Who is busy with the clicks reads of nothing else here."""
        self.said.setVisible(self._listed or not self.engaged)
        self.choose.setVisible(not self._listed and not self.engaged)
        if self.clicks is not None:
            self.clicks.setVisible(self._clicks_possible and not self._listed)

    def _show(self, *, rows: bool, question: bool = False, playing: bool = False) -> None:
        self._listed = rows
        self._list.setVisible(rows)
        self._make_way()
        self._list.setEnabled(not playing)
        self.heard.setVisible(question)
        self.not_heard.setVisible(question)
