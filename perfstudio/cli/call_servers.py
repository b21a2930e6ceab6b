"""Servers for two who play together: as a studio that receives names them, and as one of the two does."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli import options
from perfstudio.cli.tokens import read_token
from perfstudio.language.catalogue import _
from perfstudio.model.call_servers import CallServers
from perfstudio.model.call_ways import CallWays
from perfstudio.receiver.relay_pass import RelaySecret


def add_of_studio(parser: argparse.ArgumentParser) -> None:
    """What a receiver says of servers."""
    _add_servers(
        parser,
        _("a server that tells two performers who play together their outer addresses"),
        _("a relay for two performers who find no direct way, or want none; with --turn-secret-file"),
    )
    parser.add_argument(
        "--turn-secret-file", type=Path, metavar="FILE",
        help=_("the secret that the relay shares with this receiver, in a file (static-auth-secret of coturn)"),
    )  # fmt: skip


def of_studio(args: argparse.Namespace) -> tuple[CallServers | None, RelaySecret | None]:
    """The servers that were named, and what passes are made of. Raises DeliveryError(TOKEN_UNREADABLE)."""
    secret = RelaySecret(read_token(args.turn_secret_file)) if args.turn_secret_file is not None else None
    servers = CallServers(stun=args.stun, turn=args.turn)
    return (servers if args.stun or args.turn else None), secret


def add_of_one(parser: argparse.ArgumentParser) -> None:
    """What one of two says of servers."""
    _add_servers(
        parser,
        _("a server that tells this computer its outer address, instead of the studio's"),
        _("a relay instead of the studio's; with --turn-user and --turn-password-file"),
    )
    parser.add_argument("--turn-user", default="", metavar="NAME", help=_("who you are to that relay"))
    parser.add_argument("--turn-password-file", type=Path, metavar="FILE", help=_("its password, in a file"))
    parser.add_argument(
        "--relay-only", action="store_true",
        help=_("connect through the relay alone, so that your partner does not see your address"),
    )  # fmt: skip


def of_one(args: argparse.Namespace) -> CallWays:
    """The servers that one of two named. Raises DeliveryError(TOKEN_UNREADABLE)."""
    password = read_token(args.turn_password_file) if args.turn_password_file is not None else ""
    return CallWays(args.stun, args.turn, args.turn_user, password, args.relay_only)


def _add_servers(parser: argparse.ArgumentParser, stun: str, turn: str) -> None:
    parser.add_argument("--stun", type=options.stun, metavar="HOST:PORT", help=stun)
    parser.add_argument("--turn", type=options.turn, metavar="HOST:PORT", help=turn)
