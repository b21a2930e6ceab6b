"""The frame of a page: title, a line under it, buttons at the right, and a body that scrolls when it must."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.card import Hairline
from perfstudio.ui.widgets.flow import FlowLayout
from perfstudio.ui.widgets.heard import Heard
from perfstudio.ui.widgets.label import PlainLabel
from perfstudio.ui.widgets.scrolling import Room, ScrollColumn

_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_WORDS_PX = 300
"""At 100 % text; a title that has less than this beside the buttons stands above them."""


class PageFoot(QWidget):
    """The row of actions that stays below a page, under a hairline. What floats over the page leaves it free."""

    def __init__(self, row: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addWidget(row)


class _HeadButtons(QWidget):
    """Where the buttons of a page stand; `changed` when there are others, or others are seen."""

    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__()
        self._changed = changed

    def event(self, event: QEvent) -> bool:
        """A button came, went or has other words."""
        asked = event.type() == QEvent.Type.LayoutRequest
        heard = super().event(event)
        if asked:
            self._changed()
        return heard


class Page(QWidget):
    """A page with `header` (title, subtitle, `buttons`) and `body` (a vertical layout inside a scroll area).

    Where the window is too low for what has to be seen, all but the foot scrolls; where it is too narrow, the buttons
    stand below the title.
    """

    MARGIN = 32

    def __init__(self, title: str, subtitle: str = "", *, scrolls: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        outer = self._outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._room = Room()
        outer.addWidget(self._room, 1)
        header = self._header = QBoxLayout(_BESIDE)
        header.setContentsMargins(self.MARGIN, 28, self.MARGIN, 16)
        header.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.title = PlainLabel(title, Role.TITLE, wrap=True)
        self.subtitle = PlainLabel(subtitle, Role.BODY, "text2", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        words.addStretch(1)
        header.addLayout(words, 1)
        self._head_buttons = _HeadButtons(self._arrange_head)
        self.buttons = FlowLayout(self._head_buttons, spacing=12)
        header.addWidget(self._head_buttons, 0, Qt.AlignmentFlag.AlignTop)
        self._room.body.addLayout(header)
        self.subtitle.setVisible(bool(subtitle))  # now that it has a parent: it would be a window of its own before
        margins = (self.MARGIN, 4, self.MARGIN, 28)
        if scrolls:
            self.area: ScrollColumn | None = ScrollColumn(margins=margins)
            self.body = self.area.body
            self._room.body.addWidget(self.area, 1)
        else:
            self.area = None
            self.body = QVBoxLayout()
            self.body.setContentsMargins(*margins)
            self.body.setSpacing(16)
            self._room.body.addLayout(self.body, 1)

    def heard_role(self) -> Heard:
        """A part of the window with a name of its own."""
        return Heard.Pane

    def set_foot(self, row: QWidget) -> PageFoot:
        """A row of actions below everything else, which does not scroll."""
        foot = PageFoot(row)
        self._outer.addWidget(foot)
        return foot

    def say(self, title: str, subtitle: str = "") -> None:
        """Other words at the head."""
        self.title.say(title)
        self.setWindowTitle(title)
        self.subtitle.say(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self._arrange_head()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._arrange_head()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A page up or down, where all of it scrolls."""
        event.ignore()
        self._room.keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._arrange_head()

    def _arrange_head(self) -> None:
        """The buttons beside the title, as long as that leaves the title a few words a line."""
        actions = self.buttons.line_width()
        told = (label.fontMetrics().horizontalAdvance(label.text()) for label in (self.title, self.subtitle))
        words = min(max(told), theme_now().px(_WORDS_PX))
        beside = words + self._header.spacing() + actions + 2 * self.MARGIN <= self.width()
        direction = _BESIDE if beside else _BELOW
        if direction is not self._header.direction():
            self._header.setDirection(direction)
            self._header.setAlignment(self._head_buttons, Qt.AlignmentFlag.AlignTop if beside else Qt.AlignmentFlag(0))
        self._head_buttons.setMinimumWidth(actions if beside else 0)
