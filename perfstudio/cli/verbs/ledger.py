"""The ledger: what became of each take that was signed, and what its pay adds up to by the pack's own words.

It says what is known here. What studios decide comes with the next contact: `perfstudio deliver`, or the window.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
from pathlib import Path

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.durable import file_error, is_there, write_durably
from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import LibraryError
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.given import GivenService
from perfstudio.session.ledger import ledger_of
from perfstudio.session.ledger_document import document, table_bytes
from perfstudio.texts.ledger import ledger_text


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `ledger`."""
    parser.add_argument("--studio", metavar="ID", help=_("from this studio only"))
    parser.add_argument("--csv", type=Path, metavar="FILE", help=_("also write it as a table to a new file"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Print it; 1 when something of a take could not be read."""
    with (
        open_home(args) as home,
        contextlib.closing(DeliveryService(home.library, home.paths, tell=home.asides.add)) as service,
    ):
        given = GivenService(home.library, home.shelf, service.outbox.statuses).read()
    if args.studio is not None:
        given = given.only(studio_id=args.studio)
    ledger, made = ledger_of(given), utc_now()
    if args.csv is not None:
        _write(args.csv, table_bytes(ledger))
    out.say(ledger_text(ledger, made).rstrip())
    if args.csv is not None:
        out.say()
        out.say(_("Written to {file}", file=args.csv))
    out.document(document(ledger, made))
    return REASON if ledger.unread else DONE


def _write(file: Path, data: bytes) -> None:
    """Never over something else. Raises LibraryError."""
    try:
        if is_there(file):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file))
        write_durably(file, data)
    except (OSError, ValueError) as problem:  # a name with a NUL is no name
        error = problem if isinstance(problem, OSError) else OSError(str(problem))
        raise file_error(error, file, LibraryError) from problem
