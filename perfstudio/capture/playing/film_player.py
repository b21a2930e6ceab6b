"""A film on a thread of its own: whoever watches wishes, is told, and takes pictures; nobody waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.capture.devices.speaker import Speaker
from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.held_file import HeldFile
from perfstudio.capture.playing.newest_picture import NewestPicture
from perfstudio.capture.playing.play_options import PlayOptions
from perfstudio.capture.playing.told import (
    BesideBroken,
    BesideReady,
    FilmBroken,
    FilmClosed,
    FilmOpened,
    FilmTold,
    PictureReady,
)
from perfstudio.capture.playing.wishes import WishBox
from perfstudio.model.clock import host_ns

if TYPE_CHECKING:
    from perfstudio.capture.playing.beside import BesideParts
    from perfstudio.capture.playing.film_pictures import ShownPicture
    from perfstudio.capture.playing.projector import Projector
    from perfstudio.capture.playing.sound_feed import LoudSpeaker

_log = logging.getLogger(__name__)


class FilmPlayer:
    """Opens at once; `tell` is called on the film's thread until `close`, and then once more with FilmClosed.

    Wishes have numbers, by which what is told can be held to them. Without `make_speaker` it is not to be heard.
    """

    def __init__(
        self,
        file: Path,
        tell: Callable[[FilmTold], None],
        options: PlayOptions = PlayOptions(),  # noqa: B008 - frozen
        make_speaker: Callable[[int, Callable[[], None]], LoudSpeaker] | None = Speaker,
        beside: BesideFilm | None = None,
    ) -> None:
        self._file, self._tell_all, self._make_speaker = HeldFile(file), tell, make_speaker
        self._beside, self._beside_files = beside, _held(beside)
        self._wishes = WishBox()
        self._options = options
        self._closed = False
        self._newest, self._newest_beside = NewestPicture(), NewestPicture()
        self._projector: Projector | None = None
        threading.Thread(target=self._work, name="film", daemon=True).start()

    def play(self) -> int:
        """Go on."""
        return self._wishes.play(True)

    def pause(self) -> int:
        """Stand where it is."""
        return self._wishes.play(False)

    def seek(self, seconds: float) -> int:
        """Go to a moment; it plays on if it plays."""
        return self._wishes.goal(seconds)

    def step(self, count: int) -> int:
        """Stand so many pictures further, or back."""
        return self._wishes.step(count)

    def change(self, **options: object) -> None:
        """Other options than before, by name (see PlayOptions)."""
        self._options = replace(self._options, **options)  # type: ignore[arg-type]
        self._wishes.stir()

    @property
    def position_s(self) -> float | None:
        """Where it stands; None before it is open."""
        projector = self._projector
        return projector.clock.at(host_ns()) if projector is not None else None

    def take_picture(self) -> ShownPicture | None:
        """The newest picture, once."""
        return self._newest.take()

    def take_beside(self) -> ShownPicture | None:
        """The newest picture of the film beside it, once."""
        return self._newest_beside.take()

    def close(self) -> None:
        """Let the file go now; thread and loudspeaker end by themselves."""
        self._closed = True
        self._let_go()
        self._wishes.stir()

    def _tell(self, told: FilmTold) -> None:
        if not self._closed:
            self._tell_all(told)

    def _work(self) -> None:
        try:
            with ExitStack() as stack:
                self._projector = self._opened(stack)
                self._play(self._projector)
        except Exception as problem:  # noqa: BLE001 - the top of a thread: it becomes an answer
            _log.debug("a film cannot be played", exc_info=problem)
            self._tell(FilmBroken())
        finally:
            self._let_go()
            self._projector = None
            self._newest.take()
            self._newest_beside.take()
            self._tell_all(FilmClosed())

    def _opened(self, stack: ExitStack) -> Projector:
        from perfstudio.capture.playing.film_opening import open_parts  # noqa: PLC0415 - no window waits for a decoder
        from perfstudio.capture.playing.projector import Projector  # noqa: PLC0415 - as above

        make = self._make_speaker
        beside = self._opened_beside(stack)
        parts = open_parts(
            self._file, stack, self._show, make and (lambda rate_hz: make(rate_hz, self._wishes.stir)),
            beside.sound if beside is not None else None,
        )  # fmt: skip
        if parts.pictures is not None:
            parts.pictures.fit(self._options.room)
            if not self._wishes.has_goal() and parts.pictures.show_at(0.0, self._is_overtaken) is None:
                raise ValueError("no picture can be decoded")
        self._tell(FilmOpened(parts.duration_s))
        seen = beside.pictures if beside is not None else None
        if seen is not None:
            seen.fit(self._options.beside)
            seen.show_at(0.0, self._is_overtaken)
        return Projector(
            parts.duration_s, parts.pictures, parts.sound, tell=self._tell, ends_wait=self._is_overtaken, beside=seen
        )  # fmt: skip

    def _opened_beside(self, stack: ExitStack) -> BesideParts | None:
        """The partner's film; what is wrong with it is told, and keeps nobody from watching their own."""
        if self._beside is None:
            return None
        from perfstudio.capture.playing.beside import open_beside  # noqa: PLC0415 - as above
        from perfstudio.capture.playing.decoding import UNREADABLE  # noqa: PLC0415 - as above

        sound, *pictures = self._beside_files
        try:
            return open_beside(self._beside, sound, pictures[0] if pictures else None, stack, self._show_beside)
        except UNREADABLE as problem:
            _log.debug("the film beside it cannot be played", exc_info=problem)
            self._tell(BesideBroken())
            return None

    def _play(self, projector: Projector) -> None:
        while not self._closed:
            self._wishes.wait(projector.turn(self._wishes.take(), self._options, host_ns()))

    def _is_overtaken(self) -> bool:
        return self._closed or self._wishes.has_goal()

    def _show(self, picture: ShownPicture) -> None:
        if self._newest.put(picture):
            self._tell(PictureReady())

    def _show_beside(self, picture: ShownPicture) -> None:
        if self._newest_beside.put(picture):
            self._tell(BesideReady())

    def _let_go(self) -> None:
        for file in (self._file, *self._beside_files):
            file.let_go()


def _held(beside: BesideFilm | None) -> tuple[HeldFile, ...]:
    if beside is None:
        return ()
    return tuple(HeldFile(file) for file in (beside.sound, beside.picture) if file is not None)
