"""The picture: live and mirrored before, played from its file afterwards. Sixteen to nine, as large as its room."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.room import RoomMeasured
from perfstudio.session.room_views import RoomResult
from perfstudio.ui.playback.picture import PlayedPicture
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.theme import RADIUS_CARD
from perfstudio.ui.widgets import Viewfinder


class Mirror(QWidget):
    """`live` is the viewfinder; `play` shows the last part of a recording and plays it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._stack = QStackedWidget(self)
        self.live = Viewfinder(radius=RADIUS_CARD, smooth=True)
        self.played = PlayedPicture()
        self.playback = Playback(self)
        self._measured: RoomMeasured | None = None
        for part in (self.live, self.played):
            self._stack.addWidget(part)
        self.played.clicked.connect(self.toggle)
        self.playback.frame.connect(self.played.show_frame)
        self.playback.played.connect(self.played.show_playing)
        self.playback.moved.connect(self._moved)
        self.playback.failed.connect(self._cannot_play)
        self.playback.broke_off.connect(self._cannot_play)
        self.playback.unheard.connect(self.played.show_unheard)
        self.played.sized.connect(self.playback.fit)

    def show_live(self) -> None:
        """Show the newest picture of the camera."""
        if self._stack.currentWidget() is not self.live:
            self.playback.close()
            self._measured = None
            self._stack.setCurrentWidget(self.live)

    def play(self, result: RoomResult) -> None:
        """The five seconds, at once."""
        self._measured = result.measured
        self.played.clear("" if result.measured.pictured else _("Sound only"), "microphone")
        self._stack.setCurrentWidget(self.played)
        self.playback.open(result.file, result.measured.duration_s, play=self.isVisible())
        self.playback.trim(result.measured.play.start_s, result.measured.play.end_s)
        self._moved(result.measured.play.start_s)

    def toggle(self) -> None:
        """Play the recording, or pause it."""
        if self._measured is not None:
            self.playback.toggle()

    def stop(self) -> None:
        """Let the file go."""
        self.playback.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture fills its place."""
        super().resizeEvent(event)
        self._stack.setGeometry(self.rect())

    def _cannot_play(self) -> None:
        self.played.clear(_("This cannot be played here."), "look")

    def _moved(self, seconds: float) -> None:
        if self._measured is not None:
            part = self._measured.play
            length = part.end_s - part.start_s
            self.played.show_time(min(length, max(0.0, seconds - part.start_s)), length)


class MirrorColumn(QWidget):
    """The picture as large as the room allows, what to do now right under it."""

    GAP = 14

    def __init__(self, mirror: Mirror, below: QWidget) -> None:
        super().__init__()
        self._mirror, self._below = mirror, below
        for part in (mirror, below):
            part.setParent(self)
        self._least = self._words_px = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """Still a picture, and all the words."""
        return QSize(300, 135 + self.GAP + self._below.minimumSizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """Still a picture, and all the words as they break in so many pixels."""
        return 135 + self.GAP + max(self._least, self._words_in(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self.arrange(self._least)

    def arrange(self, least: int) -> None:
        """Place both; the words get at least `least` pixels, so that the picture keeps its size when they change."""
        below = max(least, self._words_in(self.width()))
        if (least, below) != (self._least, self._words_px):
            self._least, self._words_px = least, below
            self.updateGeometry()
        high = max(120, min(round(self.width() * 9 / 16), self.height() - self.GAP - below))
        wide = min(self.width(), round(high * 16 / 9))
        self._mirror.setGeometry((self.width() - wide) // 2, 0, wide, high)
        self._below.setGeometry(0, high + self.GAP, self.width(), self.height() - high - self.GAP)

    def _words_in(self, width: int) -> int:
        return self._below.heightForWidth(width) if self._below.hasHeightForWidth() else 0
