"""Limits: one data file, one way to turn a number into a verdict."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from perfstudio.model.checks import CheckCode, CheckResult, StricterLimit, Verdict
from perfstudio.model.timing import Span
from perfstudio.resources import asset


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range: below `low` or above `high` lies outside. None is no bound."""

    low: float | None = None
    high: float | None = None

    def crossed(self, value: float) -> float | None:
        """The bound that the value lies beyond, or None."""
        if self.low is not None and value < self.low:
            return self.low
        if self.high is not None and value > self.high:
            return self.high
        return None

    def tighter(self, other: Bounds) -> Bounds:
        """The intersection of both ranges."""
        lows = [b for b in (self.low, other.low) if b is not None]
        highs = [b for b in (self.high, other.high) if b is not None]
        return Bounds(max(lows, default=None), min(highs, default=None))

    def nearest(self, value: float) -> float | None:
        """The bound closest to the value."""
        return min((b for b in (self.low, self.high) if b is not None), key=lambda b: abs(b - value), default=None)


@dataclass(frozen=True, slots=True)
class Limit:
    """What one check allows: outside `look` it asks for a look, outside `retake` for a retake."""

    unit: str
    source: str
    look: Bounds = Bounds()
    retake: Bounds = Bounds()
    parts: Mapping[str, float] = field(default_factory=dict)
    """Named tolerances inside the check, where it has several."""
    asked: frozenset[float] = frozenset()
    """The bounds that a pack tightened, and"""
    asked_by: str = ""
    """who asked for them."""

    def source_of(self, bound: float | None) -> str:
        """Where a bound comes from."""
        return self.asked_by if bound in self.asked else self.source

    def verdict(self, value: float) -> tuple[Verdict, float | None]:
        """The verdict for a value, and the bound it is measured against."""
        if (bound := self.retake.crossed(value)) is not None:
            return Verdict.RETAKE, bound
        if (bound := self.look.crossed(value)) is not None:
            return Verdict.LOOK, bound
        return Verdict.GOOD, self.look.nearest(value)


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """Every check's limit, by code."""

    by_code: Mapping[CheckCode, Limit]

    def __getitem__(self, code: CheckCode) -> Limit:
        return self.by_code[code]

    def judge(
        self,
        code: CheckCode,
        value: float,
        *,
        against: float | None = None,
        times: tuple[Span, ...] = (),
        at_most: Verdict = Verdict.RETAKE,
        digits: int = 3,
        **facts: float | int | str,
    ) -> CheckResult:
        """The result for one measured value.

        `against` is compared with the limit in place of the value (a share of the nominal rate, say). `at_most` caps
        the verdict where the measurement alone cannot carry more.
        """
        limit = self.by_code[code]
        verdict, bound = limit.verdict(value if against is None else against)
        if at_most is Verdict.GOOD or (at_most is Verdict.LOOK and verdict is Verdict.RETAKE):
            verdict = at_most
        rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in facts.items()}
        return CheckResult(
            code=code,
            verdict=verdict,
            value=round(float(value), digits),
            unit=limit.unit,
            limit=bound,
            source=limit.source_of(bound),
            times=times,
            facts=rounded,
        )

    def stricter(self, asked: Mapping[CheckCode, Limit]) -> CheckLimits:
        """These limits, tightened where `asked` is tighter; nothing is ever loosened."""
        merged = dict(self.by_code)
        for code, more in asked.items():
            mine = merged[code]
            look, retake = mine.look.tighter(more.look), mine.retake.tighter(more.retake)
            new = {look.low, look.high, retake.low, retake.high}
            old = {mine.look.low, mine.look.high, mine.retake.low, mine.retake.high}
            tightened = frozenset(bound for bound in new - old if bound is not None)
            merged[code] = replace(mine, look=look, retake=retake, asked=tightened, asked_by=more.source)
        return CheckLimits(merged)


@cache
def house_limits() -> CheckLimits:
    """The limits of `assets/checks/limits.toml`."""
    return parse_limits(tomllib.loads(asset("checks", "limits.toml").read_text(encoding="utf-8")))


def limits_for(asked: tuple[StricterLimit, ...], pack_title: str) -> CheckLimits:
    """The house's limits, tightened where a pack asks for more; its results name the pack."""
    source = f"pack: {pack_title}"
    wanted: dict[CheckCode, Limit] = {}
    for one in asked:
        look, retake = Bounds(one.look_low, one.look_high), Bounds(one.retake_low, one.retake_high)
        before = wanted.get(one.code)
        if before is not None:
            look, retake = before.look.tighter(look), before.retake.tighter(retake)
        wanted[one.code] = Limit("", source, look, retake)
    return house_limits().stricter(wanted)


def parse_limits(plain: Mapping[str, Mapping[str, Any]]) -> CheckLimits:
    """Limits from their plain form. Raises ValueError for an unknown code, KeyError for a missing unit or source."""
    return CheckLimits(
        {
            CheckCode(name): Limit(
                unit=entry["unit"],
                source=entry["source"],
                look=Bounds(**entry.get("look", {})),
                retake=Bounds(**entry.get("retake", {})),
                parts=entry.get("parts", {}),
            )
            for name, entry in plain.items()
        }
    )
