"""How a film is played: which part, how fast, how loud, again and again, how large, and who is heard in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class WhoIsHeard(Enum):
    """Whose sound is heard where a partner's film is played beside one's own."""

    BOTH = "both"
    OWN = "own"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """`out_s` None is the end of the film. `volume` 1 is as recorded. `room` is where the picture is painted, in pixels
    of the screen, and `beside` where the one beside it is."""

    in_s: float = 0.0
    out_s: float | None = None
    speed: float = 1.0
    volume: float = 1.0
    loops: bool = False
    room: tuple[int, int] = (1280, 720)
    beside: tuple[int, int] = (640, 360)
    heard: WhoIsHeard = WhoIsHeard.BOTH
