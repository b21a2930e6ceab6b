"""The receiving end for one small studio; on this computer only unless told otherwise."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli import options
from perfstudio.cli.output import DONE, Output
from perfstudio.receiver.serve import Receiver, Settings, serve
from perfstudio.session.admission import admission


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `receive`."""
    parser.add_argument("--folder", type=Path, required=True, metavar="DIR", help="where takes arrive")
    parser.add_argument("--port", type=options.port, default=8737, metavar="N")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="127.0.0.1 unless told otherwise")
    parser.add_argument("--token", metavar="T", help="what senders must show; made anew and printed once without it")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="the same, from a file")
    parser.add_argument("--studio-id", default="receiver", metavar="ID", help="the id that packs of this studio carry")
    parser.add_argument("--name", default="perfstudio receiver", help="the studio's name, as performers see it")
    parser.add_argument("--legal-name", default="perfstudio receiver")
    parser.add_argument("--contact", default="-")
    parser.add_argument("--public-url", default="", metavar="URL", help="how senders reach it behind a TLS proxy")
    parser.add_argument("--certificate", type=Path, metavar="PEM", help="serve https directly, with --key")
    parser.add_argument("--key", type=Path, metavar="PEM")


def run(args: argparse.Namespace, out: Output) -> int:
    """Serve until interrupted."""

    def ready(receiver: Receiver) -> None:
        out.say(f"Listening on {receiver.url}")
        out.say(f"The studio's document: {receiver.url}/studio.json")
        if receiver.new_token:
            out.say(f"Token for senders, shown once: {receiver.new_token}")
        out.document({"url": receiver.url, "port": receiver.port, "token": receiver.new_token})

    settings = Settings(
        studio_id=args.studio_id,
        name=args.name,
        legal_name=args.legal_name,
        contact=args.contact,
        public_url=args.public_url,
        tls=(args.certificate, args.key) if args.certificate and args.key else None,
    )
    token = args.token_file.read_text("utf-8").strip() if args.token_file else args.token
    serve(args.folder, args.host, args.port, token, admission=admission(args.studio_id), settings=settings, ready=ready)
    return DONE
