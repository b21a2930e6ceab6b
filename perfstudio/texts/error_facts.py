"""How the facts of an error are said in its sentence: numbers with their units, codes in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from perfstudio.model.consent import UseId
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.texts import formatting
from perfstudio.texts.error_details import reason, state, where
from perfstudio.texts.error_permissions import listed, switch
from perfstudio.texts.states import use_label, waits_for

_FORMS: dict[str, Callable[[float], str]] = {
    "seconds": formatting.span,
    "free_mb": lambda mb: formatting.size(mb * 1_000_000),
    "needed_mb": lambda mb: formatting.size(mb * 1_000_000),
}


def said(name: str, value: str | int | float) -> str:
    """One fact; empty where there is nothing to say."""
    if name in _FORMS and isinstance(value, int | float):
        return _FORMS[name](value)
    if name in _CODES:
        return _CODES[name](str(value))
    return formatting.number(value, 1) if isinstance(value, float) else str(value).strip()


def _use(value: str) -> str:
    try:
        return use_label(UseId(value))
    except ValueError:
        return value


def _day(value: str) -> str:
    """A moment as the day that a person here calls it."""
    return formatting.day(formatting.here(datetime.fromisoformat(value))) if value else ""


def _missing(value: str) -> str:
    return waits_for(MissingLabel(one) for one in value.split(",") if one)


_CODES: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("detail", "problem", "reason", "what"), reason),
    **dict.fromkeys(("state", "needed"), state),
    "address": lambda value: "" if value == "?" else value,
    "clock": _day,
    "seen": _day,
    "missing": _missing,
    "use": _use,
    "where": where,
    "listed": listed,
    "switch": switch,
}
