"""A pattern of prose that is compiled when it is first looked for: what never reads terms does not pay for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Phrase:
    """A regular expression, without regard to case."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE | re.DOTALL)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where it is said."""
        return self._compiled.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place where it is said."""
        return self._compiled.finditer(text)

    def sub(self, other: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with something else in every such place."""
        return self._compiled.sub(other, text)


Phrases = tuple[Phrase, ...]
