"""What scrolls: a column of widgets, and the room of a page, which scrolls as a whole where a window is too low."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from perfstudio.ui.theme import theme_now

LEAST_PX = 150
"""A column is seen through at least so much, at 100 % text: three controls, so that the next one is seen coming."""


class _Column(QWidget):
    """What scrolls. Wrapped text makes the least height of a layout that of its narrowest form; here the area's real
    width decides, so that no bar appears where everything fits."""

    def minimumSizeHint(self) -> QSize:
        """The least width; the height follows from the width that there is."""
        return QSize(super().minimumSizeHint().width(), 0)


class _Scroller(QScrollArea):
    """A vertical scroll area without a frame or a ground of its own; the focus goes to what stands in it."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner = inner
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body = QVBoxLayout(inner)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def event(self, event: QEvent) -> bool:
        """There is more in it, or less."""
        asked = event.type() == QEvent.Type.LayoutRequest
        heard = super().event(event)
        if asked:
            self._resettle()
        return heard

    def _resettle(self) -> None:
        """What stands in it needs another size."""
        raise NotImplementedError


class ScrollColumn(_Scroller):
    """A vertical scroll area around a column of widgets; put things into `body`.

    The bar takes its width from the right margin, so that the column keeps its width and its edge.
    """

    def __init__(self, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 16) -> None:
        super().__init__(_Column())
        self.setWidgetResizable(True)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(spacing)
        self._margins, self._whole = margins, False
        self.verticalScrollBar().rangeChanged.connect(self._reserve_for_bar)

    def show_whole(self, *, whole: bool) -> None:
        """As high as its column: what it stands in scrolls."""
        if whole is not self._whole:
            self._whole = whole
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Never so low that nothing is seen of what scrolls."""
        lines = self.body.totalHeightForWidth(self.width()) if self.body.hasHeightForWidth() else 0
        least = max(lines, self._inner.sizeHint().height() if lines <= 0 else 0)
        return QSize(super().minimumSizeHint().width(), least if self._whole else min(theme_now().px(LEAST_PX), least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its column; what height there is it takes."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

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

    def _resettle(self) -> None:
        self.updateGeometry()

    def _reserve_for_bar(self, least: int, most: int) -> None:
        left, top, right, bottom = self._margins
        bar = self.verticalScrollBar().sizeHint().width() if most > least else 0
        self.body.setContentsMargins(left, top, max(0, right - bar), bottom)


class Room(_Scroller):
    """As high as its window lets it be, and never lower than what stands in `body` needs: then all of it scrolls."""

    def __init__(self) -> None:
        super().__init__(QWidget())
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)

    def minimumSizeHint(self) -> QSize:
        """As wide as what stands in it; any height."""
        return QSize(self.body.totalMinimumSize().width(), 0)

    def sizeHint(self) -> QSize:
        """What stands in it."""
        return self.body.totalSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._resettle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A page up or down; other keys are the page's."""
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and self.verticalScrollBar().maximum() > 0:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _resettle(self) -> None:
        width, height = self.width(), self.height()
        if self._least(width) > height:
            width -= self.verticalScrollBar().sizeHint().width()
        wanted = QSize(width, max(height, self._least(width)))
        if self._inner.size() != wanted:
            self._inner.resize(wanted)

    def _least(self, width: int) -> int:
        if self.body.hasHeightForWidth():
            return self.body.totalMinimumHeightForWidth(width)
        return self.body.totalMinimumSize().height()


def bring_into_view(part: QWidget, above: int = 24) -> None:
    """Scroll everything that `part` scrolls with, until it and so many pixels above and below it are seen."""
    part_of = part.parentWidget()
    while part_of is not None:
        if isinstance(part_of, QScrollArea):
            part_of.ensureWidgetVisible(part, 0, above)
        part_of = part_of.parentWidget()
