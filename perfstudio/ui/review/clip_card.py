"""A clip of the take on Review: what goes out and that it cannot be fetched back, read and agreed to before a file is
asked for; and which ones went out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QMoveEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from perfstudio.consent.names import LONGEST_NAME
from perfstudio.language.catalogue import _, language
from perfstudio.model.clip import ClipAgreed, clip_uses
from perfstudio.model.clock import utc_now
from perfstudio.session.clips.offer import CLIPPED, KEPT_DAYS, USUAL_DAYS, ClipOffer
from perfstudio.session.takes.review import TakeReview
from perfstudio.texts import clips
from perfstudio.ui.consent.rows import flow_row
from perfstudio.ui.consent.statement import Statement
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Card, Link, PlainLabel, SegmentedFilter, announce, bring_into_view
from perfstudio.ui.widgets.put_away import put_away

_SOUND, _BOTH = "sound", "both"


@dataclass(frozen=True, slots=True)
class ClipAsked:
    """What was agreed to, and what the performer wants to be called."""

    offered: ClipOffer
    agreed: ClipAgreed
    called: str


class ClipPart(QWidget):
    """Beside a take that was kept. `ask` wants to know what a clip of the take would be (and answers with `offer`);
    `make` gets what was agreed to."""

    def __init__(
        self, ask: Callable[[str], object] = lambda _: None, make: Callable[[ClipAsked], object] = lambda _: None
    ) -> None:
        super().__init__()
        self._ask, self._make = ask, make
        self._take_id = ""
        self._asked_for = ""
        """The take of which a clip is asked for as soon as it is shown."""
        self.card: ClipCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 0, 4, 0)
        self._column.setSpacing(6)
        self.went = PlainLabel("", Role.SMALL, "text2", wrap=True, selectable=True)
        self.open = Link(_(clips.MAKE), tone="text2", on_click=lambda: self._ask(self._take_id))
        self._column.addWidget(self.went)
        self._column.addWidget(self.open)
        self.hide()

    def show_review(self, review: TakeReview) -> None:
        """Another take, or the same as it stands now. Only of a kept one a clip is made."""
        take_id, given = review.line.take_id, review.clips
        kept = review.sealed and review.line.state in CLIPPED
        if take_id != self._take_id or not kept:
            self.close_card()
        self._take_id = take_id
        self.went.say("\n".join(clips.went(one) for one in given))
        self.went.setVisible(bool(given))
        self.open.setVisible(kept and self.card is None)
        self.setVisible(kept or bool(given))
        if kept and take_id == self._asked_for:
            self._asked_for = ""
            self._ask(take_id)

    def ask_at_next(self, take_id: str) -> None:
        """The card is there as soon as this take is shown."""
        self._asked_for = take_id

    def offer(self, offered: ClipOffer) -> None:
        """What the clip would be: the card is there now."""
        if offered.take_id != self._take_id:
            return
        self.close_card()
        self.card = ClipCard(offered, self._make, self.close_card)
        self._column.addWidget(self.card)
        self.open.hide()
        self.show()
        QTimer.singleShot(0, self, self._in_sight)  # once the card has its place
        announce(self, f"{_(clips.HEADING)}. {_(clips.NOT_BACK)}")

    def moveEvent(self, event: QMoveEvent) -> None:
        """What stands above may still grow: who is at the first choice stays there."""
        super().moveEvent(event)
        if self.card is not None and self.card.what.stop().hasFocus():
            QTimer.singleShot(0, self, self._in_sight)

    def _in_sight(self) -> None:
        if self.card is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)  # what is new has its place first
            first = self.card.what.stop()
            for part in (self.card, first):  # the card may be higher than the window
                bring_into_view(part)
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_card(self) -> None:
        """Nothing is made."""
        if self.card is not None:
            card, self.card = self.card, None
            put_away(card)
            self.open.show()


class ClipCard(Card):
    """Asks what the partner may have, for how long and under which name, then for the one line that is agreed to."""

    def __init__(self, offered: ClipOffer, make: Callable[[ClipAsked], object], close: Callable[[], object]) -> None:
        super().__init__(_(clips.HEADING), padding=16, spacing=12)
        self._offered, self._make = offered, make
        self._at = utc_now()
        self.holds = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.body.addWidget(self.holds)
        choices = {_SOUND: _(clips.SOUND_ONLY)} | ({_BOTH: _(clips.WITH_PICTURE)} if offered.has_picture else {})
        self.what = SegmentedFilter(_(clips.WHAT), choices)
        self.days = SegmentedFilter(_(clips.HOW_LONG), {str(days): clips.for_days(days) for days in KEPT_DAYS})
        self.days.choose(str(USUAL_DAYS))
        self.called = QLineEdit()
        self.called.setAccessibleName(_(clips.CALLED))
        self.called.setPlaceholderText(_(clips.CALLED))
        self.called.setMaxLength(LONGEST_NAME)
        self.line = PlainLabel("", Role.BODY, wrap=True, selectable=True)
        self.agree = Statement(_(clips.TICK))
        self.save = Button(_(clips.SAVE), on_click=self._on)
        for part in (self._asked(clips.WHAT, self.what), self._asked(clips.HOW_LONG, self.days)):
            self.body.addLayout(part)
        for widget in (self.called, self.line, self.agree):
            self.body.addWidget(widget)
        self.body.addWidget(flow_row(self.save, Button(_(clips.NOT_NOW), ButtonKind.QUIET, on_click=close)))
        self.what.chosen.connect(lambda _name: self._say())
        self.days.chosen.connect(lambda _name: self._say())
        self.agree.toggle.toggled.connect(self.save.setEnabled)
        self._say()

    def _asked(self, heading: str, row: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(PlainLabel(_(heading), Role.SMALL, "text2", wrap=True))
        column.addWidget(row)
        return column

    def _say(self) -> None:
        """The line as it is now; what was agreed to before was another one."""
        self.holds.say(clips.what(self._offered, picture=self._sees()))
        self.line.say(self._text())
        self.agree.ask()
        self.save.setEnabled(False)

    def _text(self) -> str:
        return clips.agreement(self._offered, self._until(), picture=self._sees())

    def _until(self) -> datetime:
        return self._at + timedelta(days=int(self.days.current()))

    def _sees(self) -> bool:
        return self.what.current() == _BOTH

    def _on(self) -> None:
        if not self.agree.stated():
            return
        may = clip_uses(picture=self._sees())
        agreed = ClipAgreed(at=utc_now(), language=language(), text=self._text(), may=may, keep_until=self._until())
        self._make(ClipAsked(self._offered, agreed, self.called.text()))
