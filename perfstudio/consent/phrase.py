"""A pattern of prose that is compiled when it is first looked for: what never reads terms does not pay for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

_CAPITAL = r"(?<!\\)[A-Z]"


class Phrase:
    """A regular expression, without regard to case.

    A text is looked at in small letters, which takes half as long as to compare both cases letter by letter.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def _small(self) -> re.Pattern[str]:
        either = bool(re.search(_CAPITAL, self.pattern))
        return self._either if either else re.compile(self.pattern, re.DOTALL)

    @cached_property
    def _either(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE | re.DOTALL)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where it is said."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place where it is said, in small letters."""
        small = text.lower()
        if len(small) != len(text):  # a few letters have no small form of one letter: places have to stay
            return self._either.finditer(text)
        return self._small.finditer(small)

    def sub(self, other: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with something else in every such place."""
        return self._either.sub(other, text)


Phrases = tuple[Phrase, ...]
