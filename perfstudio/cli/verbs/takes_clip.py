"""`takes clip`: a kept take as a file for a partner, once its performer has read what that means and agreed."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli.clip_agreement import add_options, agreed_to, offered_with
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.consent.names import shown_name
from perfstudio.language.catalogue import _
from perfstudio.session.clips.offer import file_for
from perfstudio.session.home import Home
from perfstudio.texts import clips as words


def add(verb: argparse.ArgumentParser) -> None:
    """Its options."""
    verb.add_argument("file", type=Path, metavar="FILE", help=_("where the clip goes; its name ends in .perfclip"))
    add_options(verb)
    verb.add_argument(
        "--yes-cannot-be-fetched-back", action="store_true", dest="agreed",
        help=_("you have read what is said first, and agree; for where nobody can be asked"),
    )  # fmt: skip


def run(home: Home, take_id: str, args: argparse.Namespace, out: Output) -> int:
    """Say what goes out, ask, make the file, and say what is there."""
    from perfstudio.session.clips.making import make_clip  # noqa: PLC0415 - loads what cuts films

    offered = offered_with(home, take_id, args)
    final, called = file_for(args.file, offered), shown_name(args.called)
    agreed = agreed_to(
        offered, lambda until: words.agreement(offered, until, picture=args.picture), args, out,
        question=_("Make the clip? Type yes: "), no=_(words.REFUSED),
        nobody=_("No clip was made. Where nobody can be asked, add --yes-cannot-be-fetched-back."),
    )  # fmt: skip
    if agreed is None:
        out.document({"made": False})
        return REASON
    given = make_clip(home.library, home.paths.clips, take_id, final, agreed, called=called)
    out.say(words.made(given))
    out.document({"made": True, "file": str(final), "clip": given.to_json()})
    return DONE
