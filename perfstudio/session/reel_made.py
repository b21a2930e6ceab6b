"""What there is once a film for the reel was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReelMade:
    """The film and the sound beside it, as they were read back, and how long they are in seconds."""

    film: Path
    wave: Path
    seconds: float
