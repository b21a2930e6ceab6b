"""Pictures, sounds and clips that come with a scene: shown, and played with the player of takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.packs.limits import IMAGE_SIDE
from perfstudio.session.scene_facts import MediaFile
from perfstudio.ui.playback.picture import PlayedPicture
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, Card, PlainLabel

if TYPE_CHECKING:
    from perfstudio.capture.playing.film_pictures import ShownPicture

_HIGH_PX = 260
"""The most that a picture or a clip takes of the page's height, in pixels at 100 % text."""


class MediaCard(Card):
    """One after another. One player serves all: what is played ends what played before; `rest` lets the file go."""

    def __init__(self, files: tuple[MediaFile, ...]) -> None:
        super().__init__(padding=20, spacing=20)
        self.setAccessibleName(_("Pictures and sounds"))
        self.player = Playback(self)
        self._playing: _Played | None = None
        self.player.frame.connect(self._framed)
        self.player.played.connect(self._turned)
        self.player.failed.connect(self._failed)
        self.player.unheard.connect(self._unheard)
        self.parts = [self._part(item) for item in files]

    def rest(self) -> None:
        """Nothing plays, and no file is open."""
        if self._playing is not None:
            self._playing.show_playing(on=False)
        self._playing = None
        self.player.close()

    def _part(self, item: MediaFile) -> QWidget:
        part = _Picture(item) if item.media.kind == "image" else _Played(item, self._press)
        self.body.addWidget(part)
        return part

    def _press(self, part: _Played) -> None:
        if self._playing is part and self.player.playing:
            self.rest()
            return
        self.rest()
        self._playing = part
        part.say("")
        self.player.open(part.file, 0.0)

    def _turned(self, on: bool) -> None:
        if self._playing is not None:
            self._playing.show_playing(on=on)

    def _framed(self, picture: ShownPicture) -> None:
        if self._playing is not None:
            self._playing.show_frame(picture)

    def _unheard(self) -> None:
        if self._playing is not None:
            self._playing.say(_("There is no loudspeaker here, so you cannot hear it."))

    def _failed(self) -> None:
        part, self._playing = self._playing, None
        if part is not None:
            part.show_playing(on=False)
            part.say(_("It cannot be played here. The studio's file may be damaged."))


class _Picture(QWidget):
    """A picture at its own size, or as large as there is room; what it shows is said below."""

    def __init__(self, item: MediaFile) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        image = read_picture(item.file)
        if image is not None:
            column.addWidget(_Image(image))
        about = item.media.about
        words = about if image is not None else _("The picture cannot be read: {about}", about=about)
        column.addWidget(PlainLabel(words, Role.SMALL, "text2", wrap=True))
        self.setAccessibleName(item.media.about)


class _Image(QWidget):
    def __init__(self, image: QImage) -> None:
        super().__init__()
        self._image = image
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """It keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its shape asks at this width, up to a part of the page."""
        shape = self._image.height() / max(1, self._image.width())
        return round(min(self._image.height(), width * shape, theme_now().px(_HIGH_PX)))

    def sizeHint(self) -> QSize:
        """As wide as it is."""
        return QSize(self._image.width(), self.heightForWidth(self._image.width()))

    def minimumSizeHint(self) -> QSize:
        """A column may be narrower than it."""
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """At the left, whole, never larger than it is."""
        size = self._image.size()
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), self._image)


class _Played(QWidget):
    """A sound or a clip with its button."""

    def __init__(self, item: MediaFile, press: Callable[[_Played], object]) -> None:
        super().__init__()
        self.file = item.file
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._picture: PlayedPicture | None = None
        if item.media.kind == "clip":
            self._picture = PlayedPicture()
            self._picture.setMaximumHeight(theme_now().px(_HIGH_PX))
            self._picture.hide()
            column.addWidget(self._picture)
        self.button = Button(_("Play"), icon="play", on_click=lambda: press(self))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(item.media.about, Role.BODY, wrap=True))
        self._note = PlainLabel("", Role.SMALL, "look", wrap=True)
        self._note.hide()
        words.addWidget(self._note)
        row.addLayout(words, 1)
        column.addLayout(row)
        self.setAccessibleName(item.media.about)

    def say(self, words: str) -> None:
        """What went wrong; nothing where all is well."""
        self._note.say(words)
        self._note.setVisible(bool(words))

    def show_frame(self, picture: ShownPicture) -> None:
        """The newest picture of a clip."""
        if self._picture is not None:
            self._picture.show()
            self._picture.show_frame(picture)

    def show_playing(self, *, on: bool) -> None:
        """Whether it plays."""
        self.button.say(_("Stop") if on else _("Play"), icon="stop" if on else "play")


def read_picture(file: Path) -> QImage | None:
    """A picture of a pack, no larger than packs may have them; None where it cannot be read. It was opened whole by a
    process with limits when its pack came in."""
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > IMAGE_SIDE:
        return None
    image = reader.read()
    return None if image.isNull() else image
