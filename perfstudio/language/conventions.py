"""How the language spoken writes numbers, dates, sums of money and lists.

English is written as the house has it: narrow spaces between thousands, a true minus, 20 November 2026, 9:30. Every
other language is written as CLDR has it (`cldr`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from perfstudio.language.catalogue import ENGLISH, _, language, language_folder, pgettext

MINUS = "\N{MINUS SIGN}"
_THOUSANDS = "\N{NARROW NO-BREAK SPACE}"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "NGN": "₦", "UAH": "₴", "VND": "₫"}


class Conventions(Protocol):
    """What a language has rules for."""

    def positive(self, value: float, digits: int) -> str:
        """A number that is not below zero, with at most so many digits behind the point."""

    def day(self, moment: date) -> str:
        """A date with its year."""

    def day_of_year(self, moment: date) -> str:
        """A date of the year that everybody thinks of."""

    def clock(self, moment: datetime) -> str:
        """Hours and minutes."""

    def money(self, amount: str, currency: str) -> str:
        """A sum of a currency (ISO 4217). Cents that are none are left out."""


class _English:
    def positive(self, value: float, digits: int) -> str:
        text = f"{value:,.{digits}f}".replace(",", _THOUSANDS)
        return text.rstrip("0").rstrip(".") if "." in text else text

    def day(self, moment: date) -> str:
        return f"{self.day_of_year(moment)} {moment.year}"

    def day_of_year(self, moment: date) -> str:
        return f"{moment.day} {_MONTHS[moment.month - 1]}"

    def clock(self, moment: datetime) -> str:
        return f"{moment.hour}:{moment.minute:02d}"

    def money(self, amount: str, currency: str) -> str:
        whole, _point, cents = amount.partition(".")
        figure = f"{int(whole):,}".replace(",", _THOUSANDS) + (f".{cents:0<2}" if cents.strip("0") else "")
        sign = _SIGNS.get(currency)
        return f"{sign}{figure}" if sign else f"{currency} {figure}".strip()


@cache
def _conventions(tag: str, folder: Path) -> Conventions:
    if tag.partition("_")[0] == ENGLISH:
        return _English()
    from perfstudio.language import cldr  # noqa: PLC0415 - English does without it

    try:
        return cldr.read(folder)
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
    ):  # a language that somebody begins; numbers are read all the same
        return _English()


def _now() -> Conventions:
    return _conventions(language(), language_folder())


def number(value: float, digits: int = 0) -> str:
    """3 214 or −12.5: narrow no-break spaces between thousands, a true minus, no trailing zeros."""
    text = _now().positive(abs(value), digits)
    return MINUS + text if value < 0 and any(digit in "123456789" for digit in text) else text


def signed(value: float, digits: int = 0) -> str:
    """+8.6 or −12.5, where the direction matters; 0 has none."""
    text = number(value, digits)
    return text if text.startswith(MINUS) or not any(digit in "123456789" for digit in text) else f"+{text}"


def day(moment: date) -> str:
    """20 November 2026. A moment is shown in the zone it carries."""
    return _now().day(moment)


def day_of_year(moment: date) -> str:
    """20 November."""
    return _now().day_of_year(moment)


def clock(moment: datetime) -> str:
    """14:06, in the zone the moment carries."""
    return _now().clock(moment)


def money(amount: str, currency: str = "") -> str:
    """$74, €12.50, CHF 1 200."""
    return _now().money(amount, currency)


def listing(items: Iterable[str]) -> str:
    """a, b and c."""
    *most, last = list(items) or [""]
    return _("{most} and {last}", most=_joined(most), last=last) if most else last


def alternatives(items: Iterable[str]) -> str:
    """a, b or c."""
    *most, last = list(items) or [""]
    return _("{most} or {last}", most=_joined(most), last=last) if most else last


def _joined(words: list[str]) -> str:
    return pgettext("between the words of a list", ", ").join(words)
