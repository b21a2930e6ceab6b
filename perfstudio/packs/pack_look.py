"""What there is to say of a pack that is not in yet."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.packs.reader import PackFile
from perfstudio.packs.signature import Authorship


@dataclass(frozen=True, slots=True)
class PackLook:
    """A pack that keeps to its form, beside what is on the shelf."""

    found: PackFile
    author: Authorship
    key_known: bool
    """Its studio is known by a key: that of its document, or of a pack that is here."""
    is_here: bool
    """The same words, signed where these are."""
    earlier: str
    """The newest version of it on the shelf, where that is another one; else nothing."""
    is_newer: bool
