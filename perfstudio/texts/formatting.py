"""Numbers, times and dates as people say them. Text only; the units of the arguments are in their names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from perfstudio.language.catalogue import Messages, Plural, _, pgettext
from perfstudio.language.conventions import MINUS, alternatives, clock, day, day_of_year, listing, number

__all__ = [
    "MINUS", "Counted", "about", "alternatives", "chain", "clock", "count", "day", "day_and_clock", "day_of_year",
    "decibels", "dotted", "duration", "frequency", "here", "in_sync_within", "listing", "milliseconds", "minutes_range",
    "number", "percent", "size", "span", "speed", "when",
]  # fmt: skip

Counted = Literal[
    "byte",
    "clap",
    "click",
    "file",
    "finding",
    "frame",
    "more time",
    "pack",
    "picture",
    "prompt",
    "scene",
    "take",
    "use",
]
_COUNTED: dict[Counted, Plural] = {
    "byte": Plural("{number} byte", "{number} bytes", "0 bytes"),
    "clap": Plural("{number} clap", "{number} claps", "no claps"),
    "click": Plural("{number} click", "{number} clicks", "no clicks"),
    "file": Plural("{number} file", "{number} files", "no files"),
    "finding": Plural("{number} finding", "{number} findings", "no findings"),
    "frame": Plural("{number} frame", "{number} frames", "no frames"),
    # Translators: what happened at 0:04 and at so many more moments.
    "more time": Plural("{number} more time", "{number} more times"),
    "pack": Plural("{number} pack", "{number} packs", "no packs"),
    "picture": Plural("{number} frame", "{number} frames", "no frames"),
    "prompt": Plural("{number} prompt", "{number} prompts", "no prompts"),
    "scene": Plural("{number} scene", "{number} scenes", "no scenes"),
    "take": Plural("{number} take", "{number} takes", "no takes"),
    # Translators: uses that a take may be put to.
    "use": Plural("{number} use", "{number} uses", "no uses"),
}


def count(value: int, what: Counted) -> str:
    """1 take, 2 takes, no takes."""
    return _COUNTED[what].of(value, number=number(value))


def duration(seconds: float) -> str:
    """A clock time inside a take: 0:04, 2:31, 1:02:09. Cut, never rounded up, as a running clock shows it."""
    whole = max(0, int(seconds + 1e-6))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def span(seconds: float) -> str:
    """A length of time in words: 0.4 s, 7 s, 2 min 31 s, 2 h 10 min."""
    if seconds < 9.95:
        return _("{number} s", number=number(seconds, 1 if seconds >= 0.1 else 2))
    whole = round(seconds)
    if whole < 60:
        return _("{number} s", number=whole)
    if whole < 3600:
        minutes, left = divmod(whole, 60)
        if left:
            return _("{minutes} min {seconds} s", minutes=minutes, seconds=left)
        return _("{number} min", number=minutes)
    hours, minutes = divmod(round(seconds / 60), 60)
    if minutes:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return _("{number} h", number=hours)


def about(seconds: float) -> str:
    """How long something will take or fit, no more exact than it is known: about 2 h 10 min, less than a minute."""
    if seconds < 50:
        return _("less than a minute")
    minutes = max(1, round(seconds / 60))
    if minutes > 20:
        minutes = round(minutes / 5) * 5
    return _("about {length}", length=span(minutes * 60))


def minutes_range(low_s: float, high_s: float) -> str:
    """The target length of a scene: 2–4 min, 1–1½ min, 40–60 s."""
    if low_s < 60:
        return _("{low}–{high} s", low=number(low_s), high=number(high_s))
    low, high = _half_minutes(low_s), _half_minutes(high_s)
    if low == high:
        return _("{number} min", number=low)
    return _("{low}–{high} min", low=low, high=high)


def _half_minutes(seconds: float) -> str:
    halves = max(1, round(seconds / 30))
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''}"


_SIZES: Messages[tuple[tuple[str, float], ...]] = (
    ("{number} GB", 1e9),
    ("{number} MB", 1e6),
    ("{number} kB", 1e3),
)


def size(value: float) -> str:
    """Bytes: 812 kB, 41 MB, 1.3 GB (powers of ten, as disks are sold)."""
    for text, scale in _SIZES:
        if value >= 0.9995 * scale:
            return _(text, number=number(value / scale, 1 if value < 9.95 * scale else 0))
    return count(round(value), "byte")


def speed(bytes_per_s: float) -> str:
    """1.3 MB a second."""
    return _("{size} a second", size=size(bytes_per_s))


def percent(share: float) -> str:
    """A share of 0..1 as 98 %; small ones keep a digit. Nothing that is missing a little is called 100 %."""
    shown = 100 * share
    if 99.5 <= shown < 100:
        shown = 99
    return _("{number} %", number=number(shown, 1 if 0 < abs(shown) < 1 else 0))


def decibels(value: float, digits: int = 0) -> str:
    """31 dB, −12 dB."""
    return _("{number} dB", number=number(value, digits))


def milliseconds(value: float) -> str:
    """0.2 ms, 14 ms. What is nearer to nothing than a hundredth is said as a hundredth: no clock is perfect."""
    value = value if abs(value) >= 0.01 else 0.01
    digits = 2 if abs(value) < 0.1 else 1 if abs(value) < 10 else 0
    return _("{number} ms", number=number(value, digits))


def frequency(hz: float) -> str:
    """50 Hz, 4 kHz."""
    if hz >= 1000:
        return _("{number} kHz", number=number(hz / 1000, 1))
    return _("{number} Hz", number=number(hz))


def in_sync_within(residual_ms: float) -> str:
    """in sync within 0.2 ms."""
    return _("in sync within {length}", length=milliseconds(abs(residual_ms)))


def chain(parts: Iterable[str]) -> str:
    """Facts one after another, without what is empty: 48 kHz, mono."""
    return pgettext("between facts", ", ").join(part for part in parts if part)


def dotted(parts: Iterable[str]) -> str:
    """Facts side by side, without what is empty: 2 years · EU."""
    return " · ".join(part for part in parts if part)


def here(moment: datetime) -> datetime:
    """A moment in the zone of this computer; as it is where the system cannot reckon it: Windows none before 1970 began
    there, and nobody what falls out of the years 1 to 9999.
    """
    try:
        return moment.astimezone()
    except (OSError, OverflowError, ValueError):
        return moment


def day_and_clock(moment: datetime) -> str:
    """20 November 2026, 14:06, in the zone the moment carries."""
    return _("{day}, {time}", day=day(moment), time=clock(moment))


def when(moment: datetime, now: datetime) -> str:
    """today 14:06, yesterday 9:30, 20 November 14:06, 3 May 2024. In the zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days in (0, 1):
        return _("yesterday {time}", time=clock(local)) if days else _("today {time}", time=clock(local))
    if local.year == now.year:
        return _("{day} {time}", day=day_of_year(local), time=clock(local))
    return day(local)
