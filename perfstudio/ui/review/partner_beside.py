"""The other side of a take on Review, or another take: its picture or a calm tile beside one's own, and the line under
both."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.language.catalogue import _
from perfstudio.session.takes.other_take import OtherTake
from perfstudio.session.takes.side_view import OtherSide
from perfstudio.texts import beside, playing
from perfstudio.ui.playback.picture import PlayedPicture
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.review.partner_bar import PartnerBar
from perfstudio.ui.widgets import announce


class PartnerBeside:
    """Owns `picture` and `bar`, which are hidden for a take that was played to nobody; `arrange` gives what is left
    its place."""

    def __init__(self, playback: Playback, page: QWidget, arrange: Callable[[], object]) -> None:
        self._playback, self._page, self._arrange = playback, page, arrange
        self.picture = PlayedPicture(captioned=True)
        self.bar = PartnerBar(self._hear, lambda: self.turn_lock())
        self.turn_lock: Callable[[], object] = lambda: None
        """Asked for the other moment at which two takes are locked."""
        self.picture.clicked.connect(playback.toggle)
        self.picture.sized.connect(playback.fit_beside)
        playback.beside.connect(self.picture.show_frame)
        playback.beside_failed.connect(self._failed)
        self.hide()

    def show_side(self, side: OtherSide | None) -> BesideFilm | None:
        """What can be played beside the take, if anything can."""
        self.hide()
        if side is None:
            return None
        self.bar.show()
        if side.film is None or side.away is not None:
            self.bar.show_away(beside.away(side.away) if side.away is not None else _(beside.UNREADABLE))
            return None
        self.bar.show_both(beside.lies(side))
        self.picture.setAccessibleName(_("Picture of your partner"))
        self.picture.caption = beside.caption(side)
        self.picture.clear("" if side.is_seen else _(beside.HEARD_ONLY), "headphones")
        self.picture.show()
        return side.film

    def show_take(self, other: OtherTake) -> BesideFilm:
        """What can be played of another take of the scene."""
        self.bar.show()
        self.bar.show_take(other)
        self.picture.caption = playing.take(other.take.number)
        self.picture.setAccessibleName(playing.take(other.take.number))
        self.picture.clear("" if other.film.picture is not None else _("Sound only"), "headphones")
        self.picture.show()
        self._arrange()
        return other.film

    def hide(self) -> None:
        """Nobody was played to."""
        self.picture.hide()
        self.bar.hide()

    def turn(self) -> None:
        """Who is heard: the next one."""
        self.bar.turn()
        if self.bar.can_turn:
            announce(self._page, self.bar.said())

    def _hear(self, heard: object) -> None:
        self._playback.set_heard(self.bar.heard)

    def _failed(self) -> None:
        self.picture.hide()
        self.bar.show_away(_(beside.UNREADABLE))
        self._arrange()
