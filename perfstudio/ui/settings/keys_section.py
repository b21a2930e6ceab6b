"""All the keys on one quiet card, each of which can be changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.texts import formatting
from perfstudio.ui.key_map import Chosen, Deed, key_map, put_in_force
from perfstudio.ui.key_sheet import COLUMNS, KEYS
from perfstudio.ui.settings.key_parts import DeedButton, LearnCard, caps_width, said
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, Card, FlowLayout, PlainLabel, ScrollColumn, announce
from perfstudio.ui.widgets.keycap import cap_height, paint_cap
from perfstudio.ui.widgets.put_away import put_away

CAPS_PX, COLUMN_PX = 84, 320


class Cap(QWidget):
    """A key that stays as it is."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As large as the cap."""
        return QSize(caps_width((self._key,)) + 6, cap_height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cap."""
        paint_cap(QPainter(self), 4, self.height() / 2, self._key, theme_now().color("text2"))


class KeysSection(ScrollColumn):
    """`change` puts settings in force; caps show the keys in force."""

    def __init__(self, change: Callable[..., object]) -> None:
        super().__init__(spacing=16)
        self._change = change
        card = Card(padding=20, spacing=20)
        words = _("Choose a key to change it. A pedal or a clicker is a keyboard: press it where a key is asked for.")
        card.body.addWidget(PlainLabel(words, Role.BODY, "text2", wrap=True))
        self.all = Button(_("All keys as they came"), icon="again", on_click=lambda: self._put({}))
        card.body.addWidget(self.all, alignment=Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self._columns = QWidget()
        card.body.addWidget(self._columns)
        flow = FlowLayout(self._columns, spacing=32)
        self.lines: list[_Line] = []
        for headings in COLUMNS:
            column = _Column(headings)
            self.lines += column.lines
            flow.addWidget(column)
        for line in self.lines:
            for button in line.buttons:
                button.clicked.connect(lambda _=False, line=line, button=button: self.ask(line, button))
        self.learning: LearnCard | None = None
        self._asked: DeedButton | None = None
        self.keys_changed()

    def keys_changed(self) -> None:
        """Other keys are in force."""
        self.all.setVisible(key_map().any_changed)

    def ask(self, line: _Line, button: DeedButton) -> None:
        """Listen for another key, below the line."""
        self.leave()
        self._asked = button
        self.learning = LearnCard(button.deed, self._put, self.leave)
        line.show_below(self.learning)
        self.learning.field.setFocus(Qt.FocusReason.TabFocusReason)
        self._settle()
        self.ensureWidgetVisible(self.learning)

    def leave(self) -> None:
        """Listen no more; the focus is back on the cap."""
        if self.learning is None:
            return
        put_away(self.learning)
        self.learning = None
        if self._asked is not None and self.isVisible():
            self._asked.setFocus(Qt.FocusReason.TabFocusReason)
        self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody listens out of sight."""
        super().hideEvent(event)
        self.leave()

    def _put(self, chosen: Chosen) -> None:
        put_in_force(chosen)
        self._change(keys=chosen)
        deed = self._asked.deed if self._asked is not None else None
        if deed is not None and chosen:
            announce(self, f"{said(key_map().caps(deed))}: {_(deed.words)}")

    def _settle(self) -> None:
        """The columns have another height."""
        for part in (self._columns, self):
            part.updateGeometry()


class _Column(QWidget):
    """Some pages' keys, one below the other, as wide as the words ask."""

    def __init__(self, headings: tuple[str, ...]) -> None:
        super().__init__()
        self.lines: list[_Line] = []
        self.setAccessibleName(formatting.chain(_(heading) for heading in headings))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(2)
        for place, heading in enumerate(headings):
            column.addSpacing(16 if place else 0)
            column.addWidget(PlainLabel(_(heading), Role.STRONG))
            for caps, words in KEYS[heading]:
                line = _Line(tuple(Deed(heading, cap, words) for cap in caps))
                self.lines.append(line)
                column.addWidget(line)
        column.addStretch(1)

    def sizeHint(self) -> QSize:
        """At least a common width, so that columns stand like columns."""
        size = super().sizeHint()
        return QSize(max(theme_now().px(COLUMN_PX), size.width()), size.height())


class _Line(QWidget):
    """Keys and what they do; below it, for a moment, the place that listens."""

    def __init__(self, deeds: tuple[Deed, ...]) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._column.addLayout(row)
        self._caps = _CapsBox()
        caps = QHBoxLayout(self._caps)
        caps.setContentsMargins(0, 0, 0, 0)
        caps.setSpacing(0)
        self.buttons = [DeedButton(deed) for deed in deeds if not deed.fixed]
        for cap in (*(Cap(deed.cap) for deed in deeds if deed.fixed), *self.buttons):
            caps.addWidget(cap)
        caps.addStretch(1)
        row.addWidget(self._caps)
        words = _(deeds[0].words)
        label = PlainLabel(words, Role.BODY, "text2", wrap=True)
        label.setAccessibleName(f"{said(tuple(deed.cap for deed in deeds))}: {words}" if not self.buttons else words)
        row.addWidget(label, 1)

    def show_below(self, card: LearnCard) -> None:
        """The place that listens."""
        self._column.addWidget(card)
        card.show()


class _CapsBox(QWidget):
    """A common width, so that the words begin at one edge."""

    def sizeHint(self) -> QSize:
        """As wide as the caps, and never narrower than most of them."""
        size = super().sizeHint()
        return QSize(max(theme_now().px(CAPS_PX), size.width()), size.height())
