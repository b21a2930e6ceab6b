"""What was found of two takes side by side. Loads no media library: whoever says it needs none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perfstudio.model.pair import ClocksProblem, LiveAlignment, PairAlignment, PairProblem, PairSide

EAR_S: Final = 0.005
"""How closely a moment is found in a sound at 8 kHz, through a room."""


@dataclass(frozen=True, slots=True)
class PairReport:
    """What was found of two takes. `alignment` is None where neither heard a clip of the other."""

    sides: tuple[PairSide, PairSide]
    problems: tuple[PairProblem, ...]
    alignment: PairAlignment | None = None
    sound_late_s: float | None = None
    """How much later than said the partner is heard in the answer's sound; None: not heard there, or the clip is not
    the other take's own sound."""
    live: LiveAlignment | None = None
    """Of two that played live: where they lie to each other."""
    unaligned: ClocksProblem | None = None
    """Of two that played live: why that cannot be told."""

    @property
    def sound_agrees(self) -> bool | None:
        """Whether the sound bears out what is said; None: it says nothing."""
        if self.alignment is None or self.sound_late_s is None:
            return None
        return abs(self.sound_late_s) <= self.alignment.bound_s + EAR_S
