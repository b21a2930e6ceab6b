"""The takes of one pack on the page of what was given; folded where there are many, and never all drawn at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.consent import SEPARATE_USES, UseId
from perfstudio.session.given import GivenTake
from perfstudio.texts import formatting, given
from perfstudio.texts.states import use_label
from perfstudio.ui.given.given_row import GivenActs, GivenRow
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, Hairline, IconButton, Link, PlainLabel

AT_ONCE = 40
"""So many rows are drawn; more when they are asked for. A row is ten widgets."""
LARGE_PERCENT = 150
"""From this size of text on two buttons stand one below the other: beside a name there is no room for both."""
Uses = frozenset[UseId] | None
BulkAct = Callable[[tuple[GivenTake, ...], str, Uses], object]
"""Gets takes, whose they are, and the lines (None: all): asks once, and does it."""


@dataclass(frozen=True, slots=True)
class BulkActs:
    """What can be asked for about a pack or a studio."""

    take_back: BulkAct
    give: BulkAct


class BulkButtons(QWidget):
    """Take back and give again for many takes: a menu of the lines, with the number of takes that each is about."""

    def __init__(self, takes: tuple[GivenTake, ...], whose: str, acts: BulkActs) -> None:
        super().__init__()
        self._takes, self._whose = takes, whose
        self.menu: QMenu | None = None
        large = theme_now().px(100) > LARGE_PERCENT
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.back = Button(_("Take back"), on_click=lambda: self._ask(self.back, acts.take_back, self.standing()))
        self.again = Button(_("Give again"), on_click=lambda: self._ask(self.again, acts.give, self.once_given()))
        self.back.setAccessibleName(_("Take back from {whose}", whose=whose))
        self.again.setAccessibleName(_("Give again to {whose}", whose=whose))
        for button, lines in ((self.back, self.standing()), (self.again, self.once_given())):
            row.addWidget(button)
            button.setVisible(bool(lines))

    def standing(self) -> dict[UseId, int]:
        """Every line that stands, and in how many takes."""
        return self._counted([take.standing() for take in self._takes])

    def once_given(self) -> dict[UseId, int]:
        """The ordinary lines that were given once; a copy of a voice or face is given take by take."""
        return self._counted([take.once_given() - SEPARATE_USES for take in self._takes if take.here])

    def _counted(self, found: list[frozenset[UseId]]) -> dict[UseId, int]:
        return {use: number for use in UseId if (number := sum(use in uses for uses in found))}

    def _ask(self, button: Button, act: BulkAct, lines: dict[UseId, int]) -> None:
        menu = self.menu = QMenu(self)
        menu.setAccessibleName(button.accessibleName())
        everything = menu.addAction(_("Everything"))
        uses = None if button is self.back else frozenset(lines)
        everything.triggered.connect(lambda: act(self._takes, self._whose, uses))
        menu.addSeparator()
        for use, number in lines.items():
            entry = menu.addAction(f"{use_label(use)} ({formatting.count(number, 'take')})")
            entry.triggered.connect(lambda _=False, use=use: act(self._takes, self._whose, frozenset({use})))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))


class PackPart(QWidget):
    """A pack: its name, what it may do in numbers, and its takes when it is unfolded."""

    def __init__(
        self, title: str, takes: tuple[GivenTake, ...], acts: GivenActs, bulk: BulkActs, *, opened: frozenset[str]
    ) -> None:
        """`opened` names takes whose lines are shown."""
        super().__init__()
        self.takes, self._acts, self._opened = takes, acts, opened
        self.rows: dict[str, GivenRow] = {}
        self.touched = False
        """Somebody has folded or unfolded it."""
        self._title = title
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(12)
        self.more = IconButton("chevron-right", _("Takes of {pack}", pack=title), on_click=self._touch)
        head.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(title, Role.STRONG, wrap=True))
        words.addWidget(PlainLabel(given.counts(takes), Role.SMALL, "text2", wrap=True))
        head.addLayout(words, 1)
        self.bulk = BulkButtons(takes, given.whose_pack(title), bulk)
        head.addWidget(self.bulk, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(52, 8, 0, 0)
        self._column.setSpacing(0)
        self._list.hide()
        column.addWidget(self._list)
        self.rest = Link("", on_click=self.show_more)
        self._column.addWidget(self.rest, alignment=Qt.AlignmentFlag.AlignLeft)

    @property
    def unfolded(self) -> bool:
        """Whether its takes are shown."""
        return not self._list.isHidden()

    def _touch(self) -> None:
        self.touched = True
        self.unfold()

    def unfold(self) -> None:
        """Show or hide the takes."""
        if not self.rows:
            self.show_more()
        self._list.setVisible(self._list.isHidden())
        words = (
            _("Hide details: {label}", label=self._title) if self.unfolded else _("Takes of {pack}", pack=self._title)
        )
        self.more.say("", icon="chevron-down" if self.unfolded else "chevron-right")
        self.more.setAccessibleName(words)

    def show_more(self) -> None:
        """Draw the next takes."""
        at = len(self.rows)
        for take in self.takes[at : at + AT_ONCE]:
            row = self.rows[take.take_id] = GivenRow(take, self._acts)
            self._column.insertWidget(self._column.count() - 1, Hairline())
            self._column.insertWidget(self._column.count() - 1, row)
            if take.take_id in self._opened:
                row.unfold()
        left = len(self.takes) - len(self.rows)
        self.rest.say(_("Show {takes} more", takes=formatting.count(min(left, AT_ONCE), "take")))
        self.rest.setVisible(left > 0)
