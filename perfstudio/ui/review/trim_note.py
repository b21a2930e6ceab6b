"""The line under the timeline that says what is marked, and takes it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.texts import formatting
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Link, PlainLabel


class TrimNote(QWidget):
    """`clear` takes in and out points away."""

    def __init__(self, clear: Callable[[], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        self._words = PlainLabel("", Role.SMALL, "text2")
        row.addWidget(self._words)
        link = Link(_("Clear"), on_click=clear)
        link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(link)
        row.addStretch(1)

    def show_points(self, in_s: float | None, out_s: float | None, duration_s: float) -> None:
        """Seconds; None is the beginning or the end of the take."""
        start, end = in_s or 0.0, out_s if out_s is not None else duration_s
        self._words.say(
            _(
                "{start} to {end} is marked. The files stay whole.",
                start=formatting.duration(start),
                end=formatting.duration(end),
            )
        )
