"""The other side of a take that was played to a clip, as Review shows it: what can be played, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.model.two_in_a_scene import RecordedPartner


class SideAway(Enum):
    """Why the other side of a take cannot be shown."""

    GONE = "gone"
    BINNED = "binned"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class OtherSide:
    """Who was heard in a take, and what can be played of it: `film`, or why not."""

    heard: RecordedPartner
    called: str
    """The partner's role by name; empty where the scene names none."""
    film: BesideFilm | None
    away: SideAway | None = None

    @property
    def is_seen(self) -> bool:
        """Whether there is a picture of it."""
        return self.film is not None and self.film.picture is not None
