"""What a receipt says in its head about itself: which state of which record, when, in what language, what version.

With the record at hand the same receipt can be set anew from that, and compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from perfstudio import __version__

_LINE = re.compile(
    r"perfstudio ([0-9][0-9a-zA-Z.+-]{0,30}) receipt ([0-9A-Z-]{29}) ([a-zA-Z-]{2,35}) "
    r"([0-9-]{10}T[0-9:.]{8,15}(?:Z|[+-][0-9:]{5}))"
)


@dataclass(frozen=True, slots=True)
class ReceiptOrigin:
    """What a receipt was made of."""

    code: str
    language: str
    """Of its own words; empty where it has none."""
    at: datetime
    """The moment it speaks of; aware."""
    version: str
    """Of perfstudio: another version may say the same in other words."""

    def line(self) -> str:
        """The same on one line."""
        return f"perfstudio {self.version} receipt {self.code} {self.language} {self.at.isoformat()}"


def origin_now(code: str, language: str, at: datetime) -> ReceiptOrigin:
    """Of a receipt that this version writes."""
    return ReceiptOrigin(code, language, at, __version__)


def origin_of(line: str) -> ReceiptOrigin | None:
    """What such a line says, or None."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    try:
        return ReceiptOrigin(found[2], found[3], datetime.fromisoformat(found[4]), found[1])
    except ValueError:
        return None
