"""The left half of Review: the picture as large as the height allows, the timeline right under it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from perfstudio.ui.playback.picture import PlayedPicture
from perfstudio.ui.review.timeline import Timeline
from perfstudio.ui.theme import theme_now

LEAST_HIGH_PX = 216
"""A picture is at least so high, where it is as wide."""


class LeftColumn(QWidget):
    """Picture at sixteen to nine as far as the height allows, the timeline right under it."""

    GAP = 10

    def __init__(self, picture: PlayedPicture, timeline: Timeline, trim: QWidget) -> None:
        super().__init__()
        self._picture, self._timeline, self._trim = picture, timeline, trim
        self.picture_share = 1.0
        for child in (picture, timeline, trim):
            child.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new size."""
        super().resizeEvent(event)
        self.arrange()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Still a picture, and the timeline under it."""
        note = 0 if self._trim.isHidden() else theme_now().px(28)
        high = min(round(self.width() * 9 / 16 * self.picture_share), LEAST_HIGH_PX)
        return QSize(300, high + self.GAP + self._timeline.minimumSizeHint().height() + note)

    def arrange(self) -> None:
        """Give picture, timeline and checks their rectangles."""
        below = self._timeline.sizeHint().height()
        note = 0 if self._trim.isHidden() else theme_now().px(28)
        if self.height() - below - self.GAP - note < 160:
            below = self._timeline.minimumSizeHint().height()
        height_left = self.height() - below - self.GAP - note
        high = max(80, min(round(self.width() * 9 / 16 * self.picture_share), height_left))
        self._picture.setGeometry(QRect(0, 0, self.width(), high))
        self._timeline.setGeometry(QRect(0, high + self.GAP, self.width(), below))
        self._trim.setGeometry(QRect(0, high + self.GAP + below + 4, self.width(), note))
