"""Try the line to a partner at another machine, with whom a scene is to be played: how long the way is, and how closely
two takes that are made now can be laid on each other.

The two find each other under a code at a studio's receiver; what goes over the line goes from one to the other.
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from perfstudio.call.messages import LineOrder
from perfstudio.cli import options, terminal
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.studio_at_hand import sign_in, studio_named
from perfstudio.delivery.trust import read_trust
from perfstudio.language.catalogue import _
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.duet.meeting import StudioMeeting, shown_code, typed_code
from perfstudio.session.duet.try_line import LineHooks, try_line
from perfstudio.systems.ending_signals import heard
from perfstudio.texts import duet as words

SECONDS = 10.0
MOST_SECONDS = 600.0


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `duet`."""
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help=_("the code that your partner was given; without it a new one is made")
    )
    parser.add_argument("--studio", metavar="ID", help=_("a studio's id, or the address or file of its studio.json"))
    parser.add_argument("--token-file", type=Path, metavar="FILE", help=_("the token that the studio gave you"))
    parser.add_argument(
        "--trust", type=Path, metavar="FILE", help=_("the receiver's own certificate, as the studio gave it")
    )
    parser.add_argument(
        "--stun",
        type=options.stun,
        metavar="HOST:PORT",
        help=_("a server that tells this computer its outer address; without one both have to be on one network"),
    )
    parser.add_argument("--seconds", type=options.positive, default=SECONDS, help=_("how long to measure"))
    parser.add_argument("--yes", action="store_true", help=_("show my address to my partner without asking"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Find the partner, say the words, say what the line is like."""
    code = typed_code(args.code) if args.code is not None else None
    if not (args.yes or _agreed(out)):
        out.document({"tried": False})
        return REASON
    stop = threading.Event()
    with open_home(args) as home:
        service = DeliveryService(home.library, home.paths, tell=home.asides.add)
        try:
            studio = studio_named(args.studio, read_trust(args.trust) if args.trust else None, None, service)
            sign_in(args.token_file, studio, service, out)
            token = service.token(studio)
        finally:
            service.close()
    said: list[str] = []
    with heard(stop.set), StudioMeeting(studio, token, code, stop) as meeting:
        if code is None:
            note = out.warn if out.as_json else out.say
            note(words.give_code(shown_code(meeting.code)))

        def compare(four: tuple[str, ...]) -> None:
            said.extend(four)
            out.say(words.compare(four))

        hooks = LineHooks(met=lambda: out.say(words.met(bool(args.stun))), words=compare)
        order = LineOrder(meeting.first, min(args.seconds, MOST_SECONDS), (args.stun,) if args.stun else ())
        found = try_line(meeting, order, hooks, stop)
    for line in words.line_is(found):
        out.say(line)
    out.document(
        {
            "tried": True,
            "words": said,
            "round_trip_s": found.round_trip_s,
            "bound_s": found.bound_s,
            "pings": found.pings,
            "unanswered": found.unanswered,
            "problem": found.problem.value if found.problem else None,
        }
    )
    return REASON if found.problem else DONE


def _agreed(out: Output) -> bool:
    """A direct line shows each one's address to the other: asked before anything is looked up."""
    if sys.stdin is None or not sys.stdin.isatty():
        out.warn(_("Nothing was tried. {why} Say so with --yes.", why=words.addresses()))
        return False
    terminal.note(_("{why} Type yes: ", why=words.addresses()))
    if sys.stdin.readline().strip().casefold() in ("yes", _("yes").casefold()):
        return True
    out.warn(_("Nothing was tried."))
    return False
