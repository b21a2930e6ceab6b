"""How a language other than English writes, by what `python -m perfstudio.language.make` took from CLDR.

`assets/locale/de/conventions.json` is one kilobyte. Babel, which knows as much of a thousand languages, is 33 MB: only
where catalogues are made is it needed. Tests hold both to each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

FILE = "conventions.json"


def read(folder: Path) -> Cldr:
    """What is kept of a language, in the folder of its catalogue.

    Raises OSError, ValueError, LookupError or TypeError where nothing sound is.
    """
    return Cldr(json.loads((folder / FILE).read_text(encoding="utf-8")))


class Cldr:
    """A language by its facts, as `conventions_made.facts` writes them. Raises LookupError, TypeError, ValueError."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._point, self._thousands = str(facts["point"]), str(facts["thousands"])
        self._last_group, self._groups = (int(size) for size in facts["groups"])
        self._months, self._halves = tuple(facts["months"]), tuple(facts["halves"])
        self._forms = {name: str(facts[name]) for name in ("day", "day_of_year", "clock", "money")}
        self._signs, self._cents = dict(facts["signs"]), dict(facts["cents"])

    def positive(self, value: float, digits: int) -> str:
        """A number that is not below zero, with at most so many digits behind the point."""
        whole, _point, behind = f"{value:.{digits}f}".partition(".")
        return self._figure(whole, behind.rstrip("0"))

    def day(self, moment: date) -> str:
        """A date with its year."""
        return self._dated("day", moment)

    def day_of_year(self, moment: date) -> str:
        """A date of the year that everybody thinks of."""
        return self._dated("day_of_year", moment)

    def clock(self, moment: datetime) -> str:
        """Hours and minutes."""
        facts = {"hour": moment.hour, "twelve": moment.hour % 12 or 12, "minute": moment.minute}
        return self._forms["clock"].format(**facts, half=self._halves[moment.hour >= 12])

    def money(self, amount: str, currency: str) -> str:
        """A sum of a currency (ISO 4217). Cents that are none are left out."""
        from decimal import Decimal  # noqa: PLC0415 - a start does without it

        cents = int(self._cents.get(currency, 2)) if amount.partition(".")[2].strip("0") else 0
        whole, _point, behind = f"{abs(Decimal(amount)):.{cents}f}".partition(".")
        sign = self._signs.get(currency, currency)
        said = self._forms["money"].format(amount=self._figure(whole, behind), currency=sign).strip()
        return f"-{said}" if amount.startswith("-") else said

    def _dated(self, form: str, moment: date) -> str:
        name = self._months[moment.month - 1]
        return self._forms[form].format(day=moment.day, month=name, number=moment.month, year=moment.year)

    def _figure(self, whole: str, behind: str) -> str:
        parts: list[str] = []
        size = self._last_group
        while len(whole) > size:
            parts.append(whole[-size:])
            whole, size = whole[:-size], self._groups
        figure = self._thousands.join([whole, *reversed(parts)])
        return figure + self._point + behind if behind else figure
