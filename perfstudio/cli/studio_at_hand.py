"""The studio that a verb talks to, and the token for it."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from perfstudio.cli.output import Output
from perfstudio.cli.tokens import read_token
from perfstudio.delivery.tokens import StoredToken
from perfstudio.language.catalogue import _
from perfstudio.model.delivery import SignIn, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.systems.consoles import is_terminal
from perfstudio.texts.deliveries import other_key


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which studio, the token for it, and its certificate."""
    parser.add_argument("--studio", metavar="ID", help=_("a studio's id, or the address or file of its studio.json"))
    parser.add_argument("--token-file", type=Path, metavar="FILE", help=_("the sign-in token the studio gave you"))
    parser.add_argument(
        "--trust", type=Path, metavar="FILE", help=_("the receiver's own certificate, as the studio gave it")
    )


def studio_named(name: str | None, trust: str | None, new_key: str | None, delivery_service: DeliveryService) -> Studio:
    """The studio that was named by its id, address or file; without a name the only one that is known. Raises
    DeliveryError."""
    if name is not None and ("/" in name or name.endswith(".json")):
        return _connect(name, trust, new_key, delivery_service)
    studio = known_studio(name, delivery_service)
    return delivery_service.trust(studio, trust) if trust else studio


def known_studio(studio_id: str | None, delivery_service: DeliveryService) -> Studio:
    """The studio of this id among those that are connected; without an id the only one. Raises DeliveryError."""
    if studio_id is not None:
        return delivery_service.studios.get(studio_id)
    known = delivery_service.studios.all()
    if not known:
        raise DeliveryError(ErrorCode.STUDIO_UNKNOWN, studio="")
    if len(known) > 1:
        raise DeliveryError(ErrorCode.STUDIOS_SEVERAL, known=", ".join(studio.id for studio in known))
    return known[0]


def _connect(name: str, trust: str | None, new_key: str | None, delivery_service: DeliveryService) -> Studio:
    try:
        return delivery_service.connect(name, trust, new_key)
    except DeliveryError as problem:
        if other_key(problem):  # how a verb is told that the studio has confirmed it
            problem.facts["option"] = f"--new-key “{problem.facts['new']}”"
        raise


def sign_in(file: Path | None, studio: Studio, delivery_service: DeliveryService, out: Output) -> None:
    """Have the token at hand that the studio asks for: from a file, kept, or typed where somebody sits."""
    if studio.sign_in is not SignIn.TOKEN:
        return
    token = read_token(file) if file else None
    if token is None and delivery_service.token(studio) is None and is_terminal(sys.stdin):
        token = getpass.getpass(_("Sign-in token for {studio}: ", studio=studio.name))
    if token and delivery_service.sign_in(studio, token) is not StoredToken.KEYRING:
        out.warn(_("This computer has no password store (keyring). The token is kept until this command ends."))
