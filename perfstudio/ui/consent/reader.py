"""A quiet place to read: the full terms, or the receipt, in place of the use grid."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.consent.wording import IF_PARTNER_TAKES_BACK
from perfstudio.language.catalogue import _
from perfstudio.model.prompt import Terms
from perfstudio.ui.consent.sheet import Lines, Sheet
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Hairline, PlainLabel, ScrollColumn
from perfstudio.ui.widgets.put_away import clear_layout
from perfstudio.ui.widgets.reading_text import ReadingText

Sections = tuple[tuple[str, Lines], ...]
_SHORT = 60
"""A first line of a paragraph that is shorter than this and ends without a full stop is a heading."""


class Reader(QWidget):
    """`back` leads to the lines again; `save` offers the text as a file where there is one."""

    def __init__(self, *, back: Callable[[], object]) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        self.title = PlainLabel("", Role.HEADING, wrap=True)
        head.addWidget(self.title, 1)
        self.back = Button(_("Back to the lines"), ButtonKind.QUIET, key="Esc", on_click=back)
        head.addWidget(self.back, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Hairline())
        self.area = ScrollColumn(margins=(0, 4, 12, 20), spacing=8)
        self.area.verticalScrollBar().setSingleStep(40)
        column.addWidget(self.area, 1)
        self.text = ""

    def show_terms(self, terms: Terms) -> None:
        """The whole text as it will be signed."""
        self._begin(terms.title)
        self.text = terms.prose
        self._add(ReadingText(terms.summary, size=16))
        for paragraph in terms.text.split("\n\n"):
            first, __, rest = paragraph.partition("\n")
            if rest and len(first) <= _SHORT and not first.endswith("."):
                self.area.body.addSpacing(6)
                self._add(ReadingText(first, size=15, weight=QFont.Weight.DemiBold))
                self._add(ReadingText(rest, size=15))
            else:
                self._add(ReadingText(paragraph, size=15))
        if terms.of_partner:
            self.area.body.addSpacing(6)
            self._add(ReadingText(_(IF_PARTNER_TAKES_BACK), size=15, weight=QFont.Weight.DemiBold))
            self._add(ReadingText(terms.of_partner, size=15))
        self.area.body.addStretch(1)

    def show_sections(self, title: str, sections: Sections) -> None:
        """Show the sections of a receipt."""
        self._begin(title)
        self.text = "\n".join(f"{name}: {value}" for _, lines in sections for name, value in lines)
        for heading, lines in sections:
            self.area.body.addSpacing(8)
            self._add(PlainLabel(heading, Role.STRONG, wrap=True))
            self._add(Sheet(lines))
        self.area.body.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow and page keys scroll the text."""
        bar = self.area.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_Space: bar.pageStep(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    def _begin(self, title: str) -> None:
        self.title.say(title)
        self.setAccessibleName(title)
        clear_layout(self.area.body)
        self.area.verticalScrollBar().setValue(0)

    def _add(self, widget: QWidget) -> None:
        self.area.body.addWidget(widget)
