"""How a film is played: which part, how fast, how loud, again and again, and how large."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """`out_s` None is the end of the film. `volume` 1 is as recorded. `room` is where the picture is painted, in pixels
    of the screen."""

    in_s: float = 0.0
    out_s: float | None = None
    speed: float = 1.0
    volume: float = 1.0
    loops: bool = False
    room: tuple[int, int] = (1280, 720)
