"""One signed take on the page of what was given: its state in a word, and its lines when it is unfolded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.consent import UseId
from perfstudio.session.given import GivenLine, GivenTake, UseStanding
from perfstudio.texts import clips, formatting, given, states, unread_papers
from perfstudio.texts.states import use_label
from perfstudio.ui.consent.take_back import GiveAgain, TakeBack
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Chip, Hairline, IconButton, Link, PlainLabel


@dataclass(frozen=True, slots=True)
class GivenActs:
    """What a row can ask for; the question has been answered with yes by then."""

    take_back: Callable[[GivenTake, UseId], object]
    give: Callable[[GivenTake, UseId], object]
    open: Callable[[str], object]
    """The Consent page of a take."""
    clip: Callable[[GivenTake], object] = lambda take: None
    """Let a clip of it wait for a partner, and"""
    may_clip: Callable[[str], bool] = lambda take_id: False
    """whether that can be."""


class GivenRow(QWidget):
    """`take` as it stands. Its lines are made when they are first looked at."""

    def __init__(self, take: GivenTake, acts: GivenActs) -> None:
        super().__init__()
        self.take, self._acts = take, acts
        self.lines: dict[UseId, LineState] = {}
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        name = given.take_name(take)
        words.addWidget(PlainLabel(name, Role.STRONG, wrap=True))
        words.addWidget(PlainLabel(given.take_facts(take), Role.SMALL, "text2", wrap=True, tabular=True))
        head.addLayout(words, 1)
        self.decided = self._decision(head)
        said, tone = given.summary(take)
        self.chip = Chip(said, tone)
        head.addWidget(self.chip, alignment=Qt.AlignmentFlag.AlignTop)
        self.more = IconButton("chevron-down", _("Lines of {take}", take=name), on_click=self.unfold)
        self.more.setFixedHeight(theme_now().px(26))
        head.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        if given.partner_matters(take):
            self._say_partners(column)
        for paper in take.unread:
            column.addWidget(PlainLabel(unread_papers.said(paper), Role.SMALL, "look", wrap=True, selectable=True))
        self.details: QWidget | None = None
        self.setAccessibleName(f"{name}: {said}, {given.take_facts(take)}")

    def _say_partners(self, column: QVBoxLayout) -> None:
        """What the studio may do with it and its partner's."""
        for said in given.with_partners(self.take):
            column.addWidget(PlainLabel(said, Role.SMALL, "text2", wrap=True, selectable=True))

    def _decision(self, head: QHBoxLayout) -> Chip | None:
        """What the studio made of it, while it may have it."""
        if self.take.ruling is None or self.take.taken_back is not None:
            return None
        chip = Chip(*states.ruling(self.take.ruling))
        head.addWidget(chip, alignment=Qt.AlignmentFlag.AlignTop)
        return chip

    @property
    def opened(self) -> bool:
        """Whether its lines are shown."""
        return self.details is not None and not self.details.isHidden()

    def unfold(self) -> None:
        """Show or hide the lines."""
        if self.details is None:
            self.details = self._lines()
            self._column.addWidget(self.details)
            self.details.show()  # a layout does so later, and what follows asks
        else:
            self.details.setVisible(self.details.isHidden())
        name = given.take_name(self.take)
        words = _("Hide details: {label}", label=name) if self.opened else _("Lines of {take}", take=name)
        self.more.say("", icon="chevron-up" if self.opened else "chevron-down")
        self.more.setAccessibleName(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The words lead to the lines."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.unfold()

    def _lines(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 0, 0, 0)
        column.setSpacing(0)
        if self.take.pairs and not given.partner_matters(self.take):
            self._say_partners(column)
            column.addSpacing(8)
        for clip in self.take.clips:
            column.addWidget(PlainLabel(clips.went(clip), Role.SMALL, "text2", wrap=True, selectable=True))
            column.addSpacing(8)
        for line in self.take.lines:
            self.lines[line.asked.id] = LineState(self.take, line, self._acts)
            column.addWidget(Hairline())
            column.addWidget(self.lines[line.asked.id])
        if self.take.here:
            link = Link(_("What you signed"), on_click=lambda: self._acts.open(self.take.take_id))
            link.setAccessibleName(_("What you signed: {take}", take=given.take_name(self.take)))
            column.addWidget(Hairline())
            column.addSpacing(8)
            column.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)
            self._offer_clip(column)
        return box

    def _offer_clip(self, column: QVBoxLayout) -> None:
        if self._acts.may_clip(self.take.take_id):
            link = Link(_("Let a clip wait for your partner"), on_click=lambda: self._acts.clip(self.take))
            link.setAccessibleName(_("Let a clip wait for your partner: {take}", take=given.take_name(self.take)))
            column.addSpacing(8)
            column.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)


class LineState(QWidget):
    """One line: what it allows, what holds, since when, until when, for what pay; and the way back."""

    def __init__(self, take: GivenTake, line: GivenLine, acts: GivenActs) -> None:
        super().__init__()
        use = line.asked.id
        self.setAccessibleName(f"{use_label(use)}: {given.chip(line.standing)}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(12)
        stands = line.standing is UseStanding.STANDS
        label = PlainLabel(use_label(use), Role.BODY, "text1" if stands else "text2", wrap=True)
        head.addWidget(label, 1)
        self.chip = Chip(given.chip(line.standing), "good" if stands else "plain", icon="check" if stands else "")
        head.addWidget(self.chip, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        facts = formatting.dotted((given.line_since(line), given.line_pay(line)))
        if facts:
            column.addWidget(PlainLabel(facts, Role.SMALL, "text2", wrap=True, tabular=True))
        self.act: TakeBack | GiveAgain | None = None
        if stands:
            self.act = TakeBack(line.asked, lambda: acts.take_back(take, use))
        elif line.standing is not UseStanding.NOT_GIVEN and take.here:
            self.act = GiveAgain(line.asked, lambda: acts.give(take, use))
        if self.act is not None:
            column.addWidget(self.act)
