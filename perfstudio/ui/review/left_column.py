"""The left half of Review: the picture as large as the height allows, the timeline right under it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from perfstudio.ui.playback.picture import PlayedPicture
from perfstudio.ui.review.legend import Legend
from perfstudio.ui.review.partner_beside import PartnerBeside
from perfstudio.ui.review.player_bar import PlayerBar
from perfstudio.ui.review.timeline import Timeline
from perfstudio.ui.review.trim_note import TrimNote
from perfstudio.ui.theme import theme_now

LEAST_HIGH_PX = 216
"""A picture is at least so high, where it is as wide."""
LEAST_PICTURE = 100
"""So high two pictures are at least, in pixels, before the line about them is left out."""


class LeftColumn(QWidget):
    """Picture at sixteen to nine as far as the height allows, the partner's beside it and a line about both where there
    is one, the timeline right under it with what is marked and how it is played."""

    GAP = 10

    def __init__(
        self,
        picture: PlayedPicture,
        partner: PartnerBeside,
        timeline: Timeline,
        below: tuple[TrimNote, Legend, PlayerBar],
    ) -> None:
        super().__init__()
        self._picture, self._partner, self._timeline = picture, partner, timeline
        self._trim, self._legend, self._player = below
        self.picture_share = 1.0
        for child in (picture, partner.picture, partner.bar, timeline, *below):
            child.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new size."""
        super().resizeEvent(event)
        self.arrange()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Still pictures, and the timeline under them; the line about both folds before that."""
        note = self._note_height() + self._player_height()
        bar = self._partner.bar
        said = 0 if bar.isHidden() or bar.can_turn else bar.height_at(self.width()) + self.GAP
        wide = self.width() if self._partner.picture.isHidden() else (self.width() - self.GAP) // 2
        high = min(round(wide * 9 / 16 * self.picture_share), LEAST_HIGH_PX)
        return QSize(300, high + self.GAP + self._timeline.minimumSizeHint().height() + note + said)

    def arrange(self) -> None:
        """Give picture, timeline and checks their rectangles."""
        below = self._timeline.sizeHint().height()
        note = self._note_height() + self._player_height()
        bar = self._partner.bar
        said = 0 if bar.isHidden() else bar.height_at(self.width()) + self.GAP
        if bar.can_turn:
            least = LEAST_PICTURE + self.GAP + self._timeline.minimumSizeHint().height() + said + note
            bar.fold(self.height() < least)
            said = 0 if self.height() < least else said
        if self.height() - below - self.GAP - note - said < 160:
            below = self._timeline.minimumSizeHint().height()
        high = self._pictures(self.height() - below - self.GAP - note - said)
        bar.setGeometry(QRect(0, high + self.GAP, self.width(), max(0, said - self.GAP)))
        top = high + said + self.GAP
        self._timeline.setGeometry(QRect(0, top, self.width(), below))
        self._trim.setGeometry(QRect(0, top + below + 4, self.width(), self._trim_height()))
        self._legend.setGeometry(QRect(0, top + below + self._trim_height() + 8, self.width(), self._legend_height()))
        played = top + below + self._note_height() + self.GAP
        self._player.setGeometry(QRect(0, played, self.width(), self._player.height_at(self.width())))

    def _note_height(self) -> int:
        return self._trim_height() + self._legend_height()

    def _trim_height(self) -> int:
        return 0 if self._trim.isHidden() else theme_now().px(28)

    def _legend_height(self) -> int:
        high = self._legend.height_at(self.width())
        return high + 8 if high else 0

    def _player_height(self) -> int:
        return self._player.height_at(self.width()) + 2 * self.GAP

    def _pictures(self, most: int) -> int:
        """Own picture, and the partner's beside it; how high they are, in pixels."""
        two = not self._partner.picture.isHidden()
        wide = (self.width() - self.GAP) // 2 if two else self.width()
        share = max(self.picture_share, 0.8) if two else self.picture_share
        high = max(80, min(round(wide * 9 / 16 * share), most))
        self._picture.setGeometry(QRect(0, 0, wide, high))
        self._partner.picture.setGeometry(QRect(wide + self.GAP, 0, self.width() - wide - self.GAP, high))
        return high
