"""`takes played`: the language, accent and age that a take was played in."""

from __future__ import annotations

import argparse

from perfstudio.cli import options
from perfstudio.cli.output import Output
from perfstudio.language.catalogue import _
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.played import OLDEST, UNSAID, Played
from perfstudio.model.reading import value_of
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.session.home import Home
from perfstudio.texts.played import played_line

_NO_AGE = -1
"""No age was played."""


def add(verb: argparse.ArgumentParser) -> None:
    """Options: what is not named stays as it is."""
    verb.set_defaults(wrong_usage=verb.error)
    verb.add_argument(
        "--language", type=options.language, metavar="TAG", help=_("the language you spoke, such as de or pt-BR")
    )
    verb.add_argument("--accent", metavar="TEXT", help=_("the accent or dialect you played; empty removes it"))
    verb.add_argument(
        "--age",
        type=_age,
        metavar="YEARS",
        help=_("the age you played, in years; none removes it"),
    )


def change(home: Home, take_id: str, args: argparse.Namespace) -> None:
    """Say it. Raises LibraryError: LABELS_INVALID, PLAYED_NO_PLACE."""
    if (args.language, args.accent, args.age) == (None, None, None):
        args.wrong_usage(_("give at least one of --language, --accent and --age"))
    before = home.takes.manifest(take_id).how_played() or Played(language=UNSAID)
    accent = before.accent if args.accent is None else " ".join(args.accent.split()) or None
    age = before.age if args.age is None else args.age if args.age != _NO_AGE else None
    try:
        played = value_of(Played, language=args.language or before.language, accent=accent, age=age)
    except JsonProblemError as found:
        raise LibraryError(ErrorCode.LABELS_INVALID, where=found.where, problem=found.problem, **found.facts) from found
    home.takes.say_played(take_id, played)


def say(played: Played | None, out: Output) -> None:
    """What a take says of it, if it does."""
    if played is not None:
        out.say(played_line(played))


def _age(typed: str) -> int:
    words = typed.strip()
    found = int(words) if words.isdecimal() and len(words) <= len(str(OLDEST)) else OLDEST + 1
    if words.casefold() == "none":
        return _NO_AGE
    if found > OLDEST:
        shown = words[: options.MOST_SHOWN]
        raise argparse.ArgumentTypeError(
            _("must be a whole number from 0 to {most}, or none, not “{typed}”", most=OLDEST, typed=shown)
        )
    return found
