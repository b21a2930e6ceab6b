"""Whether this computer opens links, packs and clips with perfstudio. What is said was read back from the system."""

from __future__ import annotations

import argparse

from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _
from perfstudio.paths import AppPaths
from perfstudio.session.system_links.registration import system_links, turned
from perfstudio.session.system_links.states import LinkOwner
from perfstudio.texts import links


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `links`."""
    verbs = parser.add_subparsers(dest="links_verb", required=True, metavar="WHAT")
    verbs.add_parser("show", help=_("show which program opens them now, according to the system"))
    verbs.add_parser("register", help=_("open them with this perfstudio, for your account only"))
    verbs.add_parser("remove", help=_("undo that"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    system = system_links(AppPaths.choose(args.home).home)
    now = system.look() if args.links_verb == "show" else turned(system, on=args.links_verb == "register")
    out.say(links.opened_by(now))
    if not now.all_this:
        out.say(_(links.BY_HAND))
    facts = {"owner": now.owner.value, "by": now.by, "installed": now.installed, "beside": now.beside}
    out.document({"opens": now.owner is LinkOwner.THIS, **facts, "packs": now.packs.value, "clips": now.clips.value})
    return DONE
