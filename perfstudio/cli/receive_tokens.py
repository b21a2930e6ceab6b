"""`receive tokens`: one token for each performer, given and taken away while the receiver runs or rests."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli.output import DONE, Output, table
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.language.catalogue import _
from perfstudio.receiver.invitations import Invitations
from perfstudio.receiver.token_file import TokenEntry
from perfstudio.receiver.tokens import SHARED, Tokens
from perfstudio.texts.formatting import day_and_clock, here

PARTS = ("tokens",)


def add(parts: Any) -> None:
    """The part `tokens` of `receive`, with its acts."""
    acts = parts.add_parser(PARTS[0], help=_("who may send: one token per performer")).add_subparsers(
        dest="tokens_act", required=True, metavar="ACT"
    )
    for name, text in (
        ("add", _("make a token for a performer; it is shown once")),
        ("list", _("list every token by its name")),
        ("revoke", _("revoke a token or an open invitation")),
    ):
        act = acts.add_parser(name, help=text)
        if name != "list":
            act.add_argument("name", help=_("your own name for the token's owner"))
        if name == "add":
            act.add_argument(
                "--decides", action="store_true", help=_("a token for yourself, which accepts and rejects takes")
            )
        act.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("the folder where takes arrive"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Do what was asked. Raises DeliveryError or LibraryError."""
    with receiver_in(args.folder, may_be_new=args.tokens_act == "add") as layout:
        tokens = Tokens(layout)
        return {"add": _add, "list": _list, "revoke": _revoke}[args.tokens_act](args, tokens, out)


def _add(args: argparse.Namespace, tokens: Tokens, out: Output) -> int:
    token = tokens.add(args.name, decides=args.decides)
    out.say(_("Token for {name}, shown once: {token}", name=args.name, token=token))
    out.document({"name": args.name, "token": token})
    return DONE


def _revoke(args: argparse.Namespace, tokens: Tokens, out: Output) -> int:
    tokens.revoke(args.name)
    out.say(_("The token for {name} no longer works.", name=args.name))
    out.document({"name": args.name, "revoked": True})
    return DONE


def _list(args: argparse.Namespace, tokens: Tokens, out: Output) -> int:
    entries = tokens.entries()
    rows = [(e.name, day_and_clock(here(e.made_at)), _whose(e)) for e in entries]
    invited = Invitations(tokens).open()
    rows += [(one.name, _("invited, until {ends}", ends=day_and_clock(here(one.ends_at))), "") for one in invited]
    shared = SHARED in tokens.names()
    if shared:
        rows.insert(0, (SHARED, "", _("shared by everybody who has no token of their own")))
    for line in table(rows):
        out.say(line)
    if not rows:
        out.say(_("There are no tokens yet."))
    out.document(
        {
            "shared": shared,
            "tokens": [
                {
                    "name": e.name,
                    "made_at": e.made_at.isoformat(),
                    "performer": e.performer or None,
                    "decides": e.decides,
                }
                for e in entries
            ],
            "invited": [{"name": one.name, "ends_at": one.ends_at.isoformat()} for one in invited],
        }
    )
    return DONE


def _whose(entry: TokenEntry) -> str:
    return _("may decide about takes") if entry.decides else entry.performer or _("not used yet")
