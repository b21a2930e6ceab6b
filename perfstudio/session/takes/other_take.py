"""Another take beside one that is watched, as pages and sentences need it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.session.takes.same_scene import SceneTake


class LockedAt(Enum):
    """The moment that two takes share while they are watched together."""

    GO = "go"
    FIRST_WORD = "first_word"


@dataclass(frozen=True, slots=True)
class OtherTake:
    """A take that is played beside another one, where both are locked, and whether they could be at the other moment,
    too."""

    take: SceneTake
    film: BesideFilm
    locked: LockedAt
    other_lock: bool
