"""The rules of what a performer is told before signing: one data file, `assets/consent/warnings.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from perfstudio.model.warning_rules import WarningGrade, WarningRule
from perfstudio.resources import asset

Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: how grave it is, what it rests on, and the prose it is found in."""

    grade: WarningGrade
    source: str
    """The law, agreement or guideline, with its article or section."""
    judged: str
    """By what: the structure of a line, its prose, or both."""
    says: Patterns
    """Found in one clause of any prose."""
    items: Patterns
    """Found in one recipient or territory."""
    exactly: Patterns
    """Found only in what exactly is done."""


@cache
def rules() -> Mapping[WarningRule, Rule]:
    """Every rule, in the order of the file."""
    plain = tomllib.loads(asset("consent", "warnings.toml").read_text(encoding="utf-8"))
    return {
        WarningRule(name): Rule(
            grade=WarningGrade(fields["grade"]),
            source=fields["source"],
            judged=fields["judged"],
            says=_patterns(fields.get("says", ())),
            items=_patterns(fields.get("items", ())),
            exactly=_patterns(fields.get("exactly", ())),
        )
        for name, fields in plain.items()
    }


def _patterns(texts: list[str]) -> Patterns:
    return tuple(re.compile(text, re.IGNORECASE | re.DOTALL) for text in texts)
