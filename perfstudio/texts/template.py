"""The one door through which every sentence passes: a template, the facts it names, and parts that may be left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_PART = re.compile(r"\[([^\]]*)\]|\{([a-z_]+)\}")
_FACT = re.compile(r"\{([a-z_]+)\}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of all that follows. Joiners and wide spaces belong to names and stay."""


def one_line(text: str) -> str:
    """Text of others as it may stand in a sentence: no line ends, nothing that a terminal obeys, no half characters."""
    return "".join("\ufffd" if _unprintable(letter) else letter for letter in text)


def _unprintable(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in _TURNING


def say(template: str, facts: Mapping[str, str]) -> str:
    """The template with its facts filled in, beginning with a capital.

    A part in square brackets is left out when a fact in it is absent or empty; a bar gives other words for that case:
    `say("[The camera “{name}”|A camera] is gone[ since {at}].", {})` is "A camera is gone." A fact outside brackets
    has to be there (KeyError). Facts are text already and are never read as templates.
    """

    def fill(text: str) -> str:
        return _FACT.sub(lambda fact: facts[fact[1]], text)

    def part(found: re.Match[str]) -> str:
        if found[2]:
            return facts[found[2]]
        choices = found[1].split("|")
        return next((fill(c) for c in choices if all(facts.get(name) for name in _FACT.findall(c))), "")

    text = _PART.sub(part, template)
    return text[:1].upper() + text[1:]
