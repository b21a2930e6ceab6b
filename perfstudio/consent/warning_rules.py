"""The rules of what a performer is told before signing: one data file, `assets/consent/warnings.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from perfstudio.consent.phrase import Phrase, Phrases
from perfstudio.model.warning_rules import WarningGrade, WarningRule
from perfstudio.resources import asset


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: how grave it is, what it rests on, and the prose it is found in."""

    grade: WarningGrade
    source: str
    """The law, agreement or guideline, with its article or section."""
    judged: str
    """By what: the structure of a line, its prose, or both."""
    says: Phrases
    """Found in one clause of any prose."""
    items: Phrases
    """Found in one recipient or territory."""
    exactly: Phrases
    """Found only in what exactly is done."""
    in_turn: tuple[tuple[Phrase, Phrase], ...]
    """Found in two sentences, the second soon after the first."""
    harmless: Phrases
    """Words that sound like it and are not: the rule does not look at them."""


class _OfGrant(Phrase):
    """Words that mean it only where a clause speaks of rights and recordings, or of nothing else."""

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        found = tuple(super().finditer(text))
        return iter(found if found and (_GRANT.search(text) or len(text.split()) <= FEW_WORDS) else ())


_GRANT = Phrase(
    r"\b(?:licen[cs]\w*|rights?|grant\w*|uses?|used|using|exploit\w*|keeps?|kept|holds?|held|owns?|retain\w*|"
    r"stor(?:e|ed|age)|"
    r"assign\w*|permi(?:t|ssion)\w*|consents?|releas\w+|takes|recordings?|footage|clips?|materials?|data\w*|corpus|"
    r"films?|"
    r"territor\w+|terms?|valid|shown?|broadcast\w*|publish\w*|distribut\w+|voice|likeness|image|replica|clone|"
    r"agreement|appl(?:y|ies)|"
    r"available|finished|the works?|recipients?|receiv\w+|shar(?:e|es|ed|ing)|pass(?:es|ed)?|given?|gives|disclos\w+|"
    r"sent|sends?|"
    r"transfer\w*|"
    r"online|performances?|belongs?|seen|heard|stream\w*|aired|run|runs|lasts?|continues?|remains?)\b"
)
FEW_WORDS = 4
"""A clause of so few words speaks of nothing else: "For ever."."""


@cache
def rules() -> Mapping[WarningRule, Rule]:
    """Every rule, in the order of the file."""
    plain = tomllib.loads(asset("consent", "warnings.toml").read_text(encoding="utf-8"))
    return {
        WarningRule(name): Rule(
            grade=WarningGrade(fields["grade"]),
            source=fields["source"],
            judged=fields["judged"],
            says=(*_phrases(fields.get("says", ())), *map(_OfGrant, fields.get("says_of_grant", ()))),
            items=_phrases(fields.get("items", ())),
            exactly=_phrases(fields.get("exactly", ())),
            in_turn=tuple((Phrase(first), Phrase(second)) for first, second in fields.get("in_turn", ())),
            harmless=_phrases(fields.get("harmless", ())),
        )
        for name, fields in plain.items()
    }


def _phrases(texts: Iterable[str]) -> Phrases:
    return tuple(map(Phrase, texts))
