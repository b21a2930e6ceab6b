"""How fast takes may leave, as people type and read it: 500 kB/s, 4 Mbit/s; powers of ten, as lines are sold."""

from __future__ import annotations

import re

from perfstudio.delivery.rate_cap import LEAST
from perfstudio.language.catalogue import _
from perfstudio.texts import formatting

_RATE = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,3})?)\s*([km]?)(b|byte|bytes|bit|bits)(?:/s|ps)", re.IGNORECASE)
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
NONE = ("", "none", "-")


class RateProblemError(ValueError):
    """What was typed is no speed; the text says what one looks like."""


def parse_rate(typed: str) -> int | None:
    """Bytes a second; None for no cap. A "b" of one letter is a byte, however it is typed. Raises RateProblemError."""
    text = typed.strip()
    if text.lower() in NONE:
        return None
    found = _RATE.fullmatch(text)
    if found is None:
        raise RateProblemError(_("A speed looks like 500 kB/s or 4 Mbit/s."))
    number, scale, unit = found.groups()
    bits = unit.lower().startswith("bit")
    rate = float(number.replace(",", ".")) * _SCALES[scale.lower()] / (8 if bits else 1)
    if rate < LEAST:
        raise RateProblemError(_("The slowest speed you can set is {speed}.", speed=shown(LEAST)))
    return round(rate)


def shown(bytes_per_s: int | None) -> str:
    """500 kB/s, as it is typed; empty for no cap."""
    return _("{size}/s", size=formatting.size(bytes_per_s)) if bytes_per_s is not None else ""


def said(bytes_per_s: int) -> str:
    """500 kB a second (4 Mbit/s)."""
    bits = 8 * bytes_per_s
    line = _("{number} Mbit/s", number=formatting.number(bits / 1e6, 1 if bits < 9.95e6 else 0))
    return _("{speed} ({line})", speed=formatting.speed(bytes_per_s), line=line)
