"""The film behind a playback, as the window needs it: wishes go in, what is told comes out, and nothing waits."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.play_options import PlayOptions
from perfstudio.capture.playing.told import FilmTold

if TYPE_CHECKING:
    from perfstudio.capture.playing.film_pictures import ShownPicture


class PlayedFilm(Protocol):
    """One open film. Every wish answers with its number, which `FilmMoved` names when it was followed."""

    def play(self) -> int:
        """Go on."""
        ...

    def pause(self) -> int:
        """Stand where it is."""
        ...

    def seek(self, seconds: float) -> int:
        """Go to a moment; it plays on if it plays."""
        ...

    def step(self, count: int) -> int:
        """Stand so many pictures further, or back."""
        ...

    def change(self, **options: object) -> None:
        """Other options than before, by name."""
        ...

    @property
    def position_s(self) -> float | None:
        """Where it stands; None before it is open."""
        ...

    def take_picture(self) -> ShownPicture | None:
        """The newest picture, once."""
        ...

    def take_beside(self) -> ShownPicture | None:
        """The newest picture of the film beside it, once."""
        ...

    def close(self) -> None:
        """Let the file go now; the rest ends by itself."""
        ...


_OPENING = "perfstudio.capture.playing.film_opening"


def warm_up() -> None:
    """A film will be wanted soon: its decoder is loaded meanwhile, which takes a tenth of a second of processor."""
    if _OPENING not in sys.modules:
        threading.Thread(target=import_module, args=(_OPENING,), name="film-decoder", daemon=True).start()


def open_film(
    file: Path, tell: Callable[[FilmTold], None], options: PlayOptions, beside: BesideFilm | None = None
) -> PlayedFilm:
    """A film, and one `beside` it, on a thread of its own, which calls `tell`."""
    from perfstudio.capture.playing.film_player import FilmPlayer  # noqa: PLC0415 - the first paint needs no decoder

    return FilmPlayer(file, tell, options, beside=beside)
