"""How long an English clause says that something lasts: "twelve (12) years", "half a century", "until May 2049"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfstudio.consent.phrase import Phrase

_SMALL = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: n for n, word in enumerate(_SMALL, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)} | {"a": 1}
_IN_YEARS = {"day": 1 / 365.25, "week": 7 / 365.25, "month": 1 / 12, "year": 1, "decade": 10, "centur": 100}
_WORD = "|".join((*_SMALL, *_TENS, "hundred"))
_SPAN = Phrase(
    rf"\b(?P<count>\d[\d,]{{0,6}}|(?:(?:{_WORD})(?:[\s-]+(?:and[\s-]+)?(?={_WORD}))?)+|(?<!once )(?<!per )\ba"
    r"|several|many|some)"
    r"(?:\s*\(\s*[\w-]+\s*\))?[\s-]+(?:(?:full|whole|calendar|consecutive|further|more|additional|long)\s+)?"
    r"(?P<unit>day|week|month|year|decade|centur)(?:s|y|ies)?\b(?!\s+(?:old|of age|of experience|ago)|"
    r"['\u2019]?s?['\u2019]? experience)"
    r"(?P<half> and a half)?"
    r"|\b(?P<part>half|quarter|third)(?: of)? an? (?P<whole>century|decade)\b"
    r"|\bfor (?P<vague>decades|centuries|generations)\b"
)
_UNTIL = Phrase(
    r"\b(?:until|till|through|up to|to|by|before|not later than|(?:ends?|expires?|lapses?|terminates?)(?: only)?(?: "
    r"on| in)?|"
    r"[-\u2013])\s+(?:the year |(?:the )?(?:end|close) of (?:the year )?)?"
    r"(?:(?:the )?\d{1,2}(?:st|nd|rd|th)?[\s./-]+(?:of )?)?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec)[a-z]*\.?,?\s+|"
    r"\d{1,2}[./-])?(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?P<year>2[01]\d\d)\b(?!\s*(?:euro|eur|usd|dollar|pound|take|"
    r"hour|people|\d))"
)
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
SEVERAL = 3
"""What "several" and "many" count at least."""


@dataclass(frozen=True, slots=True)
class SpanSaid:
    """A length of time in a clause."""

    years: float
    start: int
    """Where its words begin."""
    end: int


def spans(clause: str, *, year: int) -> Iterator[SpanSaid]:
    """Every length of time that it names; a date counts from `year`, that of the day on which it is read."""
    for match in _SPAN.finditer(clause):
        if match["vague"]:
            years = SEVERAL * (10.0 if match["vague"] == "decades" else 100.0)
        elif match["part"]:
            years = _FRACTIONS[match["part"].lower()] * (100 if match["whole"].lower() == "century" else 10)
        else:
            years = (_count(match["count"]) + (0.5 if match["half"] else 0)) * _IN_YEARS[match["unit"].lower()]
        yield SpanSaid(years, match.start(), match.end())
    for match in _UNTIL.finditer(clause):
        yield SpanSaid(float(int(match["year"]) - year), match.start(), match.end())


def _count(words: str) -> int:
    if words[0].isdigit():
        return int(words.replace(",", ""))
    total = 0
    for word in words.lower().replace("-", " ").split():
        if word == "hundred":
            total = max(total, 1) * 100
        elif word in ("several", "many", "some"):
            total = SEVERAL
        else:
            total += _WORDS.get(word, 0)
    return total
