"""`consent given`: what I have given to whom, on the terminal, as a table, or as one document."""

from __future__ import annotations

import argparse
import contextlib
from typing import Any

from perfstudio.cli import terminal
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.given import GivenService
from perfstudio.session.given_document import document, table
from perfstudio.session.home import Home
from perfstudio.texts.given import page_text


def add(verbs: Any) -> None:
    """The sub-verb."""
    given = verbs.add_parser("given", help=_("what you have given to whom, by studio, pack and take"))
    which = given.add_mutually_exclusive_group()
    which.add_argument("--pack", metavar="ID", help=_("from this pack only"))
    which.add_argument("--studio", metavar="ID", help=_("to this studio only"))
    given.add_argument("--csv", action="store_true", help=_("a table with one row per line, in UTF-8"))


def run(home: Home, args: argparse.Namespace, out: Output) -> int:
    """Print it; 1 when a take could not be read."""
    with contextlib.closing(DeliveryService(home.library, home.paths, tell=home.asides.add)) as service:
        given = GivenService(home.library, home.shelf, service.outbox.statuses).read()
    if args.studio is not None or args.pack is not None:
        given = given.only(studio_id=args.studio, pack_id=args.pack)
    made = utc_now()
    if args.csv and not out.as_json:
        terminal.write_utf8(table(given))
    else:
        out.say(page_text(given, made).rstrip())
        out.document(document(given, made))
    return REASON if given.unread else DONE
