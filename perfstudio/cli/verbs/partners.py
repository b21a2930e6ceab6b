"""Partners at other computers with whom I do not play again, and what to tell a studio of one."""

from __future__ import annotations

import argparse

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _
from perfstudio.session.duet.blocked import duet_of
from perfstudio.session.home import Home
from perfstudio.texts import partners as words


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `partners`."""
    verbs = parser.add_subparsers(dest="partners_verb", required=True, metavar="WHAT")
    verbs.add_parser("show", help=_("list the partners you blocked"))
    block = verbs.add_parser("block", help=_("never play again with whoever played the other side of a take"))
    report = verbs.add_parser("report", help=_("the same, and write what to tell the studio; nothing is sent"))
    unblock = verbs.add_parser("unblock", help=_("play with a partner again"))
    for verb in (block, report):
        verb.add_argument("take", metavar="TAKE", help=_("a take played live with them"))
        verb.add_argument("--reason", default="", metavar="WORDS", help=_("why, in your own words"))
    unblock.add_argument("partner", metavar="PARTNER", help=_("the name by which `partners show` lists them"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    with open_home(args) as home:
        if args.partners_verb in ("block", "report"):
            _block(args, home, out)
        elif args.partners_verb == "unblock":
            home.blocked.unblock(args.partner)
            out.say(words.unblocked(args.partner))
        else:
            for partner in home.blocked.all():
                out.say(words.line(partner))
            if not home.blocked.all():
                out.say(words.nobody())
        out.document({"blocked": [partner.to_json() for partner in home.blocked.all()]})
    return DONE


def _block(args: argparse.Namespace, home: Home, out: Output) -> None:
    manifest = home.library.manifest(home.library.find(args.take))
    partner = home.blocked.block(manifest, args.reason)
    out.say(words.blocked(partner))
    if args.partners_verb == "report":
        for line in words.report(partner, duet_of(manifest), manifest):
            out.say(line)
