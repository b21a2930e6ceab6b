"""What a film that plays tells whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilmOpened:
    """It can be shown, heard, or both; so long."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class PictureReady:
    """There is a new picture to be taken; told once until it is."""


@dataclass(frozen=True, slots=True)
class BesideReady:
    """There is a new picture of the film beside it to be taken; told once until it is."""


@dataclass(frozen=True, slots=True)
class BesideBroken:
    """The film beside it cannot be read; its own plays on."""


@dataclass(frozen=True, slots=True)
class FilmMoved:
    """It was brought there by the wish of that `number` and those before; or it came there by itself, and plays no more
    (`ended`)."""

    at_s: float
    number: int
    ended: bool = False


@dataclass(frozen=True, slots=True)
class FilmBroken:
    """Nothing more can be read: from its beginning, or from `at_s` on, where it stands now."""

    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class FilmUnheard:
    """It plays, and there is no loudspeaker that takes its sound."""


@dataclass(frozen=True, slots=True)
class FilmClosed:
    """Its thread has ended, and everything that it held is given back."""


FilmTold = FilmOpened | PictureReady | BesideReady | BesideBroken | FilmMoved | FilmBroken | FilmUnheard | FilmClosed
