"""What devices call themselves: names in any script, made fit for a line of text, and the part of an id made of one."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NULL = "(null)"
"""What a C library prints for a name that is not there."""
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of characters that end a line, move a cursor, or are halves of others."""


def readable(name: str | bytes | None) -> str:
    """A name as one line: every script as it is, control characters as spaces, bytes that are no text replaced.

    Empty when there is none.
    """
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else name or ""
    text = "".join(" " if unicodedata.category(letter) in _BREAKING else letter for letter in text)
    text = " ".join(text.split())
    return "" if text == _NULL else text


def slug(text: str) -> str:
    """Lower-case letters, digits and single dashes, as can be typed anywhere. Names in other letters stay apart."""
    text = unicodedata.normalize("NFC", text)
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if text.isascii() or (plain and not any(letter.isalnum() and not letter.isascii() for letter in text)):
        return plain
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain}-{mark}" if plain else mark
