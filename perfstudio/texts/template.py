"""The door through which sentences with optional parts pass: a template, the facts it names, parts to be left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from perfstudio.language.catalogue import _, translated

_PART = re.compile(r"\[([^\]]*)\]|\{([a-z_]+)\}")
_FACT = re.compile(r"\{([a-z_]+)\}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of all that follows. Joiners and wide spaces belong to names and stay."""


def one_line(text: str) -> str:
    """Text of others as it may stand in a sentence: no line ends, nothing that a terminal obeys, no half characters."""
    return "".join("\ufffd" if _unprintable(letter) else letter for letter in text)


def _unprintable(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in _TURNING


def say(template: str, facts: Mapping[str, str] | None = None) -> str:
    """The template in the language spoken, with its facts filled in, beginning with a capital.

    A part in square brackets is left out when a fact in it is absent or empty; a bar gives other words for that case:
    `say("[The camera “{name}”|A camera] is gone[ since {at}].", {})` is "A camera is gone." A fact outside brackets
    has to be there (KeyError). Facts are text already and are never read as templates.
    """
    return capital(clause(template, facts))


def clause(template: str, facts: Mapping[str, str] | None = None) -> str:
    """The same as a part of a sentence: it begins as it is written."""
    known = facts or {}
    try:
        return _filled(translated(template), known)
    except KeyError:
        return _filled(template, known)


def capital(text: str) -> str:
    """Text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def quoted(text: str) -> str:
    """A name in the quotation marks of the language."""
    return _("“{text}”", text=text)


def sentences(*said: str) -> str:
    """Whole sentences one after another; what is not said leaves no gap."""
    return " ".join(text for text in said if text)


def _filled(template: str, facts: Mapping[str, str]) -> str:
    def fill(text: str) -> str:
        return _FACT.sub(lambda fact: facts[fact[1]], text)

    def part(found: re.Match[str]) -> str:
        if found[2]:
            return facts[found[2]]
        choices = found[1].split("|")
        return next((fill(c) for c in choices if all(facts.get(name) for name in _FACT.findall(c))), "")

    return _PART.sub(part, template)
