"""The verification code of a receipt: 24 letters and digits that name a consent record, and one state of it.

The first half is made from the record's head, which never changes; the second from the record as it stood when the
receipt was written, all its acts included. Each half is the first 60 bits of a SHA-256 in Crockford's base32, which has
no I, L, O and U: what is read off paper may be typed in either case, with or without the strokes. So a code tells
whether a paper speaks of this record, and of which of its states; what the record says is proved by its signatures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from perfstudio.model.consent import ConsentRecord

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")
_HALF, _GROUP, _BITS = 12, 4, 5
_STROKES = re.compile(r"[\s\u00ad\u2010-\u2015\u2212-]+")
"""What stands between the groups, however a page, a mail or a person wrote it."""


class CodeMatch(StrEnum):
    """What a code is to a record."""

    NOW = "now"  # the record as it stands
    EARLIER = "earlier"  # a state it had; acts were added since
    STATE_UNKNOWN = "state_unknown"  # this record, but no state that it ever had
    RECORD_UNKNOWN = "record_unknown"  # a state of this record under another record's first half: mistyped
    OTHER = "other"  # another record


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """What a code is to a record; `acts`: how many of its acts the state named has, None when no state is named."""

    match: CodeMatch
    acts: int | None = None


def verification_code(record: ConsentRecord) -> str:
    """The code of the record as it stands, in groups: K7QF-4M2K-D9XT-AB1V-E3C6-90ZH."""
    return _grouped(_half(record.head_digest()) + _half(record.digest()))


def read_code(typed: str) -> str | None:
    """The code in its one spelling, or None when this is none."""
    letters = _STROKES.sub("", typed).upper().translate(_ALIKE)
    if len(letters) != 2 * _HALF or not set(letters) <= set(_LETTERS):
        return None
    return _grouped(letters)


def look_up(record: ConsentRecord, code: str) -> CodeFinding:
    """What a code (from `read_code`) is to this record."""
    letters = code.replace("-", "")
    head, state = letters[:_HALF], letters[_HALF:]
    acts = _acts_of(record, state)
    if head != _half(record.head_digest()):
        return CodeFinding(CodeMatch.OTHER if acts is None else CodeMatch.RECORD_UNKNOWN, acts)
    if acts is None:
        return CodeFinding(CodeMatch.STATE_UNKNOWN)
    return CodeFinding(CodeMatch.NOW if acts == len(record.events) else CodeMatch.EARLIER, acts)


def _acts_of(record: ConsentRecord, state: str) -> int | None:
    """After how many acts the record stood so; the latest first, for it is what is asked for most."""
    for acts in range(len(record.events), -1, -1):
        if _half(record.model_copy(update={"events": record.events[:acts]}).digest()) == state:
            return acts
    return None


def _half(digest: str) -> str:
    """The first 60 bits of a SHA-256 (64 hexadecimal digits) as 12 letters."""
    number = int(digest[: _HALF * _BITS // 4], 16)
    return "".join(_LETTERS[number >> _BITS * place & 31] for place in range(_HALF - 1, -1, -1))


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
