"""The card that brings picture and sound in step: what holds, and, opened, the steps, the count and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.calibration import Measurement, Method, Refusal
from perfstudio.model.clock import utc_now
from perfstudio.session.calibration.wizard import ENOUGH, LONGEST_S, CalibrationState, CalibrationView
from perfstudio.texts import calibration as words
from perfstudio.texts import errors
from perfstudio.ui.system_button import OpenSystem, SystemButton
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import (
    Button,
    ButtonKind,
    Card,
    FlowLayout,
    PlainLabel,
    ProgressLine,
    SegmentedFilter,
    announce,
)

S = CalibrationState
_CHOOSING = (S.READY, S.REFUSED, S.FAILED)


@dataclass(frozen=True, slots=True)
class CalibrationActs:
    """What a person can ask for here."""

    open: Callable[[], object]
    choose: Callable[[Method], object]
    begin: Callable[[], object]
    finish: Callable[[], object]
    keep: Callable[[], object]
    forget: Callable[[], object]
    close: Callable[[], object]
    open_system: OpenSystem = lambda _: None


class CalibrationCard(Card):
    """`show_view` with every new view, `show_count` while it listens. Escape closes it."""

    def __init__(self, acts: CalibrationActs) -> None:
        super().__init__(_(words.TITLE), padding=20, spacing=12)
        self._acts = acts
        self._opened = False
        self._shown: tuple[Button, ...] = ()
        self.holds = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.methods = SegmentedFilter(
            _(words.TITLE), {method.value: _(text) for method, text in words.METHODS.items()}
        )
        self.methods.chosen.connect(lambda name: acts.choose(Method(name)))
        self.steps = _Steps()
        self.note = PlainLabel(_(words.DELETED), Role.SMALL, "text2", wrap=True)
        self.count = PlainLabel("", Role.HEADING, wrap=True, tabular=True)
        self.progress = ProgressLine(_(words.TITLE))
        self.answer = PlainLabel("", Role.BODY, wrap=True, selectable=True)
        self.calibrate = Button(_("Calibrate"), on_click=acts.open)
        self.forget = Button(_("Forget"), ButtonKind.QUIET, on_click=acts.forget)
        self.begin = Button(_("Start"), ButtonKind.PRIMARY, on_click=acts.begin)
        self.enough = Button(_("That is enough"), on_click=acts.finish)
        self.keep = Button(_("Keep"), ButtonKind.PRIMARY, on_click=acts.keep)
        self.again = Button(_("Again"), icon="again", on_click=acts.begin)
        self.cancel = Button(_("Cancel"), ButtonKind.QUIET, on_click=acts.close)
        self.system = SystemButton(acts.open_system)
        self._buttons = (
            self.calibrate, self.begin, self.enough, self.keep, self.again, self.system, self.forget, self.cancel,
        )  # fmt: skip
        for part in (self.holds, self.methods, self.steps, self.answer, self.count, self.progress, self.note):
            self.body.addWidget(part)
        row = QWidget()
        lines = FlowLayout(row, spacing=10)
        for button in self._buttons:
            lines.addWidget(button)
        self.body.addWidget(row)

    def show_view(self, view: CalibrationView, *, opened: bool, ready: bool) -> None:
        """How it stands; `ready` when both devices are open."""
        turned, self._opened = opened and not self._opened, opened
        state = view.state
        self.holds.say(_holds(view, ready=ready))
        self.holds.setVisible(not opened)
        self.methods.setVisible(opened and state in _CHOOSING)
        self.steps.say(tuple(_(step) for step in words.HOW[view.method]))
        self.steps.setVisible(opened and state in (S.READY, S.STARTING, S.LISTENING))
        self.note.say(
            _(words.WHERE_PATTERN) if view.method is Method.PATTERN and state is S.READY else _(words.DELETED)
        )
        self.note.setVisible(opened and state in (S.READY, S.STARTING, S.LISTENING))
        self.count.setVisible(opened and state in (S.STARTING, S.LISTENING, S.MEASURING))
        self.progress.setVisible(opened and state in (S.STARTING, S.LISTENING))
        self._show_answer(view)
        self.system.show_problem(view.problem if opened else None)
        shown = self._offered(view, opened=opened)
        moved, self._shown = shown != self._shown, shown
        had_focus = self._has_focus()
        for button in self._buttons:
            button.setVisible(button in shown)
        pair = ready and view.devices is not None and view.devices.camera is not None
        for starts in (self.calibrate, self.begin, self.again):
            starts.setEnabled(pair)
        if opened and (turned or (moved and had_focus)):
            next(button for button in shown if button.isEnabled()).setFocus(Qt.FocusReason.OtherFocusReason)
        if state is S.STARTING:
            self.progress.show_share(0.0)
            self.count.say(_(words.STARTING))
        if state is S.MEASURING:
            self.count.say(_(words.MEASURING))

    def show_count(self, heard: int, seen: int, elapsed_s: float, method: Method) -> None:
        """Show how many events were heard so far."""
        self.count.say(words.counted(heard, seen, method))
        self.progress.show_share(max(heard / ENOUGH[method], elapsed_s / LONGEST_S[method]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes what is opened."""
        if self._opened and event.key() == Qt.Key.Key_Escape:
            self._acts.close()
        else:
            super().keyPressEvent(event)

    def _offered(self, view: CalibrationView, *, opened: bool) -> tuple[Button, ...]:
        if not opened:
            return (self.calibrate, self.forget) if view.before is not None else (self.calibrate,)
        match view.state:
            case S.READY:
                return self.begin, self.cancel
            case S.LISTENING:
                return self.enough, self.cancel
            case S.FOUND:
                return self.keep, self.again, self.cancel
            case S.REFUSED | S.FAILED:
                return (self.again, self.system, self.cancel) if self.system.leads else (self.again, self.cancel)
            case _:
                return (self.cancel,)

    def _show_answer(self, view: CalibrationView) -> None:
        text, tone = "", "text1"
        if isinstance(view.outcome, Measurement):
            text = words.result(view.outcome)
        elif isinstance(view.outcome, Refusal):
            text, tone = words.refusal(view.outcome, view.method), "look"
        elif view.problem is not None:
            text, tone = errors.sentence(view.problem), "look"
        if text and text != self.answer.text() and self.isVisible():
            announce(self, text)
        self.answer.say(text, tone)
        self.answer.setVisible(self._opened and bool(text))

    def _has_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)


class _Steps(QWidget):
    """Numbered lines; the second line of a step begins under its first word."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self._lines = [PlainLabel("", Role.BODY, wrap=True) for _step in words.HOW[Method.CLAP]]
        for place, line in enumerate(self._lines):
            number = PlainLabel(f"{place + 1}", Role.BODY, "text2", tabular=True)
            grid.addWidget(number, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(line, place, 1)

    def say(self, steps: tuple[str, ...]) -> None:
        """Other steps, as many."""
        for label, text in zip(self._lines, steps, strict=True):
            label.say(text)


def _holds(view: CalibrationView, *, ready: bool) -> str:
    if ready and view.devices is not None and view.devices.camera is None:
        return _(words.SOUND_ONLY)
    return words.in_force(view.before, utc_now().astimezone())
