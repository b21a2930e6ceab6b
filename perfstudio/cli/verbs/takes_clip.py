"""`takes clip`: a kept take as a file for a partner, once its performer has read what that means and agreed."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path

from perfstudio.cli import options, terminal
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.consent.names import shown_name
from perfstudio.language.catalogue import _, language
from perfstudio.model.clip import ClipAgreed, ClipUse
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.clips.offer import USUAL_DAYS, file_for, offer
from perfstudio.session.home import Home
from perfstudio.systems.consoles import is_terminal
from perfstudio.texts import clips as words


def add(verb: argparse.ArgumentParser) -> None:
    """Its options."""
    verb.add_argument("file", type=Path, metavar="FILE", help=_("where the clip goes; its name ends in .perfclip"))
    verb.add_argument("--picture", action="store_true", help=_("your partner may see you too, not only hear you"))
    verb.add_argument(
        "--days", type=options.long_days, default=USUAL_DAYS, metavar="N",
        help=_("how long your partner may keep it (90)"),
    )  # fmt: skip
    verb.add_argument(
        "--called", default="", metavar="NAME",
        help=_("what your partner may call you; without it no name goes along"),
    )  # fmt: skip
    verb.add_argument(
        "--yes-cannot-be-fetched-back", action="store_true", dest="agreed",
        help=_("you have read what is said first, and agree; for where nobody can be asked"),
    )  # fmt: skip


def run(home: Home, take_id: str, args: argparse.Namespace, out: Output) -> int:
    """Say what goes out, ask, make the file, and say what is there."""
    from perfstudio.session.clips.making import make_clip  # noqa: PLC0415 - loads what cuts films

    offered = offer(home.library, take_id)
    if args.picture and not offered.has_picture:
        raise MediaError(ErrorCode.CLIP_NO_PICTURE, take=take_id)
    final, called = file_for(args.file, offered), shown_name(args.called)
    at = utc_now()
    until = at + timedelta(days=args.days)
    text = words.agreement(offered, until, picture=args.picture)
    out.say(words.what(offered, picture=args.picture))
    out.say(text)
    if not (args.agreed or _agreed(out)):
        out.document({"made": False})
        return REASON
    may = (ClipUse.HEAR, ClipUse.SEE) if args.picture else (ClipUse.HEAR,)
    agreed = ClipAgreed(at=at, language=language(), text=text, may=may, keep_until=until)
    given = make_clip(home.library, home.paths.clips, take_id, final, agreed, called=called)
    out.say(words.made(given))
    out.document({"made": True, "file": str(final), "clip": given.to_json()})
    return DONE


def _agreed(out: Output) -> bool:
    """What is answered at the terminal; nobody there is a no."""
    if not is_terminal(sys.stdin):
        out.warn(_("No clip was made. Where nobody can be asked, add --yes-cannot-be-fetched-back."))
        return False
    terminal.note(_("Make the clip? Type yes: "))
    if sys.stdin.readline().strip().casefold() in ("yes", _("yes").casefold()):
        return True
    out.warn(_(words.REFUSED))
    return False
