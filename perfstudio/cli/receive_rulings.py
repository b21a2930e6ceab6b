"""`receive accept` and `receive reject`: what the studio decides of a take that has come."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli import options
from perfstudio.cli.output import DONE, Output
from perfstudio.cli.receive_others import say_others
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.language.catalogue import _
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ruling import LONGEST_REASON, RulingWish, RulingWord
from perfstudio.receiver.arrivals import find_arrival
from perfstudio.receiver.inviting import public_key
from perfstudio.receiver.rulings import Rulings
from perfstudio.receiver.studio_key import studio_key
from perfstudio.texts.formatting import duration
from perfstudio.texts.template import one_line

PARTS = ("accept", "reject")
_WORDS = {"accept": RulingWord.ACCEPTED, "reject": RulingWord.REJECTED}


def add(parts: Any) -> None:
    """The parts `accept` and `reject` of `receive`."""
    for name, text in (
        ("accept", _("accept a take that has arrived")),
        ("reject", _("ask for a take that has arrived to be redone, and tell the performer why")),
    ):
        part = parts.add_parser(name, help=text)
        part.add_argument("take", metavar="TAKE", help=_("the name of its folder, or the first letters of it"))
        part.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("the folder where takes arrive"))
        part.add_argument(
            "--reason",
            default="",
            required=name == "reject",
            metavar="TEXT",
            help=_("one line for the performer"),
        )
        part.add_argument(
            "--at", type=options.moment, metavar="S", help=_("the moment in the take this is about, in seconds")
        )


def run(args: argparse.Namespace, out: Output) -> int:
    """Decide, and say what is told. Raises DeliveryError or LibraryError."""
    reason = " ".join(args.reason.split())
    if len(reason) > LONGEST_REASON:
        raise DeliveryError(ErrorCode.RULING_WRONG, problem="reason_long")
    with receiver_in(args.folder) as layout:
        public_key(layout)
        take_id = find_arrival(layout, args.take)
        wish = RulingWish(word=_WORDS[args.receive_part], reason=reason, at_s=args.at)
        made = Rulings(layout, studio_key(layout)).rule(take_id, wish)
    if made.word is RulingWord.ACCEPTED:
        out.say(_("Take {take} is accepted. The performer is told the next time they connect.", take=take_id))
    else:
        out.say(_("Take {take} is to be redone. The performer is told the next time they connect.", take=take_id))
    if made.reason:
        out.say(one_line(made.reason) if made.at_s is None else f"{duration(made.at_s)} · {one_line(made.reason)}")
    stated = say_others(layout, (take_id,), out)
    out.document(made.to_json() | stated.get(take_id, {}))
    return DONE
