"""Consent for one take: show what is asked, sign for named uses, withdraw.

The passphrase of a key file comes from the terminal, or from PERFSTUDIO_PASSPHRASE_FILE in scripts.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import sys
from pathlib import Path

from perfstudio.cli.homes import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.telling import tell_receivers, told_document
from perfstudio.cli.tokens import read_token
from perfstudio.model.consent import UseId
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.session.home import Home
from perfstudio.session.posting import Posting
from perfstudio.session.views import ConsentOffer, KeyState
from perfstudio.words.rights import use_line
from perfstudio.words.states import use_label, waits_for

PASSPHRASE_FILE = "PERFSTUDIO_PASSPHRASE_FILE"


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `consent`."""
    verbs = parser.add_subparsers(dest="consent_verb", required=True, metavar="WHAT")
    show = verbs.add_parser("show", help="what is asked, what stands, the terms, the receipt")
    sign = verbs.add_parser("sign", help="sign for exactly the uses you name")
    sign.add_argument("--uses", required=True, metavar="A,B")
    sign.add_argument("--name", required=True, help="your name, as you sign it")
    withdraw = verbs.add_parser("withdraw", help="take everything back, and tell the receivers")
    withdraw.add_argument("--token-file", type=Path, metavar="FILE", help="the token that the studio gave you")
    for verb in (show, sign, withdraw):
        verb.add_argument("take", help="an id, its beginning, or prompt/number")


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it."""
    with open_home(args) as home:
        take_id = home.takes.find(args.take)
        match args.consent_verb:
            case "show":
                _show(home, home.consents.offer(take_id), out)
            case "sign":
                _sign(home, take_id, args, out)
            case "withdraw":
                return _withdraw(home, take_id, args.token_file, out)
    return DONE


def _show(home: Home, offer: ConsentOffer, out: Output) -> None:
    out.say(f"What may {offer.studio.name} do with “{offer.title}”, take {offer.number}?")
    for use in offer.uses:
        mark = "yes" if use.id in offer.standing else "off"
        out.say(f"  {mark}  {use.id.value:22} {use_label(use.id)}")
        out.say(f"       {'':22} {use_line(use)}")
    out.say()
    out.say(offer.terms.title)
    out.say(offer.terms.text)
    if offer.signed is not None:
        out.say(home.consents.receipt_text(offer.take_id))
    out.document(
        {
            "take_id": offer.take_id,
            "uses": [{"id": u.id.value, "required": u.required, "granted": u.id in offer.standing} for u in offer.uses],
            "signed": offer.signed.isoformat() if offer.signed else None,
            "withdrawn": offer.withdrawn,
            "terms": offer.terms.to_json(),
        }
    )


def _sign(home: Home, take_id: str, args: argparse.Namespace, out: Output) -> None:
    uses = _uses(args.uses, home.consents.offer(take_id))
    signed = home.consents.sign(take_id, uses, args.name, passphrase=lambda: _passphrase(home, take_id))
    out.say(home.consents.receipt_text(take_id))
    if wanting := home.takes.line(take_id).missing:
        out.say(f"\nBefore it can go this take waits for {waits_for(wanting)}.")
    out.document({"take_id": take_id, "record_id": signed.record_id, "uses": sorted(signed.granted())})


def _withdraw(home: Home, take_id: str, token_file: Path | None, out: Output) -> int:
    token = read_token(token_file) if token_file else None
    record = home.consents.withdraw(take_id, passphrase=lambda: _passphrase(home, take_id))
    with contextlib.closing(Posting(home.library, home.paths)) as posting:
        posting.withdrawn(take_id, record)
        out.say("Taken back. Nothing more of this take leaves this computer.")
        told = tell_receivers(home, posting, out, take_id=take_id, token=token)
    document = {"take_id": take_id, "record_id": record.record_id, "withdrawn": True}
    out.document({**document, **told_document(told)})
    return DONE if all(line.problem is None for line in told) else REASON


def _uses(text: str, offer: ConsentOffer) -> frozenset[UseId]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    offered = {use.id.value for use in offer.uses}
    for name in names:
        if name not in offered:
            raise ConsentError(ErrorCode.CONSENT_USE_UNKNOWN, use=name, offered=", ".join(sorted(offered)))
    return frozenset(UseId(name) for name in names)


def _passphrase(home: Home, take_id: str) -> str | None:
    file = os.environ.get(PASSPHRASE_FILE)
    if file:
        return Path(file).read_text("utf-8").strip()
    if not sys.stdin.isatty():
        return None
    if home.consents.offer(take_id).key is KeyState.NONE:
        print("There is no keyring here. Choose a passphrase that protects your signing key.", file=sys.stderr)
    return getpass.getpass("Passphrase: ")
