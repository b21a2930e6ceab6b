"""`receive invite`: a link for one performer, which becomes a token of their own; told once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli import options
from perfstudio.cli.output import DONE, Output
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.delivery.origin import origin_of
from perfstudio.language.catalogue import _
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.invitation import Invitation
from perfstudio.model.key_words import key_words
from perfstudio.receiver.invitations import DAYS, MOST_DAYS, Invitations
from perfstudio.receiver.inviting import public_key, reached
from perfstudio.receiver.tokens import Tokens
from perfstudio.texts.formatting import day_and_clock, here

PARTS = ("invite",)


def add(parts: Any) -> None:
    """The part `invite` of `receive`."""
    part = parts.add_parser(
        PARTS[0], help=_("make a single-use link for one performer; it turns into a token of their own")
    )
    part.add_argument("name", help=_("your own name for the person you invite"))
    part.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("the folder where takes arrive"))
    part.add_argument(
        "--days",
        type=options.days,
        default=DAYS,
        metavar="N",
        help=_("how many days the invitation is valid; {days} by default, {most} at most", days=DAYS, most=MOST_DAYS),
    )
    part.add_argument(
        "--at",
        metavar="URL",
        help=_("the address at which this performer reaches the receiver, if it differs from the last start"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Print the link. Raises DeliveryError or LibraryError."""
    with receiver_in(args.folder) as layout:
        key, address = public_key(layout), (args.at or reached(layout).url).rstrip("/")
        _require_safe(address)
        made = Invitations(Tokens(layout)).make(args.name, args.days)
    link, words = Invitation(address, made.code, key).link(), " ".join(key_words(key))
    ends = day_and_clock(here(made.ends_at))
    if made.instead:
        out.say(_("The earlier invitation for {name} no longer works.", name=made.name))
    out.say(
        _(
            "Invitation for {name}, shown once. It works for them alone, once, until {ends}:",
            name=made.name,
            ends=ends,
        )
    )
    out.say(link)
    out.say(
        _(
            "perfstudio shows four words before it connects. Give them to {name} some other way, such as by phone: "
            "{words}",
            name=made.name,
            words=words,
        )
    )
    out.document(
        {"name": made.name, "link": link, "words": words, "address": address, "ends_at": made.ends_at.isoformat()}
    )
    return DONE


def _require_safe(address: str) -> None:
    """A code travels over https, or inside this computer. Raises DeliveryError(INVITATION_ADDRESS)."""
    try:
        origin_of(address)
    except DeliveryError:
        raise DeliveryError(ErrorCode.INVITATION_ADDRESS, address=address[:120]) from None
    if "?" in address:
        raise DeliveryError(ErrorCode.INVITATION_ADDRESS, address=address[:120])
