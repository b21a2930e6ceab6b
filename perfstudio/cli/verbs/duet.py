"""Test the connection to a partner at another computer, with whom a scene is to be played: how long the way is, and how
closely two takes that are made now can be lined up.

The two find each other under a code at a studio's receiver; what goes over the line goes from one to the other.
"""

from __future__ import annotations

import argparse
import threading

from perfstudio.call.messages import LineOrder
from perfstudio.cli import options
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.partner_line import add_ways, agreed, by_hand, met, own_word, told, ways
from perfstudio.language.catalogue import _
from perfstudio.session.duet.try_line import try_line
from perfstudio.systems.ending_signals import heard
from perfstudio.texts import duet as words

SECONDS = 10.0
MOST_SECONDS = 600.0


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `duet`."""
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help=_("the code that your partner was given; without it a new one is made")
    )
    parser.add_argument("--seconds", type=options.positive, default=SECONDS, help=_("how long to measure"))
    add_ways(parser)
    parser.set_defaults(wrong_usage=parser.error)


def run(args: argparse.Namespace, out: Output) -> int:
    """Find the partner, say the words, say what the line is like."""
    if args.code and by_hand(args):
        args.wrong_usage(_("a code is for a meeting at a studio: leave it out, or --offer and --answer"))
    if not agreed(args, out):
        out.document({"tried": False})
        return REASON
    stop, said = threading.Event(), list[str]()
    with open_home(args) as home, heard(stop.set):
        word = own_word(args, home, out)
        with met(args, args.code, home, out, stop) as meeting:
            by = ways(args, meeting)
            order = LineOrder(meeting.first, min(args.seconds, MOST_SECONDS), by, by_hand(args))
            found = try_line(meeting, order, told(by, home, out, said), word, stop)
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
