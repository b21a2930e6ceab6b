"""What Review says of how a take is played: how fast, how loud, again and again."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.texts import formatting


def speed(times: float) -> str:
    """Speed 1×, Speed 0.75×."""
    digits = next(digits for digits in (0, 1, 2) if round(times, digits) == times)
    return _("Speed {number}×", number=formatting.number(times, digits))


def volume(percent: int) -> str:
    """Volume 80 %."""
    return _("Volume {share}", share=formatting.percent(percent / 100))


def loop(on: bool) -> str:
    """Whether it begins again at its end."""
    return _("Loop is on") if on else _("Loop")


def take(number: int) -> str:
    """Take 2."""
    return _("Take {number}", number=number)
