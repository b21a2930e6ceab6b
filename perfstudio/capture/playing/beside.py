"""A partner's film beside one's own: its pictures and its sound, laid on the time of the take that was made to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.film_opening import container
from perfstudio.capture.playing.film_pictures import FilmPictures, ShownPicture
from perfstudio.capture.playing.film_sound import FilmSound
from perfstudio.capture.playing.held_file import HeldFile
from perfstudio.capture.playing.laid_pictures import LaidPictures
from perfstudio.capture.playing.laid_sound import LaidSound
from perfstudio.capture.playing.picture_feed import PictureFeed
from perfstudio.model.heard_times import HeardTimes


class BesidePictures:
    """What is seen beside a take. Before the partner was first heard, and after, the picture stands."""

    def __init__(self, feed: PictureFeed, times: HeardTimes, first_s: float) -> None:
        """`first_s`: the second of the clip that was heard first."""
        self._feed = feed
        self._from_s, self._until_s = times.take_at(first_s), times.until_s

    def fit(self, room: tuple[int, int]) -> None:
        """Another size."""
        self._feed.fit(room)

    def show_at(self, seconds: float, changed: Callable[[], bool]) -> None:
        """Show what is seen at a moment."""
        self._feed.show_at(self._seen(seconds), changed)

    def follow(self, position_s: float) -> float | None:
        """Show what is due; when the next one is, None when there is none to come."""
        coming_s = self._feed.follow(self._seen(position_s))
        return coming_s if coming_s is not None and position_s < self._until_s else None

    def _seen(self, seconds: float) -> float:
        return max(self._from_s, min(seconds, self._until_s))


@dataclass(frozen=True, slots=True)
class BesideParts:
    """What there is of a partner: sound, and pictures where its performer let them be seen."""

    sound: LaidSound
    pictures: BesidePictures | None


def open_beside(
    film: BesideFilm, sound_file: HeldFile, picture_file: HeldFile | None, stack: ExitStack,
    show: Callable[[ShownPicture], None],
) -> BesideParts:  # fmt: skip
    """Open a partner's film, until the stack ends. Raises what `decoding.UNREADABLE` names."""
    box = stack.enter_context(container(sound_file))
    if not box.streams.audio:
        raise ValueError("no sound")
    sound = FilmSound(box)
    laid = LaidSound(sound, film.times, film.first_sample, film.gain_db)
    if picture_file is None:
        return BesideParts(laid, None)
    seen = stack.enter_context(container(picture_file))
    if not seen.streams.video:
        return BesideParts(laid, None)
    pictures = FilmPictures(seen)
    stack.callback(pictures.close)
    feed = PictureFeed(LaidPictures(pictures, film.times.of_file_from(film.picture_from_s)), show)
    return BesideParts(laid, BesidePictures(feed, film.times, film.first_sample / sound.rate_hz))
