"""The moments of a take as a list: each leads there, own marks have a word and can go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.marks import LONGEST_WORD, OwnMark
from perfstudio.model.timing import MarkerName
from perfstudio.session.takes.moments import TakeMoment
from perfstudio.session.takes.waveform import Waveform
from perfstudio.texts import formatting
from perfstudio.texts import moments as words
from perfstudio.ui.review.own_field import OwnField, to_page
from perfstudio.ui.review.signs import SignMark
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, IconButton, KeyHint, Link, PlainLabel
from perfstudio.ui.widgets.flow import FlowLine
from perfstudio.ui.widgets.put_away import put_away


@dataclass(frozen=True, slots=True)
class MomentActs:
    """What the list asks of others: play from a moment; where it stands is a moment, or the character broke; take a
    mark away; another word to it."""

    play_from: Callable[[float], object]
    mark: Callable[[], object]
    broke: Callable[[], object]
    remove: Callable[[OwnMark], object]
    word: Callable[[OwnMark, str], object]


class MomentRow(QWidget):
    """Sign, moment, and what it is; for an own mark a field for its word."""

    def __init__(self, moment: TakeMoment, acts: MomentActs) -> None:
        super().__init__()
        self.moment, self._acts = moment, acts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(SignMark(moment.kind))
        self.link = Link(formatting.duration(moment.at_s), on_click=lambda: acts.play_from(moment.at_s))
        self.link.setAccessibleName(words.spoken(moment))
        self.link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.link)
        self.word: OwnField | None = None
        if moment.own is None:
            row.addWidget(PlainLabel(words.line(moment), Role.SMALL, "text2", wrap=True), 1)
        else:
            self.word = self._field(moment, moment.own)
            row.addWidget(self.word, 1)
            self.remove = IconButton("close", _("Remove the mark at {time}", time=formatting.duration(moment.at_s)))
            self.remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            own = moment.own
            self.remove.clicked.connect(lambda: acts.remove(own))
            row.addWidget(self.remove)

    def _field(self, moment: TakeMoment, own: OwnMark) -> OwnField:
        kind = _(words.WORD) if own.name is MarkerName.MARK else words.kind(moment.kind)
        at = formatting.duration(moment.at_s)
        field = OwnField(kind, _("Your word to the mark at {time}", time=at), LONGEST_WORD)
        field.setText(own.note)
        field.editingFinished.connect(lambda: self._say(own, field.text()))
        field.returnPressed.connect(lambda: to_page(self))
        return field

    def _say(self, own: OwnMark, text: str) -> None:
        word = " ".join(text.split())
        if word != own.note:
            self._acts.word(own, word)


class MomentsCard(Card):
    """`show_moments` for every change; the field of a mark that was just made gets the focus."""

    def __init__(self, acts: MomentActs) -> None:
        super().__init__(_(words.HEADING), padding=16, spacing=10)
        self._acts = acts
        self._shown: tuple[TakeMoment, ...] | None = None
        self._awaited: OwnMark | None = None
        self.keys = FlowLine(spacing=16)
        for key, said, act in (("M", words.MARK, acts.mark), ("B", words.BROKE, acts.broke)):
            hint = KeyHint(key, _(said))
            hint.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            hint.clicked.connect(lambda _=False, act=act: act())
            self.keys.items.addWidget(hint)
        self.body.addWidget(self.keys)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.body.addLayout(self._rows)
        self.rows: list[MomentRow] = []
        self.loudest = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.loudest.hide()
        self.body.addWidget(self.loudest)

    def await_word(self, mark: OwnMark) -> None:
        """Its field gets the focus as soon as the mark is kept."""
        self._awaited = mark

    def show_moments(self, moments: tuple[TakeMoment, ...], *, can_mark: bool) -> None:
        """Those of a take as it stands; `can_mark`: it has a place for more."""
        self.keys.setVisible(can_mark)
        if moments != self._shown:
            self._shown = moments
            for row in self.rows:
                self._rows.removeWidget(row)
                put_away(row)
            self.rows = [MomentRow(moment, self._acts) for moment in moments]
            for row in self.rows:
                self._rows.addWidget(row)
                row.show()  # what is not shown yet cannot have the focus
        self.setVisible(can_mark or bool(moments))
        self._give_focus()

    def show_wave(self, wave: Waveform | None) -> None:
        """Where it is loudest; None while it is not known."""
        at = wave.loudest if wave is not None else None
        said = words.loudest(at.at_s, at.lufs) if at is not None else ""
        self.loudest.say(said)
        self.loudest.setVisible(bool(said))

    def _give_focus(self) -> None:
        row = next((row for row in self.rows if row.moment.own == self._awaited and row.word is not None), None)
        if self._awaited is not None and row is not None and row.word is not None:
            self._awaited = None
            row.word.setFocus(Qt.FocusReason.OtherFocusReason)
