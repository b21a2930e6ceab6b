"""One line of the use grid: what it allows in plain words, on what terms, and a switch that starts off."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.consent.warnings import too_long
from perfstudio.language.catalogue import _
from perfstudio.model.consent import RequestedUse, UseId, Warned
from perfstudio.texts import rights, states
from perfstudio.ui.consent.sheet import Sheet
from perfstudio.ui.consent.take_back import GiveAgain, TakeBack
from perfstudio.ui.consent.warned import WarnedNote
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Chip, IconButton, PlainLabel, Toggle

NAMES_PX = 126


class UseLine(QWidget):
    """`changed` when the switch moves. A click on the words unfolds what exactly is meant; only the switch decides.

    `taken_back` when a line that stands is taken back and that was said twice; `given_again` when one that was taken
    back is given again in the same way.
    """

    changed = Signal()
    taken_back = Signal()
    given_again = Signal()

    def __init__(self, use: RequestedUse, warned: tuple[Warned, ...] = ()) -> None:
        super().__init__()
        self.use = use
        label = states.use_label(use.id)
        self.setAccessibleName(label)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(3)
        row = self._row = QHBoxLayout()
        row.setSpacing(12)
        column.addLayout(row)
        words = QVBoxLayout()
        words.setSpacing(3)
        self.label = PlainLabel(label, Role.STRONG, wrap=True)
        words.addWidget(self.label)
        for said in (rights.use_line(use), rights.recipients(use), use.why or ""):
            if said:
                words.addWidget(PlainLabel(said, Role.SMALL, "text2", wrap=True))
        for one in warned:
            words.addWidget(WarnedNote(one))
        self.details: Sheet | None = None
        row.addLayout(words, 1)
        self.more = IconButton("chevron-down", _("Show details: {label}", label=label), on_click=self.unfold)
        self.more.setFixedHeight(theme_now().px(26))  # beside the switch
        row.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignTop)
        self.toggle = Toggle(label)
        self.toggle.setAccessibleDescription(rights.use_line(use))
        self.toggle.toggled.connect(lambda _: self.changed.emit())
        self.why_not = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.why_not.hide()
        words.addWidget(self.why_not)
        row.addWidget(self.toggle, alignment=Qt.AlignmentFlag.AlignTop)
        if too_long(use):
            self.toggle.setEnabled(False)
        self._locked = False
        self.take_back: TakeBack | None = None
        self.give_again: GiveAgain | None = None

    def bar(self, why: str) -> None:
        """Off, and cannot be turned on, for this reason; empty: it can be again. What is signed stays as it is."""
        if self._locked:
            return
        if why:
            self.toggle.setChecked(False)
        self.toggle.setEnabled(not (why or too_long(self.use)))
        self.toggle.setAccessibleDescription(why or rights.use_line(self.use))
        self.why_not.say(why)
        self.why_not.setVisible(bool(why))

    def unfold(self) -> None:
        """Show or hide what exactly is meant; it is made when it is first asked for."""
        if self.details is None:
            self.details = Sheet(rights.use_lines(self.use), names_px=NAMES_PX)
            self.details.setContentsMargins(0, 8, 0, 4)
            self.details.hide()
            self._column.insertWidget(1, self.details)
        opened = self.details.isHidden()
        self.details.setVisible(opened)
        self.more.say("", icon="chevron-up" if opened else "chevron-down")
        label = states.use_label(self.use.id)
        self.more.setAccessibleName(
            _("Hide details: {label}", label=label) if opened else _("Show details: {label}", label=label)
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The words lead to the details."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.unfold()

    def lock(self, *, on: bool, taken_back: bool = False) -> None:
        """Say what stands, without a choice; what stands can be taken back, and given again then."""
        self._locked = True
        self.toggle.blockSignals(True)
        self.toggle.setChecked(on)
        self.toggle.blockSignals(False)
        self.toggle.hide()
        state = _("allowed") if on else _("taken back") if taken_back else _("not allowed")
        said: QWidget = Chip(state, "good", icon="check") if on else PlainLabel(state, Role.SMALL, "text3")
        self._row.addWidget(said, alignment=Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{states.use_label(self.use.id)}: {state}")
        if on:
            self.take_back = TakeBack(self.use, self.taken_back.emit)
            self._column.addWidget(self.take_back)
        elif taken_back:
            self.give_again = GiveAgain(self.use, self.given_again.emit)
            self._column.addWidget(self.give_again)


class UnaskedLine(QWidget):
    """A use that this pack does not ask for by itself: there, dimmed, nothing to switch; `said` is why."""

    def __init__(self, use: UseId, said: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 14, 0, 14)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(PlainLabel(states.use_label(use), Role.STRONG, "text3", wrap=True))
        tone = "text3" if said == _(rights.NOT_REQUESTED) else "text1"
        words.addWidget(PlainLabel(said, Role.SMALL, tone, wrap=True))
        row.addLayout(words, 1)
        toggle = Toggle(f"{states.use_label(use)}: {said}")
        toggle.setEnabled(False)
        row.addWidget(toggle, alignment=Qt.AlignmentFlag.AlignTop)
