"""`receive exports`: which takes went into which data set or film, so that a deletion can name them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli.output import DONE, Output, table
from perfstudio.cli.receive_others import say_others
from perfstudio.cli.receive_pairs import say_apart
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.cli.usage import Several
from perfstudio.language.catalogue import _, ngettext
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.receiver.arrivals import find_arrival
from perfstudio.receiver.exports import Exports
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.texts.formatting import day_and_clock, here, number

PARTS = ("exports",)


def add(parts: Any) -> None:
    """The part `exports` of `receive`, with its acts."""
    acts = parts.add_parser(PARTS[0], help=_("which takes went into which data set")).add_subparsers(
        dest="exports_act", required=True, metavar="ACT"
    )
    note = acts.add_parser("add", help=_("note which takes are part of an export"))
    note.add_argument("name", help=_("your own name for the export"))
    takes = _("takes held here: their ids, or the first letters of them")
    note.add_argument("takes", nargs="+", action=Several, metavar="TAKE", help=takes)
    shown = acts.add_parser("list", help=_("list every export with its takes"))
    for act in (note, shown):
        act.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("the folder where takes arrive"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Do what was asked. Raises DeliveryError or LibraryError."""
    with receiver_in(args.folder) as layout:
        return {"add": _add, "list": _list}[args.exports_act](args, layout, out)


def _add(args: argparse.Namespace, layout: ReceiverLayout, out: Output) -> int:
    takes = tuple(_arrived(layout, text) for text in args.takes)
    stands = Exports(layout).add(args.name, takes)
    many = len(stands)
    out.say(
        ngettext(
            "“{name}” is listed with {number} take.", "“{name}” is listed with {number} takes.", many,
            name=args.name, number=number(many),
        )
    )  # fmt: skip
    stated, noted = say_others(layout, takes, out), [note.take_id for note in stands]
    apart = say_apart(layout, noted, out)
    out.document({"name": args.name, "takes": noted, "others": stated, "not_together": apart})
    return DONE


def _arrived(layout: ReceiverLayout, text: str) -> str:
    """The take that is meant, as for `accept`; what is none is refused by its own words."""
    try:
        return find_arrival(layout, text)
    except DeliveryError as problem:
        if problem.code is not ErrorCode.ARRIVAL_UNKNOWN:
            raise
        return text


def _list(args: argparse.Namespace, layout: ReceiverLayout, out: Output) -> int:
    notes = Exports(layout).notes()
    for line in table([(n.name, n.take_id, day_and_clock(here(n.noted_at))) for n in notes]):
        out.say(line)
    if not notes:
        out.say(_("No exports are listed."))
    out.document({"exports": [note.to_json() for note in notes]})
    return DONE
