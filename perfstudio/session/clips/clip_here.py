"""A partner's clip in a home, as it is told of."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.clip import ClipDocument
from perfstudio.model.clip_waiting import ClipFetched
from perfstudio.model.errors import PerfstudioError


@dataclass(frozen=True, slots=True)
class ClipHere:
    """A partner's clip in this home, and what has to be known before it is deleted."""

    clip: ClipDocument
    takes: tuple[str, ...] = ()
    """Takes of this home that were made to it, also those in the bin."""
    paper: ClipFetched | None = None
    """Where it came from a studio, signed by whoever plays in it; None: it came as a file."""
    unfit: PerfstudioError | None = None
    """Why it cannot be played to as things stand here."""

    @property
    def size(self) -> int:
        """Bytes of its media."""
        return sum(member.size for member in self.clip.members.values())
