"""The receiving end for one small studio; on this computer only unless told otherwise."""

from __future__ import annotations

import argparse
from pathlib import Path

from pydantic import ValidationError

from perfstudio.cli import (
    call_servers,
    options,
    receive_clips,
    receive_exports,
    receive_invite,
    receive_pairs,
    receive_performers,
    receive_rulings,
    receive_tokens,
    receive_withdrawals,
)
from perfstudio.cli.output import DONE, Output
from perfstudio.cli.tokens import read_token
from perfstudio.delivery.origin import is_loopback, origin_of
from perfstudio.language.catalogue import _
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import fingerprint
from perfstudio.receiver.serve import DEFAULT_SETTINGS, Receiver, ReceiverSettings, serve
from perfstudio.session.delivery.admission import admission

SHORTEST_TOKEN = 20
MODULES = (
    receive_tokens,
    receive_invite,
    receive_rulings,
    receive_pairs,
    receive_clips,
    receive_withdrawals,
    receive_exports,
    receive_performers,
)
PARTS = {name: module for module in MODULES for name in module.PARTS}
"""What a studio does beside serving; each module has `add` and `run`."""
_OPTIONS = {"id": "studio_id", "name": "name", "legal_name": "legal_name", "contact": "contact"}


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `receive`."""
    parser.add_argument("--folder", type=Path, metavar="DIR", help=_("the folder where takes arrive"))
    parser.add_argument("--port", type=options.port, default=8737, metavar="N")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=_("127.0.0.1 by default"))
    parser.add_argument("--token-file", type=Path, metavar="FILE", help=_("a token shared by all senders, in a file"))
    parser.add_argument("--studio-id", default="receiver", metavar="ID", help=_("the id used in this studio's packs"))
    parser.add_argument("--name", default="perfstudio receiver", help=_("the studio's name, as performers see it"))
    parser.add_argument(
        "--legal-name", help=_("the legal name of whoever receives takes; required beyond this computer")
    )
    parser.add_argument("--contact", help=_("how performers can reach you; required beyond this computer"))
    parser.add_argument(
        "--practice", action="store_true", help=_("for trying it out: accepts takes from practice devices only")
    )
    parser.add_argument(
        "--accept-records-without-age",
        action="store_true",
        help=_(
            "also accept consents that do not state that the performer is 18 or older, as perfstudio 0.1.0 wrote them"
        ),
    )
    parser.add_argument(
        "--public-url", default="", metavar="URL", help=_("the address senders use when a TLS proxy is in front")
    )
    parser.add_argument("--certificate", type=Path, metavar="PEM", help=_("serve https directly, with --key"))
    parser.add_argument("--key", type=Path, metavar="PEM")
    parser.add_argument(
        "--plain-http",
        action="store_true",
        help=_("serve other computers without https anyway: anybody on the way can read what is sent"),
    )
    call_servers.add_of_studio(parser)
    parser.set_defaults(wrong_usage=parser.error)
    parts = parser.add_subparsers(dest="receive_part", metavar="WHAT")
    for module in MODULES:
        module.add(parts)


def run(args: argparse.Namespace, out: Output) -> int:
    """Serve until interrupted, or do one of the parts, beside the receiver or while it rests."""
    if args.receive_part is not None:
        done: int = PARTS[args.receive_part].run(args, out)
        return done
    if args.folder is None:
        args.wrong_usage(_("--folder is missing: where should takes arrive?"))

    def ready(receiver: Receiver) -> None:
        out.say(_("Listening on {url}", url=receiver.url))
        out.say(_("The studio's document: {url}/studio.json", url=receiver.url))
        key = fingerprint(receiver.key.public_key)
        out.say(_("The studio's key, for performers to compare: {key}", key=key))
        for kept in receiver.set_aside:
            out.warn(
                _(
                    "The record of what was deleted of take {take} cannot be read; the damaged file is “{file}”. "
                    "Until you restore it from a backup, a statement about that deletion names no files. Records of "
                    "other deletions are not affected.",
                    take=kept.name.partition(".")[0],
                    file=kept,
                )
            )
        if settings.tls is None and not is_loopback(args.host):
            out.warn(_("Without a certificate, anybody on the way can read what is sent. Put https in front of it."))
        if args.practice:
            out.say(_("For practice: it accepts takes from practice devices, and nothing else."))
        if receiver.new_token:
            out.say(_("Token for senders, shown once: {token}", token=receiver.new_token))
        out.document({"url": receiver.url, "port": receiver.port, "key": key, "token": receiver.new_token})

    settings = _settings(args)
    token = read_token(args.token_file) if args.token_file else None
    if token is not None:
        _check_token(token)
    rules = admission(args.studio_id, practice=args.practice, without_age=args.accept_records_without_age)
    serve(args.folder, args.host, args.port, token, admission=rules, settings=settings, ready=ready)
    return DONE


def _settings(args: argparse.Namespace) -> ReceiverSettings:
    """What was typed, looked at before anything is opened. Raises DeliveryError(RECEIVER_OPTION)."""
    if (args.certificate is None) != (args.key is None):
        given = "--certificate" if args.key is None else "--key"
        raise _refused(f"{given} alone", "certificate_and_key")
    if (args.turn is None) != (args.turn_secret_file is None):
        given = "--turn" if args.turn_secret_file is None else "--turn-secret-file"
        raise _refused(f"{given} alone", "turn_and_secret")
    beyond = not is_loopback(args.host)
    if args.public_url:
        beyond = not is_loopback(_check_public(args.public_url)) or beyond  # a proxy lets others in
    if beyond:
        _check_beyond(args)
    for name in ("name", "legal_name", "contact"):
        said = getattr(args, name)
        if said is not None and not (said.strip() and said.isprintable()):
            raise _refused(f"--{name.replace('_', '-')} “{' '.join(said.split())[:80]}”", "not_a_line")
    legal_name = args.legal_name or args.name
    contact = args.contact or DEFAULT_SETTINGS.contact
    calls, relay = call_servers.of_studio(args)
    settings = ReceiverSettings(
        studio_id=args.studio_id,
        name=args.name,
        legal_name=legal_name,
        contact=contact,
        public_url=args.public_url,
        tls=(args.certificate, args.key) if args.certificate is not None else None,
        practice=args.practice,
        calls=calls,
        relay=relay,
    )
    try:
        Studio(id=args.studio_id, name=args.name, legal_name=legal_name, contact=contact, tus="")
    except ValidationError as wrong:
        field = str(wrong.errors()[0]["loc"][0])
        value, problem = str(getattr(args, _OPTIONS[field])), "not_an_id" if field == "id" else "not_a_line"
        raise _refused(f"--{_OPTIONS[field].replace('_', '-')} “{' '.join(value.split())[:80]}”", problem) from None
    return settings


def _check_beyond(args: argparse.Namespace) -> None:
    """Whoever receives from others says who they are, and is reached by https."""
    where = f"--host {args.host[:80]}" if not is_loopback(args.host) else f"--public-url {args.public_url[:80]}"
    for name in ("legal_name", "contact"):
        if not (getattr(args, name) or "").strip():
            option = f"--{name.replace('_', '-')}"
            raise _refused(_("{where} without {option}", where=where, option=option), "who_receives")
    if args.certificate is None and not args.public_url and not args.plain_http:
        raise _refused(_("--host {host} without https", host=args.host[:80]), "plain_http")


def _check_public(url: str) -> str:
    """The host of it."""
    try:
        host = origin_of(url).host
    except DeliveryError:
        raise _refused(f"--public-url {url[:80]}", "not_public") from None
    if "?" in url:
        raise _refused(f"--public-url {url[:80]}", "not_public")
    return host


def _check_token(token: str) -> None:
    if len(token) < SHORTEST_TOKEN or not all("!" <= c <= "~" for c in token):
        raise _refused("--token-file", "token_short")


def _refused(option: str, problem: str) -> DeliveryError:
    return DeliveryError(ErrorCode.RECEIVER_OPTION, option=option, problem=problem)
