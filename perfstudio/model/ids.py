"""Identifiers: sortable take ids, plain random ids, and the grammar of ids that come from outside.

A take id is a ULID in lower case: 10 characters of UTC milliseconds, 16 of randomness, Crockford base 32. No dots, so
that a dataset tool which groups files by the name before the first dot keeps a take together; the random part alone
makes it unique, so a wrong wall clock spoils the order and nothing else.
"""

from __future__ import annotations

import re
import secrets
import uuid
from typing import Annotated, NewType

from pydantic import StringConstraints

TakeId = NewType("TakeId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TAKE_ID = re.compile(f"[{_ALPHABET}]{{26}}")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""An id chosen by a studio: pack, prompt, brief, studio. Never used as a path."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def new_take_id(utc_ms: int) -> TakeId:
    """A fresh take id for the given UTC time in milliseconds since 1970."""
    number = ((utc_ms & ((1 << 48) - 1)) << 80) | secrets.randbits(80)
    digits = [_ALPHABET[(number >> shift) & 31] for shift in range(125, -5, -5)]
    return TakeId("".join(digits))


def is_take_id(text: str) -> bool:
    """Whether a name (of a folder, say) is a take id."""
    return _TAKE_ID.fullmatch(text) is not None


def new_id() -> str:
    """A random UUID as text, for records, files and performers."""
    return str(uuid.uuid4())
