"""`receive performers`: who has sent something, with which key, and a new key accepted by a person of the studio."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli.output import DONE, Output
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.cli.usage import Several, harmless
from perfstudio.language.catalogue import _
from perfstudio.model.jws import fingerprint
from perfstudio.receiver.performers import PerformerKnown, Performers, SigningKeyKnown
from perfstudio.texts.formatting import day_and_clock, here

PARTS = ("performers",)


def add(parts: Any) -> None:
    """The part `performers` of `receive`, with its acts."""
    words = _("which performers' keys are known, and accepting a new key for a lost one")
    acts = parts.add_parser(PARTS[0], help=words).add_subparsers(dest="performers_act", required=True, metavar="ACT")
    for name, text in (
        ("list", _("list everybody who has sent a take, with the fingerprint of their key")),
        (
            "accept-key",
            _("accept the waiting key as theirs from now on; the performer must have told you its fingerprint"),
        ),
    ):
        act = acts.add_parser(name, help=text)
        if name != "list":
            act.add_argument("performer", metavar="ID", help=_("the performer, named as `list` names them"))
            words = _("the fingerprint shown on their receipt")
            act.add_argument("key", nargs="+", action=Several, metavar="KEY", help=words)
        act.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("the folder where takes arrive"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Do what was asked. Raises DeliveryError or LibraryError."""
    with receiver_in(args.folder) as layout:
        performers = Performers(layout)
        if args.performers_act == "list":
            _list(performers.all(), out)
        else:
            _accepted(args.performer, performers.accept_key(args.performer, " ".join(args.key)), out)
    return DONE


def _list(everybody: tuple[PerformerKnown, ...], out: Output) -> None:
    for known in everybody:
        out.say(harmless(known.performer_id))
        for key in known.keys:
            out.say("  " + _line(key))
        if known.waiting is not None:
            out.say("  " + _("{key} is waiting: takes signed with it are turned away", key=fingerprint(known.waiting)))
    if not everybody:
        out.say(_("Nobody has sent a take yet."))
    out.document({"performers": [_plain(known) for known in everybody]})


def _line(key: SigningKeyKnown) -> str:
    facts = {"key": fingerprint(key.public_key), "when": day_and_clock(here(key.since))}
    if key.how == "first_contact":
        return _("{key}, since their first take on {when}", **facts)
    if key.how == "accepted":
        return _("{key}, accepted on {when}", **facts)
    if key.change is None:
        return _("{key}, an earlier key, replaced by the next one on {when}", **facts)
    return _("{key}, which the key before it signed for; known since {when}", **facts)


def _accepted(performer_id: str, key: SigningKeyKnown, out: Output) -> None:
    print_of_key = fingerprint(key.public_key)
    out.say(
        _(
            "From now on {id} signs with {key}. Their receipt shows the same fingerprint.",
            id=performer_id,
            key=print_of_key,
        )
    )
    out.document({"performer_id": performer_id, "accepted": key.to_json() | {"fingerprint": print_of_key}})


def _plain(known: PerformerKnown) -> dict[str, Any]:
    plain = known.to_json()
    plain["keys"] = [key.to_json() | {"fingerprint": fingerprint(key.public_key)} for key in known.keys]
    return plain
