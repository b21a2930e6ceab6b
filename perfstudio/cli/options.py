"""Text and numbers as people type them. What is no number is answered with what one looks like (exit 2)."""

from __future__ import annotations

import argparse
import math
import re

from perfstudio.delivery.rate_cap import LEAST
from perfstudio.language.catalogue import _
from perfstudio.model.call_ways import SERVER
from perfstudio.texts.languages import tag_of
from perfstudio.texts.rates import RateProblemError, parse_rate, shown

MOST_DIGITS, MOST_SHOWN, MOST_DAYS = 9, 40, 3650


def text(typed: str) -> str:
    """What was typed, with a mark for every byte that is no text here: it is looked for and written down as text."""
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in typed)


def positive(typed: str) -> float:
    """A number above zero."""
    found = _number(typed)
    if found is None or not 0 < found < math.inf:
        raise argparse.ArgumentTypeError(
            _("must be a number above zero, such as 12 or 2.5, not “{typed}”", typed=_short(typed))
        )
    return found


def moment(typed: str) -> float:
    """Seconds from the beginning."""
    found = _number(typed)
    if found is None or not 0 <= found < math.inf:
        raise argparse.ArgumentTypeError(
            _("must be a number of seconds, 0 or more, not “{typed}”", typed=_short(typed))
        )
    return found


def milliseconds(typed: str) -> float:
    """Up to two seconds, early or late."""
    found = _number(typed)
    if found is None or not -2000 <= found <= 2000:
        raise argparse.ArgumentTypeError(
            _("must be a number of milliseconds, at most 2000, not “{typed}”", typed=_short(typed))
        )
    return found


def size(typed: str) -> tuple[int, int]:
    """Width and height of a picture."""
    width, _by, height = typed.lower().partition("x")
    sides = _whole(width), _whole(height)
    if None in sides:
        raise argparse.ArgumentTypeError(_("must look like 1280x720, not like “{typed}”", typed=_short(typed)))
    return sides[0] or 0, sides[1] or 0


def port(typed: str) -> int:
    """A port of this computer; 0 lets the system choose."""
    found = _whole(typed)
    if found is None or found > 65535:
        raise argparse.ArgumentTypeError(
            _("must be a whole number from 0 to 65535, not “{typed}”", typed=_short(typed))
        )
    return found


def days(typed: str) -> int:
    """So many days, 1 to 60."""
    found = _whole(typed)
    if found is None or not 1 <= found <= 60:
        raise argparse.ArgumentTypeError(_("must be a whole number from 1 to 60, not “{typed}”", typed=_short(typed)))
    return found


def long_days(typed: str) -> int:
    """So many days, 1 to ten years of them."""
    found = _whole(typed)
    if found is None or not 1 <= found <= MOST_DAYS:
        raise argparse.ArgumentTypeError(
            _("must be a whole number from 1 to {most}, and not “{typed}”", most=MOST_DAYS, typed=_short(typed))
        )
    return found


def language(typed: str) -> str:
    """A language by its tag, or by its name."""
    found = tag_of(typed)
    if found is None:
        raise argparse.ArgumentTypeError(
            _("must be a language such as de or pt-BR, not “{typed}”", typed=_short(typed))
        )
    return found


def scale(typed: str) -> int:
    """How much of something, 1 to 9."""
    found = _whole(typed)
    if found is None or not 1 <= found <= 9:
        raise argparse.ArgumentTypeError(_("must be a whole number from 1 to 9, not “{typed}”", typed=_short(typed)))
    return found


def stun(typed: str) -> str:
    """The address of a STUN server."""
    return f"stun:{_server(typed.removeprefix('stun:'), typed)}"


def turn(typed: str) -> str:
    """The address of a relay; reached by UDP, or as `turns:` says by TLS."""
    safe = typed.startswith("turns:")
    server = _server(typed.removeprefix("turns:" if safe else "turn:"), typed)
    return f"turns:{server}?transport=tcp" if safe else f"turn:{server}"


def _server(named: str, typed: str) -> str:
    if re.fullmatch(SERVER, named) is None or int(named.rpartition(":")[2]) > 65535:
        raise argparse.ArgumentTypeError(
            _("must be a server and its port, such as stun.example.org:3478, and not “{typed}”", typed=_short(typed))
        )
    return named


def rate(typed: str) -> float:
    """Bytes a second; infinite for no cap."""
    try:
        found = parse_rate(typed)
    except RateProblemError:
        least = shown(LEAST)
        raise argparse.ArgumentTypeError(
            _(
                "must be a speed, such as 500kB/s or 4Mbit/s, at least {least}, not “{typed}”",
                least=least,
                typed=_short(typed),
            )
        ) from None
    return math.inf if found is None else found


def _number(typed: str) -> float | None:
    try:
        return float(typed)
    except ValueError:
        return None


def _whole(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) <= MOST_DIGITS else None


def _short(typed: str) -> str:
    return typed if len(typed) <= MOST_SHOWN else f"{typed[:MOST_SHOWN]} …"
