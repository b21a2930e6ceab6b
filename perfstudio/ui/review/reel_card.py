"""A film for the reel on Review: what goes out, with what before it, then how far it is and where it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.take import TakeState
from perfstudio.session.reel_made import ReelMade
from perfstudio.session.takes.review import TakeReview
from perfstudio.texts import reel
from perfstudio.ui.consent.rows import flow_row
from perfstudio.ui.review.own_field import OwnField
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import (
    Button,
    ButtonKind,
    Card,
    KeyHint,
    PlainLabel,
    ProgressLine,
    SegmentedFilter,
    announce,
    bring_into_view,
)
from perfstudio.ui.widgets.put_away import put_away

KEY = "E"
_PART, _WHOLE, _CLEAN, _SLATED = "part", "whole", "clean", "slated"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ReelAsked:
    """What is wanted of a take: all of it, or what lies between its points; with a slate, and whose name is on it."""

    review: TakeReview
    whole: bool
    slated: bool
    name: str


@dataclass(frozen=True, slots=True)
class ReelActs:
    """`where` asks for a place and makes the film; `stop` ends that; `show` opens the folder of a film."""

    where: Callable[[ReelAsked], object]
    stop: Callable[[], object]
    show: Callable[[ReelMade], object]


class ReelPart(QWidget):
    """A way to the card, and the card. A film that is being made goes on when another take is shown."""

    def __init__(self, acts: ReelActs | None = None) -> None:
        super().__init__()
        self._acts = acts or ReelActs(_nothing, lambda: None, _nothing)
        self._review: TakeReview | None = None
        self.card: ReelCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.open = KeyHint(KEY, _(reel.OPEN))
        self.open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.open.clicked.connect(lambda: self.ask())
        self._column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_review(self, review: TakeReview) -> None:
        """Another take, or the same as it stands now."""
        other = self._review is None or self._review.line.take_id != review.line.take_id
        self._review = review
        can = review.sealed and review.sound is not None and review.line.state is not TakeState.BINNED
        if self.card is not None and not self.card.busy and (other or not can):
            self.close_card()
        elif self.card is not None and not other:
            self.card.show_review(review)
        self.open.setVisible(can and self.card is None)
        self.setVisible(can or self.card is not None)

    def ask(self) -> None:
        """The card is there now."""
        if self._review is None or self.card is not None or self.open.isHidden():
            return
        self.card = ReelCard(self._review, self._acts, self.close_card)
        self._column.addWidget(self.card)
        self.open.hide()
        announce(self, f"{_(reel.HEADING)}. {self.card.holds.text()}")
        QTimer.singleShot(0, self, self._in_sight)  # once the card has its place

    def close_card(self) -> None:
        """Nothing more is asked."""
        if self.card is not None:
            card, self.card = self.card, None
            put_away(card)
            self.open.show()

    def _in_sight(self) -> None:
        if self.card is not None:
            bring_into_view(self.card)
            self.card.save.setFocus(Qt.FocusReason.OtherFocusReason)


class ReelCard(Card):
    """Asks, then tells."""

    def __init__(self, review: TakeReview, acts: ReelActs, close: Callable[[], object]) -> None:
        super().__init__(_(reel.HEADING), padding=16, spacing=12)
        self._review, self._acts = review, acts
        self._made: ReelMade | None = None
        self.busy = False
        self.holds = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.part = SegmentedFilter(_(reel.WHAT), {_PART: _(reel.PART), _WHOLE: _(reel.WHOLE)})
        self.slate = SegmentedFilter(_(reel.SLATE), {_CLEAN: _(reel.CLEAN), _SLATED: _(reel.SLATED)})
        self.name: QLineEdit = OwnField(_(reel.NAME), _(reel.NAME), _LONGEST_NAME)
        self.progress = ProgressLine(_(reel.MAKING))
        self.told = PlainLabel("", Role.SMALL, "text1", wrap=True, selectable=True)
        self.save = Button(_(reel.SAVE), on_click=self._where)
        self.show_it = Button(_(reel.SHOW), icon="folder", on_click=self._show)
        self.stop = Button(_(reel.STOP), on_click=acts.stop)
        self.leave = Button(_(reel.CLOSE), ButtonKind.QUIET, on_click=close)
        self._slate_words = PlainLabel(_(reel.SLATE), Role.SMALL, "text2", wrap=True)
        asked = (self.holds, self.part, self._slate_words, self.slate, self.name)
        for part in (*asked, self.told, self.progress):
            self.body.addWidget(part)
        self.body.addWidget(flow_row(self.save, self.show_it, self.stop, self.leave))
        self._asked: tuple[QWidget, ...] = asked
        self.part.chosen.connect(lambda _name: self._say())
        self.slate.chosen.connect(lambda _name: self._say())
        self._show_state()

    def show_review(self, review: TakeReview) -> None:
        """Its points may be others."""
        self._review = review
        self._say()

    def begin(self) -> None:
        """It is being made."""
        self.busy = True
        self.progress.show_share(0.0)
        self._tell(_(reel.MAKING))

    def show_share(self, share: float) -> None:
        """So much of it is done, 0..1."""
        self.progress.show_share(share)

    def end(self, said: str, made: ReelMade | None = None) -> None:
        """It is there, or it is not, and why."""
        self.busy, self._made = False, made
        self._tell(said)

    def _tell(self, said: str) -> None:
        focused = self.window().focusWidget()
        mine = focused is not None and self.isAncestorOf(focused)
        self.told.say(said)
        announce(self, said)
        self._show_state()
        if mine:  # what had the keyboard may be gone
            shown = (one for one in (self.stop, self.show_it, self.save) if not one.isHidden())
            next(shown).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_state(self) -> None:
        asks = not self.busy and self._made is None
        for part in self._asked:
            part.setVisible(asks)
        self.told.setVisible(bool(self.told.text()))
        self.save.setVisible(asks)
        self.show_it.setVisible(self._made is not None)
        self.progress.setVisible(self.busy)
        self.stop.setVisible(self.busy)
        self.leave.setVisible(not self.busy)
        self._say()

    def _say(self) -> None:
        review = self._review
        trim, seen = review.manifest.trim, review.picture is not None
        whole = self.part.current() == _WHOLE
        start, end = (0.0, None) if whole else (trim.in_s or 0.0, trim.out_s)
        self.holds.say(reel.holds(start, review.duration_s if end is None else end, picture=seen))
        asks = not self.busy and self._made is None
        self._slate_words.setVisible(asks and seen)
        self.slate.setVisible(asks and seen)
        self.name.setVisible(asks and seen and self.slate.current() == _SLATED)

    def _where(self) -> None:
        slated = self._review.picture is not None and self.slate.current() == _SLATED
        name = " ".join(self.name.text().split())
        self._acts.where(ReelAsked(self._review, self.part.current() == _WHOLE, slated, name))

    def _show(self) -> None:
        if self._made is not None:
            self._acts.show(self._made)


def _nothing(_what: object) -> None:
    """A page without a window."""
