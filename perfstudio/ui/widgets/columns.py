"""Two columns, or one where the second would hold no words: what stands in them then scrolls with the page."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets.scrolling import ScrollColumn

_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
NARROW_PX = 640
"""At 100 % text; a page that is narrower has one column."""
_ANY_PX = 16_777_215
"""Qt's QWIDGETSIZE_MAX."""


class TwoColumns(QWidget):
    """`main` takes what there is; `side` is `side_px` wide at 100 % text, at most `share` of the page. Each of `scroll`
    is shown whole in one column. With `side_first`
    the side stands first where they are beside each other."""

    GAP = 18

    def __init__(
        self,
        main: QWidget,
        side: QWidget,
        scroll: tuple[ScrollColumn, ...],
        *,
        side_px: int,
        share: float,
        side_first: bool = False,
    ) -> None:
        super().__init__()
        self._side, self._scroll, self._side_px, self._share = side, scroll, side_px, share
        self._beside = QBoxLayout.Direction.RightToLeft if side_first else _BESIDE
        row = self._row = QBoxLayout(self._beside, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.GAP)
        row.addWidget(main, 1)
        row.addWidget(side)

    @property
    def one(self) -> bool:
        """Whether they stand below each other."""
        return self._row.direction() is _BELOW

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        one = self.width() < theme_now().px(NARROW_PX)
        if one is not self.one:
            self._row.setDirection(_BELOW if one else self._beside)
            for area in self._scroll:
                area.show_whole(whole=one)
        wide = min(theme_now().px(self._side_px), round(self.width() * self._share))
        self._side.setMinimumWidth(0 if one else wide)
        self._side.setMaximumWidth(_ANY_PX if one else wide)
