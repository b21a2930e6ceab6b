"""What the system says of invitation links, and what can be asked of it. Nothing here is remembered by perfstudio."""

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


class SystemLinks(Protocol):
    """One system's way. May ask programs of the system; never on the thread of a window."""

    def look(self) -> LinksState:
        """What the system says now."""

    def register(self) -> None:
        """Ask it to open links with this program. Raises LibraryError; whether it does is what `look` says."""

    def remove(self) -> None:
        """Take back what `register` has put there, and nothing else. Raises LibraryError."""
