"""English clauses: where a text says something, and where it denies it.

A clause is judged by itself. What stands in it before the words (or right behind them) decides whether it is denied:
"we will not sublicense" says nothing of a sublicence. What only looks like a denial ("not limited to", "without
further notice") is taken out first. A denial reaches further in three ways: from a heading over what it lists ("Not
granted."), from a bare answer ("evaluation of emotions: none"), and from "this one does not" behind what others do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_VERB = (
    r"(?:\w+ )?(?:may|shall|will|can|must|is|are|was|has|have|do|does|grants?|agrees?|consents?|owns?|keeps?|uses?|"
    r"sells?|shares?|licen[cs]es?|retains?|gets?|receives?|allows?|holds?|takes?|makes?|gives?|pass(?:es)?|trains?|"
    r"publish(?:es)?)\b"
)
_CLAUSES = re.compile(
    r"[.;!?](?=[\s\"'\u201d\u2019)*]|$)|\n|:\s|,?\s+\b(?:but(?! not limited)|however|although|though|whereas|"
    r"except that|save that|"
    r"provided that|whilst|while)\b"
    rf"|,?\s+and\s+(?=(?:we|you|they|it|i|this|these|(?:the|your|our|its|his|her|their) \w+)\s+{_VERB})"
    r"|,?\s+and\s+(?=(?:may|shall|will|can|hereby|grants?|agrees?)\b)"
    rf"|,\s+(?=(?:we|you|they|it|i)\s+{_VERB})",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\bnot (?:be )?(?:only|limited|just|merely|exclusively|withstanding)\b(?: to)?"
    r"|\bnotwithstanding\b|\bno matter\b|\bwithout limitation\b|\bwhether or not\b|\bno later than\b|\bno doubt\b"
    r"|\bwithout (?:any |your |the |further |prior |additional |written |of |a |need |having to |asking )*"
    r"(?:limit(?:ing|s)?|restrictions?|consent|approval|notice|notification|compensation|"
    r"payment|permission|you|obligation|pay|fee)\b"
    r"|\b(?:for )?no (?:further|additional|extra|other) (?:compensation|payment|"
    r"consideration|notice|fee|pay|consent|approval)\b"
    r"|\bnon-?(?:exclusive|refundable|commercial)\w*",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nobody|nothing|nowhere|without|cannot|refuse\w*|prohibit\w*|forbid\w*|"
    r"forbidden|exclud\w*|rather than|instead of|prevent\w*|ban|bans|banned|unless|free of|avoid\w*|stop|stops|"
    r"(?:you|the performer) (?:keeps?|retains?|remains?|stays?|owns?)|declin\w+|reject\w*|asks? you (?:again|"
    r"anew|first|before)|"
    r"(?:new|fresh|separate) (?:written )?(?:consent|agreement|permission))\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"not\b|\bno\b|never|cannot|without|nobody|n\.t|b\(\?:no|un(?:limited|restricted|known)|waive|renounce|bno "
)
"""A pattern of words that say no by themselves: a denial inside of what it found is its own."""
_DENIED_AFTER = re.compile(
    r"^(?:(?!\band (?:the|your|you|we|it|no|this|a|our)\b)[^.]){0,110}?\b(?:"
    r"(?:is|are|be|remains?|stays?) (?:\w+ )?(?:not|never|excluded|prohibited|"
    r"forbidden|banned|ruled out|refused|declined|off the table|out of (?:scope|the question))\b|"
    r"(?:is|are|do|does|will|ca|wo|may|should)n['\u2019]t\b|"
    r"(?:needs?|requires?|asks?|would need|would require|calls for) (?:for )?(?:a |your |"
    r"another |new |fresh |separate |further )|"
    r"only (?:with|after|if) (?:your|you|the performer|a new|new|separate)|"
    r"never (?:happens|takes place|allowed|permitted|part)|"
    r"(?:may|will|shall|can|do|does|did) (?:not|never)\b|cannot\b|unless you|with nobody|"
    r"we (?:will |would |shall )?ask you|you (?:are|will be) asked|"
    r"(?:was|were|been|is|are|be) (?:\w+ and )?(?:rejected|turned (?:down|away)|struck|dropped|left out))"
    r"|^\W{0,2}\s*[\u2013\u2014-]+\s*(?:no|none|never|not)\b",
    re.IGNORECASE,
)
_UNLIKE = re.compile(
    r"\b(?:unlike|contrary to|as opposed to|in contrast to|other than in)\b[^.;]*?,\s*"
    r"(?=(?:we|this|ours?|here|they|it|you|the)\b)",
    re.IGNORECASE,
)
"""What is told of others, in front of what is said of oneself."""
_BARE_NO = re.compile(
    r"^\W*(?:no|none|never|nobody|not (?:at all|any|here)|nothing)\b[\w ,'\u2019]{0,30}$", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:most|many|some|other|usual|standard|typical|common|ordinary|such|several|(?:a |"
    r"the )?lot of)\b(?: \w+){0,2}? "
    r"(?:releases?|contracts?|agreements?|forms?|licen[cs]es|archives?|libraries|studios?|companies|labs?|platforms?|"
    r"producers?|terms|deals|clauses|services|vendors?|agencies|firms|universities|people|places)\b",
    re.IGNORECASE,
)
_NOT_US = re.compile(
    r"\b(?:do|does|did|is|are|will|would|shall|may|can)(?: not|n['\u2019]t)\W*$"
    r"|^\W*(?:but )?not (?:here|us|this one|so|with us|ours|we|in our)\b"
    r"|^\W*(?:this (?:one|\w+)|ours|we|here\b.{0,12}) (?:is|are|do it|works?) (?:quite )?(?:different|otherwise|"
    r"another)",
    re.IGNORECASE,
)
_REFUSING_HEAD = re.compile(
    r"^[\W\d]*(?:[a-z]\)\s*)?(?:not (?:granted|included|allowed|permitted|covered|asked(?: for)?|agreed|licensed|"
    r"part of .{0,30})|excluded|exclusions?|out of scope|prohibited|forbidden|off limits|never|no-?gos?|"
    r"what (?:we|it|they|nobody|the \w+) (?:do|does|will|may|shall|can)(?: not|n['\u2019]t| never)\b.{0,30}|"
    r"what (?:is|are) (?:not|excluded|ruled out)\b.{0,30})\W*$",
    re.IGNORECASE,
)
_REFUSING_LIST = re.compile(
    r"(?:\b(?:not|never|no|nobody may|cannot|excluded|ruled out|refused?|forbidden|without)|"
    r"n['\u2019]t)(?: \w+){0,4}\W*$",
    re.IGNORECASE,
)
_OWN_SENTENCE = re.compile(
    r"\b(?:we|they|he|she|i)\s+\w+|\b(?:shall|will|may|must|can|grants?|agrees?|consents?)\b", re.IGNORECASE
)
"""What makes a clause more than an entry under a heading."""


LONGEST_HEADING = 60
_REACH = {".": 1, ":": 2}
"""The line ends after which a heading is over: "Not granted." holds for its line, "Not granted:" to the empty line."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, and whether something outside of it denies it."""

    text: str
    refused: bool = False


def clauses(text: str) -> list[str]:
    """The text clause by clause."""
    return [clause.text for clause in _read(text)]


def said(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[str]:
    """Every clause that says one of these and does not deny it."""
    wanted = tuple(patterns)
    for clause in _read(text):
        if any(not _denied(clause, match) for pattern in wanted for match in pattern.finditer(clause.text)):
            yield clause.text


def denies(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether some clause names it and denies it."""
    return any(_denied(clause, match) for clause in _read(text) for match in pattern.finditer(clause.text))


def _denied(clause: Clause, match: re.Match[str]) -> bool:
    """Whether a clause denies what was found in it."""
    before, after = clause.text[: match.start()], clause.text[match.end() :]
    if not _NEGATIVE.search(match.re.pattern):
        before += match[0]
    return bool(
        clause.refused
        or _DENIES.search(_NO_DENIAL.sub(" ", before))
        or _DENIED_AFTER.search(_NO_DENIAL.sub(" ", after))
    )


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[Clause, ...]:
    """Read once, asked by every rule."""
    return tuple(_clauses(text))


def _clauses(text: str) -> Iterator[Clause]:
    parts = list(_parts(text))
    heading = ""  # the mark behind the heading that refuses what is under it
    for number, (words, end) in enumerate(parts):
        following = parts[number + 1][0] if number + 1 < len(parts) else ""
        if heading and _OWN_SENTENCE.search(words):
            heading = ""
        yield Clause(words, refused=bool(heading) or _answered_no(words, end, following))
        if end.count("\n") >= _REACH.get(heading, 0):
            heading = ""
        if _REFUSING_HEAD.search(words) and len(words) < LONGEST_HEADING:
            heading = "." if end == "." else ":"
        elif ":" in end and _REFUSING_LIST.search(words):
            heading = ":"


def _answered_no(words: str, end: str, following: str) -> bool:
    """Whether what comes next takes it away: a bare "no", or "this one does not" behind what others do."""
    if end.strip() in (":", "?") and _BARE_NO.search(following):
        return True
    return bool(_OTHERS.search(words) and _NOT_US.search(following))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(clause, the mark it ends with: a full stop, a colon, a line end, …), without what is told of others."""
    joined = re.sub(r"(?<=[^\n])\n(?=[a-z(])", " ", text)  # a line that was only broken goes on
    joined, start = _UNLIKE.sub("", joined), 0
    found: list[tuple[str, str]] = []
    for mark in (*_CLAUSES.finditer(joined), None):
        words = joined[start : mark.start() if mark else None].strip()
        end = mark[0].strip() + "\n" * mark[0].count("\n") if mark else ""
        if words:
            found.append((words, end))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + end)
        start = mark.end() if mark else start
    yield from found
