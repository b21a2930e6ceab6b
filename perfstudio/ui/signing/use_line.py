"""One line of the use grid: what it allows in plain words, on what terms, and a switch that starts off."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.model.consent import RequestedUse, UseId
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Chip, IconButton, PlainLabel, Toggle
from perfstudio.words import rights, states


class UseLine(QWidget):
    """`changed` when the switch moves. A click on the words unfolds what exactly is meant; only the switch decides."""

    changed = Signal()

    def __init__(self, use: RequestedUse) -> None:
        super().__init__()
        self.use = use
        label = states.use_label(use.id)
        self.setAccessibleName(label)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 14, 0, 14)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(3)
        self.label = PlainLabel(label, Role.STRONG, wrap=True)
        words.addWidget(self.label)
        words.addWidget(PlainLabel(rights.use_line(use), Role.SMALL, "text2", wrap=True))
        if use.required and use.why:
            words.addWidget(PlainLabel(use.why, Role.SMALL, "text2", wrap=True))
        self.details = PlainLabel(_exactly(use), Role.SMALL, "text1", wrap=True, selectable=True)
        self.details.setContentsMargins(0, 6, 0, 0)
        self.details.hide()
        words.addWidget(self.details)
        row.addLayout(words, 1)
        self.more = IconButton("chevron-down", f"What exactly: {label}", on_click=self.unfold)
        row.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignTop)
        self.toggle = Toggle(label)
        self.toggle.setAccessibleDescription(rights.use_line(use))
        self.toggle.toggled.connect(lambda _: self.changed.emit())
        row.addWidget(self.toggle, alignment=Qt.AlignmentFlag.AlignVCenter)

    def unfold(self) -> None:
        """Show or hide what exactly is meant."""
        self.details.setVisible(self.details.isHidden())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The words lead to the details."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.unfold()

    def lock(self, *, on: bool) -> None:
        """Say what stands, without a choice."""
        self.toggle.blockSignals(True)
        self.toggle.setChecked(on)
        self.toggle.blockSignals(False)
        self.toggle.hide()
        said: QWidget = Chip("allowed", "good", icon="check") if on else PlainLabel("not allowed", Role.SMALL, "text3")
        self._row.addWidget(said, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{states.use_label(self.use.id)}: {'allowed' if on else 'not allowed'}")


class UnaskedLine(QWidget):
    """A use that this pack does not ask for: there, dimmed, and nothing to switch."""

    def __init__(self, use: UseId) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 14, 0, 14)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(PlainLabel(states.use_label(use), Role.STRONG, "text3", wrap=True))
        words.addWidget(PlainLabel(rights.NOT_REQUESTED, Role.SMALL, "text3", wrap=True))
        row.addLayout(words, 1)
        toggle = Toggle(f"{states.use_label(use)}: {rights.NOT_REQUESTED}")
        toggle.setEnabled(False)
        row.addWidget(toggle, alignment=Qt.AlignmentFlag.AlignVCenter)


def _exactly(use: RequestedUse) -> str:
    """What exactly, with what, by whom, and what taking it back does; one paragraph each."""
    parts = [use.exactly, rights.data(use), rights.recipients(use), f"If you take it back: {use.withdrawal_effect}"]
    return "\n".join(part for part in parts if part)
