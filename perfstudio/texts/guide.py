"""The user guide: short pages in Markdown, `assets/guide/LANGUAGE/NUMBER-NAME.md`, which are read without the app, too.

In a page **bold** are words of the window, `code` is what stands on a key, and links lead to other pages of the guide
or, as `perfstudio:AREA` or `perfstudio:AREA/SECTION`, into the window. A test holds all three to what they name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfstudio.language.catalogue import ENGLISH, language
from perfstudio.resources import asset

WINDOW = "perfstudio:"
"""Begins a link that leads into the window."""
_MARKS = re.compile(r"\]\([^)]*\)|[*`\[\]#]")


@dataclass(frozen=True, slots=True)
class GuidePage:
    """`name` is that of its file without number and ending, the same in every language."""

    name: str
    file: str
    text: str

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def plain(self) -> str:
        """Its words without marks, for whoever looks for one."""
        return _MARKS.sub("", self.text)


def pages() -> tuple[GuidePage, ...]:
    """In order, in the language spoken, or in English where there is no guide in it."""
    folder = next(folder for folder in _folders() if folder.is_dir())
    found = sorted(folder.glob("*.md"))
    return tuple(GuidePage(file.stem.partition("-")[2], file.name, file.read_text(encoding="utf-8")) for file in found)


def having(words: str, guide: tuple[GuidePage, ...]) -> tuple[GuidePage, ...]:
    """The pages in which every one of these words stands."""
    wanted = words.casefold().split()
    return tuple(page for page in guide if all(word in page.plain.casefold() for word in wanted))


def _folders() -> Iterator[Path]:
    spoken = language()
    for name in (spoken, spoken.partition("_")[0], ENGLISH):
        yield asset("guide", name)
