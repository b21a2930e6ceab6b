"""What every sentence of the house has to be, whatever it is about."""

from __future__ import annotations

import re

_BANNED = re.compile(
    r"\b(error|fail(ed|ure)?|invalid|illegal|fatal|abort(ed)?|exception)\b|!|\bplease\b", re.IGNORECASE
)
_LEFT_OVER = re.compile(r"[{}\[\]|]|  | [.,;:]|\.\.|None|nan")
_CODE = re.compile(r"(?<![\w.])-\d{3,}|\b0x|\b[a-z]+_[a-z_]+\b|\bE[A-Z]{3,}\b")


def assert_calm(sentence: str) -> None:
    """Short, calm, concrete: whole sentences, no blame, no machine talk, no half-filled template."""
    assert sentence.endswith("."), sentence
    assert sentence[0] == sentence[0].upper(), sentence
    assert not _BANNED.search(sentence), sentence
    assert not _LEFT_OVER.search(sentence), sentence
    assert not _CODE.search(sentence), sentence
    assert len(sentence) <= 220, sentence
