"""What of the prose is read: the rules know English words, so what stands in another language is told to be unread.

A studio may name a wrong language, or add a part in a second one. So the words are looked at as well: nearly half of
any English sentence is words such as "the" and "of", and sentences of other languages hold theirs
(`assets/consent/small_words.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from perfstudio.consent.phrase import Phrase
from perfstudio.model.consent import Notice, RequestedUse
from perfstudio.model.prompt import Terms
from perfstudio.resources import asset

_WORD = Phrase(r"[^\W\d_]+")
WORDS_TO_TELL = 8
"""Words from which a paragraph shows its language."""
FEW_ENGLISH, MUCH_FOREIGN = 0.12, 0.12
"""Shares of small words. English terms hold 0.25 to 0.5 of theirs; those of other languages below 0.07, beside 0.15 or
more of their own."""


class Unread(StrEnum):
    """What was not read, because it is not in English."""

    ALL = "all"  # neither the text nor the lines
    TEXT = "text"
    PART = "part"  # of the text
    LINES = "lines"


def unread(notice: Terms | Notice, uses: Iterable[RequestedUse] = (), *, language: str | None = None) -> Unread | None:
    """What of the prose the rules do not read; None: all of it is read. `language` is that of the lines."""
    lines = "\n".join(use.exactly for use in uses)
    foreign = bool(lines) and not reads_lines(lines, language or notice.language)
    if not reads(notice):
        return Unread.ALL if foreign else Unread.TEXT
    if any(_foreign(paragraph) for paragraph in f"{notice.summary}\n{notice.prose}".splitlines()):
        return Unread.PART
    return Unread.LINES if foreign else None


def reads(notice: Terms | Notice) -> bool:
    """Whether the prose of this text is read, or only the figures and switches of its lines."""
    return _english(notice.prose, notice.language)


def reads_lines(words: str, language: str) -> bool:
    """Whether what the lines say is read."""
    return _english(words, language)


def _english(text: str, language: str) -> bool:
    """By its words; by the language that it is said to be in where they are too few to tell."""
    english, foreign, count = _shares(text)
    if count >= 2 * WORDS_TO_TELL:
        return english >= FEW_ENGLISH or (foreign < MUCH_FOREIGN and _latin(text) and _named_english(language))
    return _named_english(language) and not _foreign(text)


def _named_english(language: str) -> bool:
    return language.split("-", maxsplit=1)[0] == "en"


def _foreign(paragraph: str) -> bool:
    english, foreign, count = _shares(paragraph)
    if count >= WORDS_TO_TELL and english < FEW_ENGLISH and foreign >= MUCH_FOREIGN:
        return True
    return len(paragraph) >= WORDS_TO_TELL and not _latin(paragraph)


def _latin(text: str) -> bool:
    """Whether most letters are of the Latin alphabet; a text without letters is."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter < "\u0250" for letter in letters) * 2 >= len(letters)


def _shares(text: str) -> tuple[float, float, int]:
    """(share of English small words, of other languages' small words, words)."""
    english, others = _small_words()
    words = [match[0] for match in _WORD.finditer(text)]
    count = max(len(words), 1)
    return sum(word in english for word in words) / count, sum(word in others for word in words) / count, len(words)


@cache
def _small_words() -> tuple[frozenset[str], frozenset[str]]:
    plain = tomllib.loads(asset("consent", "small_words.toml").read_text(encoding="utf-8"))
    return frozenset(plain["english"].split()), frozenset(plain["others"].split())
