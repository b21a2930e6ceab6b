"""What came of asking a studio about clips."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.clip import ClipDocument
from perfstudio.model.clip_waiting import ClipFetched, ClipSent
from perfstudio.model.errors import MediaError, PerfstudioError


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
    unfit: tuple[PerfstudioError, ...] = ()
    """Why clips that came cannot be played to as things stand here; they are kept."""
    refused: tuple[MediaError, ...] = ()
    """Partners' clips that can never be played: nothing of them is kept, and they are not asked for again."""

    @property
    def is_new(self) -> bool:
        """Whether anything came, went, was refused, or stands otherwise."""
        return bool(self.came or self.deleted or self.standing or self.refused)
