"""Numbers, times and dates as people say them. Text only; the units of the arguments are in their names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

MINUS = "\N{MINUS SIGN}"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_IRREGULAR = {"person": "people", "entry": "entries"}


def number(value: float, digits: int = 0) -> str:
    """3 214 or −12.5: narrow no-break spaces between thousands, a true minus, no trailing zeros."""
    text = f"{abs(value):,.{digits}f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return MINUS + text if value < 0 and text != "0" else text


def count(value: int, one: str, many: str | None = None) -> str:
    """1 take, 2 takes, no takes."""
    plural = many or _IRREGULAR.get(one, f"{one}s")
    if value == 0:
        return f"no {plural}"
    return f"{number(value)} {one if value == 1 else plural}"


def duration(seconds: float) -> str:
    """A clock time inside a take: 0:04, 2:31, 1:02:09. Cut, never rounded up, as a running clock shows it."""
    whole = max(0, int(seconds + 1e-6))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def span(seconds: float) -> str:
    """A length of time in words: 0.4 s, 7 s, 2 min 31 s, 2 h 10 min."""
    if seconds < 9.95:
        return f"{number(seconds, 1 if seconds >= 0.1 else 2)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    minutes = round(seconds / 60)
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def about(seconds: float) -> str:
    """How long something will take or fit, no more exact than it is known: about 2 h 10 min, less than a minute."""
    if seconds < 50:
        return "less than a minute"
    minutes = max(1, round(seconds / 60))
    if minutes > 20:
        minutes = round(minutes / 5) * 5
    return f"about {span(minutes * 60)}"


def minutes_range(low_s: float, high_s: float) -> str:
    """The target length of a scene: 2–4 min, 1–1½ min, 40–60 s."""
    if low_s < 60:
        return f"{number(low_s)}–{number(high_s)} s"
    low, high = _half_minutes(low_s), _half_minutes(high_s)
    return f"{low} min" if low == high else f"{low}–{high} min"


def _half_minutes(seconds: float) -> str:
    halves = max(1, round(seconds / 30))
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''}"


def size(value: float) -> str:
    """Bytes: 812 kB, 41 MB, 1.3 GB (powers of ten, as disks are sold)."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= 0.9995 * scale:
            return f"{number(value / scale, 1 if value < 9.95 * scale else 0)} {unit}"
    return count(round(value), "byte") if value else "0 bytes"


def speed(bytes_per_s: float) -> str:
    """1.3 MB a second."""
    return f"{size(bytes_per_s)} a second"


def percent(share: float) -> str:
    """A share of 0..1 as 98 %; small ones keep a digit. Nothing that is missing a little is called 100 %."""
    shown = 100 * share
    if 99.5 <= shown < 100:
        return "99 %"
    return f"{number(shown, 1 if 0 < abs(shown) < 1 else 0)} %"


def decibels(value: float, digits: int = 0) -> str:
    """31 dB, −12 dB."""
    return f"{number(value, digits)} dB"


def milliseconds(value: float) -> str:
    """0.2 ms, 14 ms. What is nearer to nothing than a hundredth is said as a hundredth: no clock is perfect."""
    value = value if abs(value) >= 0.01 else 0.01
    digits = 2 if abs(value) < 0.1 else 1 if abs(value) < 10 else 0
    return f"{number(value, digits)} ms"


def frequency(hz: float) -> str:
    """50 Hz, 4 kHz."""
    return f"{number(hz / 1000, 1)} kHz" if hz >= 1000 else f"{number(hz)} Hz"


def in_sync_within(residual_ms: float) -> str:
    """in sync within 0.2 ms."""
    return f"in sync within {milliseconds(abs(residual_ms))}"


def listing(items: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    words = list(items)
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def day(moment: date | datetime) -> str:
    """20 November 2026. A moment is shown in the zone it carries."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def clock(moment: datetime) -> str:
    """14:06, in the zone the moment carries."""
    return f"{moment.hour}:{moment.minute:02d}"


def when(moment: datetime, now: datetime) -> str:
    """today 14:06, yesterday 9:30, 20 November 14:06, 3 May 2024. In the zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {clock(local)}"
    if local.year == now.year:
        return f"{local.day} {_MONTHS[local.month - 1]} {clock(local)}"
    return day(local)
