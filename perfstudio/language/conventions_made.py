"""What CLDR knows of a language, in the form that the program reads (`cldr`). Needs Babel; run by `make`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.dates import match_skeleton
from babel.numbers import get_decimal_symbol, get_group_symbol

SPOKEN = ("de", "es")
"""Languages whose conventions are kept before their catalogue is there: the systems' own files speak them already."""
_TOKENS = {
    "d": "{day}", "dd": "{day:02}", "M": "{number}", "MM": "{number:02}", "MMMM": "{month}", "y": "{year}",
    "H": "{hour}", "HH": "{hour:02}", "h": "{twelve}", "hh": "{twelve:02}", "mm": "{minute:02}", "a": "{half}",
}  # fmt: skip
_PARTS = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<token>([A-Za-z])\3*)|(?P<plain>[^A-Za-z']+)")


def written(tag: str) -> bytes:
    """The file of a language. Raises ValueError where CLDR asks for what `cldr` cannot write."""
    return (json.dumps(facts(tag), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def facts(tag: str) -> dict[str, Any]:
    """All of them, ready for JSON."""
    locale = Locale.parse(tag)
    skeletons, halves = locale.datetime_skeletons, locale.day_periods["format"]["abbreviated"]
    signs = {code: sign for code, sign in locale.currency_symbols.items() if sign != code}
    return {
        "point": get_decimal_symbol(locale),
        "thousands": get_group_symbol(locale),
        "groups": list(locale.decimal_formats[None].grouping),
        "months": [locale.months["format"]["wide"][month] for month in range(1, 13)],
        "halves": [halves["am"], halves["pm"]],
        "day": form(locale.date_formats["long"].pattern),
        "day_of_year": form(skeletons[match_skeleton("MMMMd", skeletons) or "MMMMd"].pattern),
        "clock": form(locale.time_formats["short"].pattern),
        "money": _money(locale.currency_formats["standard"].pattern),
        "signs": dict(sorted(signs.items())),
        "cents": _cents(get_global("currency_fractions")),
    }


def form(pattern: str) -> str:
    """A pattern of CLDR for dates and times as one of `str.format`. Raises ValueError for what is not known here."""
    said = []
    for part in _PARTS.finditer(pattern):
        if (token := part["token"]) is not None:
            if token not in _TOKENS:
                raise ValueError(f"CLDR asks for {token} in {pattern!r}: add it to conventions_made and to cldr.")
            said.append(_TOKENS[token])
        else:
            plain = part["plain"] if part["quoted"] is None else part["quoted"].replace("''", "'") or "'"
            said.append(plain.replace("{", "{{").replace("}", "}}"))
    return "".join(said)


def _money(pattern: str) -> str:
    """Of a pattern such as `#,##0.00 ¤`, the part for sums that are not below zero."""
    positive = pattern.partition(";")[0]
    return re.sub(r"[#0][#0,.]*", "{amount}", positive, count=1).replace("¤", "{currency}")


def _cents(fractions: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """The digits behind the point of currencies that have not two."""
    return {code: digits[0] for code, digits in sorted(fractions.items()) if digits[0] != 2 and code != "DEFAULT"}
