"""One take on its way: where it is, how far, how fast, what is in the way, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.delivery import DELIVERY_ENDED, Arrival, DeliveryState, DeliveryStatus
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import TakeState
from perfstudio.session.views import DeliveryLine
from perfstudio.texts import deliveries, errors, formatting, rulings, states
from perfstudio.texts.error_details import where
from perfstudio.texts.template import capital, sentences
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Card, Chip, PlainLabel, ProgressLine

_TONES = {
    DeliveryState.SENDING: ("accent", "accent_line"),
    DeliveryState.VERIFYING: ("accent", "accent_line"),
    DeliveryState.WAITING: ("look", "look"),
    DeliveryState.PAUSED: ("plain", "edge"),
    DeliveryState.SENT: ("info", "info"),
    DeliveryState.DELIVERED: ("good", "good"),
    DeliveryState.REFUSED: ("danger", "danger"),
}
"""Chip and line."""
_MAY_PAUSE = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.VERIFYING, DeliveryState.WAITING)
_SIGN_IN = (ErrorCode.TOKEN_MISSING, ErrorCode.TOKEN_WRONG)
_ENDINGS: Messages[dict[DeliveryState, str]] = {
    DeliveryState.SENT: "All of it was sent. This receiver has no way to confirm what arrived.",
    DeliveryState.DELIVERED: "The receiver has confirmed every file.",
    DeliveryState.CANCELLED: "Nothing more of it is sent.",
}

_NEXT: Messages[dict[DeliveryState, str]] = {
    DeliveryState.WAITING: "trying again in {length}",
    DeliveryState.SENDING: "no answer yet, trying again in {length}",
    DeliveryState.VERIFYING: "waiting for its answer, {length} more",
}

Act = Callable[[DeliveryStatus], object]


def progress_words(status: DeliveryStatus) -> str:
    """12 of 41 MB · 1.3 MB a second · about 2 min left."""
    size = formatting.size(status.bytes_total)
    if status.bytes_read and not status.bytes_sent:
        share = formatting.percent(status.bytes_read / max(1, status.bytes_total))
        return formatting.dotted([size, _("reading its files before they are sent, {share}", share=share)])
    if status.state is DeliveryState.DELIVERED or not (status.bytes_sent or status.next_try_s is not None):
        return size
    parts = [_("{sent} of {total}", sent=formatting.size(status.bytes_sent), total=formatting.size(status.bytes_total))]
    if status.state is DeliveryState.SENDING and status.bytes_per_s > 0:
        left = (status.bytes_total - status.bytes_sent) / status.bytes_per_s
        parts += [formatting.speed(status.bytes_per_s), _("{length} left", length=formatting.about(left))]
    if status.next_try_s is not None and status.state in _NEXT:
        parts.append(_(_NEXT[status.state], length=formatting.span(max(1, round(status.next_try_s)))))
    return " · ".join(parts)


class DeliveryRow(Card):
    """`retry`, `pause`, `take_out`, `sign_in` and `receipt` get the status they are about."""

    HARMLESS = ("go_on", "pause", "sign_in", "retry", "receipt")
    """Where the keyboard may be put when the button that it was on is no longer offered, in this order."""

    def __init__(
        self, line: DeliveryLine, *, retry: Act, pause: Act, take_out: Act, sign_in: Act, receipt: Act
    ) -> None:
        super().__init__(padding=16, spacing=10)
        self.line = line
        self.body.addLayout(self._head())
        self.bar = ProgressLine(_("Sent so far: {title}, take {number}", title=line.title, number=line.number))
        self.body.addWidget(self.bar)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        said = QVBoxLayout()
        said.setSpacing(4)
        self.words = PlainLabel("", Role.SMALL, "text2", wrap=True, tabular=True)
        self.reason = PlainLabel("", Role.BODY, wrap=True, selectable=True)
        said.addWidget(self.words)
        said.addWidget(self.reason)
        foot.addLayout(said, 1)
        self.sign_in = Button(_("Sign in"), ButtonKind.SECONDARY, on_click=lambda: sign_in(self.line.status))
        self.retry = Button(_("Try now"), ButtonKind.SECONDARY, icon="again", on_click=lambda: retry(self.line.status))
        self.pause = Button(_("Pause"), ButtonKind.QUIET, on_click=lambda: pause(self.line.status))
        self.go_on = Button(_("Resume"), ButtonKind.SECONDARY, on_click=lambda: retry(self.line.status))
        self.receipt = Button(_("Receipt"), ButtonKind.SECONDARY, on_click=lambda: receipt(self.line.status))
        self.take_out = Button(_("Remove"), ButtonKind.QUIET, on_click=lambda: take_out(self.line.status))
        self.buttons = {
            "take_out": self.take_out, "pause": self.pause, "go_on": self.go_on, "sign_in": self.sign_in,
            "retry": self.retry, "receipt": self.receipt,
        }  # fmt: skip
        for button in self.buttons.values():
            foot.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(foot)
        self._papers = QWidget()
        QVBoxLayout(self._papers).setContentsMargins(0, 0, 0, 0)
        self._papers.hide()
        self.body.addWidget(self._papers)
        self.show_status(line.status)

    def _head(self) -> QHBoxLayout:
        """What goes where, and how it stands."""
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.title = PlainLabel(
            _("{title}, take {number}", title=self.line.title, number=self.line.number), Role.STRONG, wrap=True
        )
        words.addWidget(self.title)
        words.addWidget(PlainLabel(_("to {studio}", studio=self.line.studio_name), Role.SMALL, "text2", wrap=True))
        head.addLayout(words, 1)
        self.chip = Chip("")
        head.addWidget(self.chip, alignment=Qt.AlignmentFlag.AlignTop)
        return head

    def show_status(self, status: DeliveryStatus) -> None:
        """The delivery as it stands."""
        line = self.line
        self.line = replace(line, status=status)
        self._shown_s = monotonic()
        chip, bar = _TONES.get(status.state, ("plain", "edge"))
        if status.state is DeliveryState.PAUSED and status.reason is not None:
            chip, bar = _TONES[DeliveryState.WAITING]
        if line.ruling is not None and status.state is DeliveryState.DELIVERED:
            chip = states.ruling(line.ruling)[1]
        self.chip.say(self._word(status), chip)
        share = status.bytes_sent / status.bytes_total if status.bytes_total else 0.0
        arrived = status.state in (DeliveryState.SENT, DeliveryState.DELIVERED)
        self.bar.show_share(1.0 if arrived else share, bar)
        self.bar.setVisible(status.state not in (DeliveryState.CANCELLED, DeliveryState.REFUSED))
        self.words.say(progress_words(status))
        self.reason.say(self._said(status))
        self.reason.setVisible(bool(self.reason.text()))
        self._offer(status, arrived=arrived or (line.taken_back is not None and line.taken_back.arrived is not None))
        self.setAccessibleName(
            _(
                "{take} to {studio}: {state}, {words}",
                take=self.title.text(),
                studio=line.studio_name,
                state=self.chip.text(),
                words=self.words.text(),
            )
        )

    def tick(self) -> None:
        """A second has gone: what is waited for comes nearer."""
        status = self.line.status
        if status.next_try_s is not None:
            left_s = max(0.0, status.next_try_s - (monotonic() - self._shown_s))
            self.words.say(progress_words(replace(status, next_try_s=left_s)))

    def _said(self, status: DeliveryStatus) -> str:
        """What is in the way, or how it ended."""
        back = self.line.taken_back
        taken_back = deliveries.taken_back(self.line.studio_name, back) if back is not None else ""
        if taken_back and status.reason is ErrorCode.CONSENT_WITHDRAWN:
            return taken_back
        if status.reason is not None:
            return sentences(errors.sentence_for(status.reason, dict(status.facts)), taken_back)
        if self.line.ruling is not None and status.state is DeliveryState.DELIVERED:
            decided = rulings.decided(self.line.ruling, self.line.studio_name)
            return sentences(decided, rulings.consequences(self.line.ruling, self.line.paid), taken_back)
        return sentences(_(_ENDINGS.get(status.state, "")), taken_back)

    def _word(self, status: DeliveryStatus) -> str:
        """The chip: of what had arrived and was taken back it says both."""
        back = self.line.taken_back
        if back is not None and status.reason is ErrorCode.CONSENT_WITHDRAWN:
            return states.take_state(TakeState.WITHDRAWN, sent=back.arrived is not None, delivered=back.delivered)
        if self.line.ruling is not None and status.state is DeliveryState.DELIVERED:
            return states.ruling(self.line.ruling)[0]
        return states.delivery_state(status.state, status.reason)

    def show_receipt(self, receipt: Arrival | None) -> None:
        """What the receiver confirmed, unfolded in place; once more folds it."""
        column = self._papers.layout()
        if column is None or not self._papers.isHidden():
            self._papers.hide()
            return
        while (item := column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for words in _receipt_lines(receipt):
            column.addWidget(PlainLabel(words, Role.SMALL, "text2", wrap=True, selectable=True))
        self._papers.show()

    def _offer(self, status: DeliveryStatus, *, arrived: bool) -> None:
        ended = status.state in DELIVERY_ENDED
        wants_token = status.reason in _SIGN_IN and not ended
        offers = {
            self.sign_in: wants_token,
            self.retry: (status.state in (DeliveryState.WAITING, DeliveryState.REFUSED) and not wants_token)
            or _asks_again(status),
            self.pause: status.state in _MAY_PAUSE,
            self.go_on: status.state is DeliveryState.PAUSED and status.reason is None,
            self.receipt: arrived,
            self.take_out: not ended,
        }
        sent = status.state is DeliveryState.SENT
        self.receipt.setText(_("What was sent") if sent else _("Receipt"))
        for button in sorted(offers, key=offers.__getitem__, reverse=True):  # first what is offered
            if button is self.window().focusWidget() and not offers[button]:
                self._hand_on(offers)
            button.setVisible(offers[button])

    def _hand_on(self, offers: Mapping[Button, bool]) -> None:
        """Qt would go to whatever is next, and that takes the delivery out."""
        goal: QWidget | None = next((b for name in self.HARMLESS if offers[b := self.buttons[name]]), self)
        while goal is not None and goal.focusPolicy() is Qt.FocusPolicy.NoFocus:
            goal = goal.parentWidget()
        if goal is not None:
            goal.setFocus(Qt.FocusReason.OtherFocusReason)


def _asks_again(status: DeliveryStatus) -> bool:
    """A studio has still to hear what was taken back, or to sign that it deleted it; nothing of the take is sent."""
    gone = status.reason is ErrorCode.CONSENT_WITHDRAWN
    return status.unfinished and (gone or status.state in (DeliveryState.DELIVERED, DeliveryState.SENT))


def _receipt_lines(receipt: Arrival | None) -> list[str]:
    if receipt is None:
        return [_("There is no receipt for this take yet.")]
    lines = deliveries.receipt_words(receipt)
    for file in receipt.files:
        name = where(f"file {file.role}")
        shown = " ".join(file.sha256[i : i + 8] for i in range(0, len(file.sha256), 8))
        lines.append(
            _(
                "{file}, {size}. SHA-256 {shown}",
                file=name if "." in name else capital(name),  # a file is named as it is
                size=formatting.size(file.size),
                shown=shown,
            )
        )
    return lines
