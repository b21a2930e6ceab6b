"""Which links are perfstudio's own: what a start asks of its words, so nothing is loaded for it."""

from __future__ import annotations

SCHEME = "perfstudio"
LONGEST = 2000
"""Characters of a link."""


def is_invitation(text: str) -> bool:
    """Whether somebody means an invitation, however badly it was copied."""
    return unwrapped(text[: 4 * LONGEST]).lower().startswith(f"{SCHEME}:")


def unwrapped(text: str) -> str:
    """A link as copied from a letter, without line ends, blanks, and what stands around it."""
    return "".join(text.split()).strip("<>\"'“”„«»")
