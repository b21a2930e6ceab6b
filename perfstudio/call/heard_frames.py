"""What became of a partner's voice, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FRAME_S: Final = 0.02
"""Of sound in a frame."""


@dataclass(frozen=True, slots=True)
class HeardFrames:
    """Counts of frames until now."""

    played: int = 0
    filled: int = 0
    """Were missing at their turn, or waited for in the middle of sound."""
    late: int = 0
    """Came behind their turn."""
    left_out: int = 0
    """In pauses, or because they were too far behind."""
    doubled: int = 0
    delay_ns: int = 0
    """How far behind the quickest way sound is played now."""
