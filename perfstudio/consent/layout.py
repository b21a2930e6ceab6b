"""A text without its layout: typographic marks, words and lines that were broken, and tables, as one would read them.

Rules look for words in clauses; how a studio's word processor sets them must make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from perfstudio.consent.phrase import Phrase

_DASHES = Phrase("[\u2010-\u2012\u2212\uff0d]")
_UNSEEN = Phrase("[\u00ad\u200b-\u200f\u2060\ufeff]")
_EMPHASIS = Phrase(r"(?<![\w*_~])[*_~]{1,3}(?=[\w\"'\u201c(])|(?<=[\w.,;:!?)\"'\u201d])[*_~]{1,3}(?![\w*_~])")
_SPACED = Phrase(r"(?<!\S)(?:\w ){3,40}\w(?!\S)")
_BROKEN_WORD = Phrase(r"\b(\w{1,60})-[ \t]*\n[ \t]*(?=[a-z])")
_COMPOUNDS = frozenset({"third", "non", "sub", "re", "co", "self", "long", "well", "all", "in", "off", "half", "know"})
"""What keeps its hyphen where a line ends in it; in other words a hyphen there is the break's."""
_SMALL_WORDS = Phrase(
    r"\b(?:a|an|the|of|in|to|and|or|for|by|with|on|at|any|all|its|our|your|their|this|that|as|be|is|are|not|may|shall|"
    r"will|from|under|than|without|each|every|no)$",
)
_ENTRY = Phrase(r"^\s*(?:[-*\u2022\u2013\u2014]|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2}(?:\.\d{1,2})*)[.)])\s+")
_CELLS = Phrase(r"\s?\|\s?|\t")
_WIDE = Phrase(r"[ \t]{3,}|\t")
"""Space that sets columns apart."""
_RULER = Phrase(r"^[\s|:+=_-]+$")
_LABELLED = Phrase(
    r"(?m)^(?P<label>[^\w\n]{0,20}(?:\w+ ){0,3}?(?:term|duration|period|territor\w+|region|recipients?|scope|"
    r"licen[cs]e|validity))"
    r"[ \t]?[:\u2013\u2014=][ \t]*(?=\S)",
)
_QUESTIONS = Phrase(r"(?m)^[ \t]{0,20}(?:q|a|question|answer)(?: ?\d{1,2})?[:.)]\s+")
"""Marks of questions and answers."""
_EMPTY = Phrase(r"\n{3,}")
LONG_LINE = 30
"""Letters from which a line in capitals is a sentence that goes on, and no heading."""


def as_read(text: str) -> str:
    """The same words, line by line as sentences run."""
    plain = _UNSEEN.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    plain = _SPACED.sub(lambda match: match[0].replace(" ", ""), _EMPHASIS.sub("", plain))
    plain = _QUESTIONS.sub("", _BROKEN_WORD.sub(_rejoined, plain))
    return _LABELLED.sub(r"\g<label> ", _EMPTY.sub("\n\n", "\n".join(_lines(plain))))


def _rejoined(match: re.Match[str]) -> str:
    return match[1] + ("-" if match[1].lower() in _COMPOUNDS else "")


def _lines(text: str) -> Iterator[str]:
    """Lines that go on are joined; the rows of a table are read cell by cell, each with the name of its column."""
    kept = ""
    heads: list[str] = []
    for line in (_ENTRY.sub(lambda mark: mark[0].rstrip() + " ", line) for line in text.split("\n")):
        cells = [cell for cell in _CELLS.sub("\t", _WIDE.sub("\t", line.strip(" \t|"))).split("\t") if cell]
        if heads and line.strip() and _RULER.search(line):
            continue
        if len(cells) > 1:
            yield from filter(None, (kept,))
            kept = ""
            yield from _row(cells, heads)
            heads = heads or cells
        elif kept and _goes_on(kept, line.strip()):
            kept = f"{kept} {' '.join(line.split())}"
        else:
            yield from (kept,) if kept else ()
            kept, heads = " ".join(line.split()), []
            if not line.strip():
                yield ""
                kept = ""
    yield from (kept,) if kept else ()


def _row(cells: list[str], heads: list[str]) -> Iterator[str]:
    """One row: its label with what stands beside it."""
    if len(cells) == 2 or len(heads) != len(cells):
        yield ": ".join(cells)
        return
    yield cells[0]
    yield from (f"{head}: {cell}" for head, cell in zip(heads[1:], cells[1:], strict=True))


def _goes_on(line: str, following: str) -> bool:
    """Whether what follows belongs to the same sentence."""
    if not following or line.rstrip()[-1:] in ".;:!?" or _ENTRY.search(following):
        return False
    if following[0].islower() or following[0] == "(" or _SMALL_WORDS.search(line.rstrip()):
        return True
    capitals = line.isupper() and following.isupper()
    return (capitals and len(line) >= LONG_LINE) or (line.rstrip().endswith(",") and len(line) >= LONG_LINE)
