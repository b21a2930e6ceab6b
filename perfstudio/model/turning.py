"""Marks that turn the direction of text around: they make a reader see other words than the ones that are signed.

Text from right to left needs none of them, and where somebody isolates a name, the mark that ends it follows in the
same line (Unicode Bidirectional Algorithm, UAX 9; Boucher and Anderson, "Trojan Source", 2021). Asked at first
contact alone: a pack or a studio that is here already stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from perfstudio.model.strict_json import step

_OVERRIDES: Final = "\u202d\u202e"
_ENDS: Final = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_CLOSING: Final = frozenset(_ENDS.values())
_MARKS: Final = re.compile(f"[{_OVERRIDES}{''.join(_ENDS)}{''.join(_CLOSING)}]")


def turned(value: Any, where: str = "") -> Iterator[str]:
    """The places of texts in which letters are turned around, or the direction is not put back before the line ends."""
    match value:
        case str():
            if _MARKS.search(value) and not all(_is_straight(line) for line in value.splitlines()):
                yield where
        case list() | tuple():
            for index, item in enumerate(value):
                yield from turned(item, step(where, index))
        case dict():
            for name, item in value.items():
                yield from turned(item, step(where, name))


def _is_straight(line: str) -> bool:
    open_marks: list[str] = []
    for letter in line:
        if letter in _OVERRIDES:
            return False
        if letter in _ENDS:
            open_marks.append(_ENDS[letter])
        elif letter in _CLOSING and (not open_marks or open_marks.pop() != letter):
            return False
    return not open_marks
