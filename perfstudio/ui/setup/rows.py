"""Rows of the Settings page: a name with a line under it, and a control at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import PlainLabel


class SettingRow(QWidget):
    """`control` sits at the right, or under the words when `below`."""

    def __init__(self, name: str, about: str, control: QWidget, *, below: bool = False) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.name = PlainLabel(name, Role.BODY, wrap=True)
        words.addWidget(self.name)
        self.about = PlainLabel(about, Role.SMALL, "text2", wrap=True, selectable=True)
        self.about.setVisible(bool(about))
        words.addWidget(self.about)
        row.addLayout(words, 1)
        column.addLayout(row)
        if below:
            column.addWidget(control)
        else:
            row.addWidget(control, alignment=Qt.AlignmentFlag.AlignVCenter)
        if not control.accessibleName():
            control.setAccessibleName(name)

    def say(self, about: str) -> None:
        """Another line under the name."""
        self.about.say(about)
        self.about.setVisible(bool(about))
