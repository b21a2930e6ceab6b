"""The frame of a page: title, a line under it, buttons at the right, and a body that scrolls when it must."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role
from perfstudio.ui.widgets.card import Hairline
from perfstudio.ui.widgets.label import PlainLabel


class _Column(QWidget):
    """What scrolls. Wrapped text makes the least height of a layout that of its narrowest form; here the area's real
    width decides, so that no bar appears where everything fits."""

    def minimumSizeHint(self) -> QSize:
        """The least width; the height follows from the width that there is."""
        return QSize(super().minimumSizeHint().width(), 0)


class ScrollColumn(QScrollArea):
    """A vertical scroll area around a column of widgets; put things into `body`.

    The bar takes its width from the right margin, so that the column keeps its width and its edge.
    """

    def __init__(self, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 16) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = self._inner = _Column()
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(spacing)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._margins = margins
        self.verticalScrollBar().rangeChanged.connect(self._reserve_for_bar)

    @contextmanager
    def refilled(self) -> Iterator[None]:
        """What is put in meanwhile has its room before the first picture of it is drawn. Left to itself, Qt shows what
        is new at once, pressed into the height of what was there before, and lays it out a picture later.
        """
        self._inner.hide()
        try:
            yield
        finally:
            self._inner.show()
            QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def _reserve_for_bar(self, least: int, most: int) -> None:
        left, top, right, bottom = self._margins
        bar = self.verticalScrollBar().sizeHint().width() if most > least else 0
        self.body.setContentsMargins(left, top, max(0, right - bar), bottom)


class PageFoot(QWidget):
    """The row of actions that stays below a page, under a hairline. What floats over the page leaves it free."""

    def __init__(self, row: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addWidget(row)


class Page(QWidget):
    """A page with `header` (title, subtitle, `buttons`) and `body` (a vertical layout inside a scroll area)."""

    MARGIN = 32

    def __init__(self, title: str, subtitle: str = "", *, scrolls: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        outer = self._outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        header = QHBoxLayout()
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
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(12)
        header.addLayout(self.buttons)
        outer.addLayout(header)
        self.subtitle.setVisible(bool(subtitle))  # now that it has a parent: it would be a window of its own before
        margins = (self.MARGIN, 4, self.MARGIN, 28)
        if scrolls:
            self.area: ScrollColumn | None = ScrollColumn(margins=margins)
            self.body = self.area.body
            outer.addWidget(self.area, 1)
        else:
            self.area = None
            self.body = QVBoxLayout()
            self.body.setContentsMargins(*margins)
            self.body.setSpacing(16)
            outer.addLayout(self.body, 1)

    def set_foot(self, row: QWidget) -> None:
        """A row of actions below everything else, which does not scroll."""
        self._outer.addWidget(PageFoot(row))

    def say(self, title: str, subtitle: str = "") -> None:
        """Other words at the head."""
        self.title.say(title)
        self.subtitle.say(subtitle)
        self.subtitle.setVisible(bool(subtitle))
