"""What the signs on the timeline mean: those that are drawn there, each with its word."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.takes.moments import MomentKind
from perfstudio.texts import moments
from perfstudio.ui.review.signs import LOUDNESS, Sign, SignMark
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import FlowLayout, PlainLabel
from perfstudio.ui.widgets.put_away import clear_layout


class Legend(QWidget):
    """In one line where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("What the timeline shows"))
        self._flow = FlowLayout(self, spacing=14)
        self.signs: tuple[Sign, ...] = ()

    def show_signs(self, signs: Iterable[Sign]) -> None:
        """These are drawn."""
        wanted = tuple(dict.fromkeys(signs))
        if wanted == self.signs:
            return
        self.signs = wanted
        clear_layout(self._flow)
        for sign in wanted:
            entry = _entry(sign)
            self._flow.addWidget(entry)
            entry.show()

    def height_at(self, width: int) -> int:
        """Height in pixels that it needs at a width; 0 where it says nothing."""
        return self._flow.heightForWidth(width) if self.signs else 0


def _entry(sign: Sign) -> QWidget:
    entry = QWidget()
    row = QHBoxLayout(entry)
    row.setContentsMargins(4, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(SignMark(sign))
    row.addWidget(PlainLabel(_words(sign), Role.SMALL, "text2"))
    return entry


def _words(sign: Sign) -> str:
    if isinstance(sign, MomentKind):
        return moments.kind(sign)
    return _(moments.LOUDNESS if sign == LOUDNESS else moments.FACE)
