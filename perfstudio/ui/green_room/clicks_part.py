"""The part of the headphones' card in which clicks are measured: what holds, how to hold them, what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.model.loopback import LoopbackFound, LoopbackRefusal
from perfstudio.session.calibration.headphone_clicks import ClicksState, ClicksView
from perfstudio.texts import loopback as words
from perfstudio.texts.template import sentences
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, FlowLayout, Hairline, PlainLabel, announce
from perfstudio.ui.widgets.progress import ProgressLine

_LOOK_MS = 100
_MEANWHILE = {
    ClicksState.OPENING: words.OPENING,
    ClicksState.PLAYING: words.PLAYING,
    ClicksState.MEASURING: words.MEASURING,
}


@dataclass(frozen=True, slots=True)
class ClickActs:
    """What a person can ask for here. `share` is how much of the clicks is over, 0..1."""

    begin: Callable[[], object]
    give_up: Callable[[], object]
    share: Callable[[], float]


class ClicksPart(QWidget):
    """`show_view` tells how it stands. Nothing is played before the performer has read how to hold the headphones.
    `turned` says that `engaged` may be otherwise."""

    turned = Signal()

    def __init__(self, acts: ClickActs) -> None:
        super().__init__()
        self._acts = acts
        self._view: ClicksView | None = None
        self._reads = False
        """Whether the performer reads how it is done."""
        self.said = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.line = ProgressLine(_(words.PLAYING))
        self.measure = Button(_(words.MEASURE), on_click=self._read)
        self.play = Button(_(words.PLAY), ButtonKind.PRIMARY, on_click=acts.begin)
        self.stop = Button(_("Stop"), icon="stop", on_click=acts.give_up)
        self.not_now = Button(_(words.NOT_NOW), on_click=self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(10)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=8)
        for button in (self.measure, self.play, self.not_now, self.stop):
            flow.addWidget(button)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for part in (Hairline(), self.said, self.line, buttons):
            column.addWidget(part)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(lambda: self.line.show_share(acts.share()))

    @property
    def under_way(self) -> bool:
        """Whether clicks are played or measured."""
        return self._view is not None and self._view.under_way

    @property
    def engaged(self) -> bool:
        """Whether the performer is busy with it: reads how it is done, hears the clicks, or reads what came out."""
        return self._reads or (self._view is not None and self._view.state is not ClicksState.READY)

    def show_view(self, view: ClicksView) -> None:
        """How it stands now."""
        before, self._view = self._view, view
        self._reads = self._reads and view.possible and view.state is ClicksState.READY
        moved = before is not None and before.state is not view.state
        self._show()
        if moved:
            announce(self, self.said.text())
        if moved and view.state is ClicksState.OPENING:
            self.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        """How it is done comes first."""
        self._acts.give_up()  # what came out before is read
        self._reads = True
        self._show()
        announce(self, self.said.text())
        self.play.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self._reads = False
        self._acts.give_up()
        self._show()
        self.measure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        playing, refused = view.state is ClicksState.PLAYING, view.state in (ClicksState.REFUSED, ClicksState.FAILED)
        self.said.say(sentences(*(_(line) for line in words.HOW)) if self._reads else _said(view))
        self.line.setVisible(playing)
        self.stop.setVisible(view.state in (ClicksState.OPENING, ClicksState.PLAYING))
        self.play.setVisible(self._reads)
        found = view.state is ClicksState.FOUND
        self.not_now.setVisible(self._reads or refused or found)
        self.not_now.say(_("Done") if found else _(words.NOT_NOW))
        self.measure.setVisible(not self._reads and not view.under_way)
        measured = view.before is not None or found
        self.measure.say(_("Try again") if refused else _(words.MEASURE_AGAIN if measured else words.MEASURE))
        if playing:
            self.line.show_share(self._acts.share())
            self._timer.start()
        else:
            self._timer.stop()
        self.turned.emit()


def _said(view: ClicksView) -> str:
    if view.under_way:
        return _(_MEANWHILE[view.state])
    if isinstance(view.outcome, LoopbackFound):
        return words.found(view.outcome)
    if isinstance(view.outcome, LoopbackRefusal):
        return sentences(words.refusal(view.outcome), _(words.UNCHANGED))
    if view.problem is not None:
        return sentences(words.problem(view.problem), _(words.UNCHANGED))
    return words.in_force(view.before, view.bound_s, utc_now().astimezone())
