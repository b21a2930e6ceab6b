"""Where things stand in a JSON text: the line of a member, the first name that is there twice, what breaks the syntax.

For error messages only: a good document never pays for it. Pure, and linear in hostile input.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

Place = tuple[str | int, ...]
"""Names and indices from the top to a member."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_COMMENTS = ("//", "/*", "#")
_QUOTES = ("'", "“", "”", "„", "‘", "’")


def line_at(text: str, position: int) -> int:
    """The line of a position, counted from 1."""
    return text.count("\n", 0, position) + 1


def line_of(text: str, place: Place) -> int:
    """The line on which a member of a well-formed text begins; of what is around it when it is not there."""
    deepest, line = 0, 1
    for found, position, _ in _members(text):
        if found == place[: len(found)] and len(found) > deepest:
            deepest, line = len(found), line_at(text, position)
            if deepest == len(place):
                break
    return line


def line_of_word(text: str, word: str) -> int:
    """The line of a bare word, such as NaN, in a text that is well-formed up to there."""
    return next((line_at(text, token.start()) for token in _TOKEN.finditer(text) if token[0] == word), 1)


def first_double(text: str) -> tuple[Place, int] | None:
    """The first name that an object has twice, and the line of its second writing."""
    return next(((place, line_at(text, position)) for place, position, again in _members(text) if again), None)


def slip_at(text: str, position: int) -> tuple[str, int]:
    """What people write that is no JSON, where a reader stopped at `position`: a code or nothing, and its line."""
    rest, before = text[position:].lstrip(), text[:position].rstrip()
    line = line_at(text, len(text) - len(rest))
    follows = rest[1:].lstrip()
    if not text.strip():
        return "empty", 1
    if rest.startswith(_COMMENTS) or (rest.startswith(",") and follows.startswith(_COMMENTS)):
        return "comment", line
    if (rest[:1] == "," and follows[:1] in tuple("}]")) or (before[-1:] == "," and rest[:1] in tuple("}]")):
        return "trailing_comma", line
    return ("quotes" if rest.startswith(_QUOTES) else ""), line


def _members(text: str) -> Iterator[tuple[Place, int, bool]]:
    """Every member of a well-formed text in order: its place, its position, and whether its name was there before."""
    above: list[tuple[set[str] | None, str | int]] = []
    names: set[str] | None = None  # of the object that is being read; None inside a list
    key: str | int = -1
    awaits_name = False
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[" as opened:
                if above and names is None:
                    yield (*(step for _, step in above[1:]), key), token.start(), False
                above.append((names, key))
                names, key = (set(), "") if opened == "{" else (None, 0)
                awaits_name = opened == "{"
            case "}" | "]":
                names, key = above.pop()
            case ",":
                awaits_name = names is not None
                key = key + 1 if isinstance(key, int) else key
            case ":":
                pass
            case word if names is not None and awaits_name:
                key, awaits_name = str(json.loads(word)), False
                yield (*(step for _, step in above[1:]), key), token.start(), key in names
                names.add(key)
            case _ if above and names is None:
                yield (*(step for _, step in above[1:]), key), token.start(), False
