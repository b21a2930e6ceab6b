"""What came of asking a studio about clips."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.clip import ClipDocument
from perfstudio.model.clip_waiting import ClipFetched, ClipSent
from perfstudio.model.errors import PerfstudioError


@dataclass(frozen=True, slots=True)
class ClipNews:
    """What came of asking one studio about clips."""

    studio_name: str
    came: tuple[ClipDocument, ...] = ()
    """Partners' clips that are here now."""
    deleted: tuple[ClipFetched, ...] = ()
    """Partners' clips that were taken back, and deleted here."""
    standing: tuple[ClipSent, ...] = ()
    """Own clips of which the studio said something new."""
    problems: tuple[PerfstudioError, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether anything came, went, or stands otherwise."""
        return bool(self.came or self.deleted or self.standing)
