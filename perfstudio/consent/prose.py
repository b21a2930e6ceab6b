"""English clauses: where a text says something, and where it denies it.

A clause is judged by itself. What stands in it before the words (or right behind them) decides whether it is denied:
"we will not sublicense" says nothing of a sublicence. What only looks like a denial ("not limited to", "without
further notice") is taken out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_CLAUSES = re.compile(
    r"[.;!?](?=\s|$)|\n|:\s|,?\s+\b(?:but|however|although|though|whereas|except that|save that|provided that)\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\bnot (?:be )?(?:only|limited|just|merely|exclusively|withstanding)\b(?: to)?"
    r"|\bnotwithstanding\b|\bno matter\b|\bwithout limitation\b|\bwhether or not\b"
    r"|\bwithout (?:any |your |the |further |prior |additional |written |of |a |need |having to |asking )*"
    r"(?:limit(?:ing|s)?|restrictions?|consent|approval|notice|notification|compensation|"
    r"payment|permission|you|obligation|pay|fee)\b"
    r"|\b(?:for )?no (?:further|additional|extra|other) (?:compensation|payment|"
    r"consideration|notice|fee|pay|consent|approval)\b"
    r"|\bnon-?(?:exclusive|refundable|commercial)\w*",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nobody|nothing|without|cannot|refuse\w*|prohibit\w*|forbid\w*|forbidden|"
    r"exclud\w*|rather than|instead of|prevent\w*|ban|bans|banned|unless|free of|avoid\w*|stop|stops)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^[^.]{0,60}\b(?:(?:is|are|be|remains?) (?:\w+ )?(?:not|never|excluded|prohibited|"
    r"forbidden|banned|ruled out|refused|out of scope)\b|"
    r"(?:needs?|requires?|asks?|would need|would require|calls for) (?:for )?(?:a |your |"
    r"another |new |fresh |separate |further )|"
    r"only (?:with|after|if) (?:your|you|the performer|a new|new|separate)|"
    r"never (?:happens|takes place|allowed|permitted|part)|"
    r"(?:may|will|shall|can|do|does|did) (?:not|never)\b|unless you|with nobody)",
    re.IGNORECASE,
)


def clauses(text: str) -> list[str]:
    """The text clause by clause, each without what only looks like a denial being touched."""
    joined = re.sub(r"(?<=[^\n])\n(?=[a-z(])", " ", text)  # a line that was only broken goes on
    return [clause.strip() for clause in _CLAUSES.split(joined) if clause and clause.strip()]


def said(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[str]:
    """Every clause that says one of these and does not deny it."""
    wanted = tuple(patterns)
    for clause in clauses(text):
        if any(not denied(clause, match) for pattern in wanted for match in pattern.finditer(clause)):
            yield clause


def denies(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether some clause names it and denies it."""
    return any(denied(clause, match) for clause in clauses(text) for match in pattern.finditer(clause))


def denied(clause: str, match: re.Match[str]) -> bool:
    """Whether a clause denies what was found in it."""
    before, after = clause[: match.start()], clause[match.end() :]
    return bool(_DENIES.search(_NO_DENIAL.sub(" ", before)) or _DENIED_AFTER.search(_NO_DENIAL.sub(" ", after)))
