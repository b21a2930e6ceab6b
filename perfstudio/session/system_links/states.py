"""What the system says of links, packs and clips, and what can be asked of it. Nothing is remembered here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LinkOwner(StrEnum):
    """Who opens a link."""

    THIS = "this"  # this perfstudio, or the one that is installed here
    OTHER = "other"  # another program, or another copy of perfstudio
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LinksState:
    """As it was read back from the system."""

    owner: LinkOwner
    by: str = ""
    """What the system calls who opens them."""
    installed: bool = False
    """It came with a perfstudio that is installed here, and goes with it: it is not taken away by itself."""
    changeable: bool = True
    """Whether anything can be asked of this system here."""
    packs: LinkOwner = LinkOwner.NONE
    """Who opens a pack."""
    clips: LinkOwner = LinkOwner.NONE
    """Who opens a clip that a colleague made."""
    beside: str = ""
    """An entry that is installed here too, and does not open them: this person's own stands before it."""

    @property
    def all_this(self) -> bool:
        """Whether links, packs and clips open this one."""
        return {self.owner, self.packs, self.clips} == {LinkOwner.THIS}

    @property
    def any_this(self) -> bool:
        """Whether one of the three does."""
        return LinkOwner.THIS in (self.owner, self.packs, self.clips)


class SystemLinks(Protocol):
    """One system's way. May ask programs of the system; never on the thread of a window."""

    def look(self) -> LinksState:
        """What the system says now."""

    def register(self) -> None:
        """Ask it to open all three with this program. Raises LibraryError; whether it does, `look` says."""

    def remove(self) -> None:
        """Take back what `register` has put there, and nothing else. Raises LibraryError."""
