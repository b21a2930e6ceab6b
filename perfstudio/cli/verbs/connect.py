"""Accept a studio's invitation: first it is shown who invites, then it connects.

The four words are those of the studio's key; the studio tells them by another way. No take is sent by connecting.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from perfstudio.cli.asking import says_yes
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.delivery.tokens import StoredToken
from perfstudio.delivery.trust import read_trust
from perfstudio.durable import file_error, remove, write_durably, write_new
from perfstudio.language.catalogue import _
from perfstudio.model.errors import LibraryError
from perfstudio.model.links import LONGEST
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.invitation_desk import Connected, InvitationDesk, InvitationOffer
from perfstudio.texts import connecting

FROM_STDIN = "-"


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `connect`."""
    parser.add_argument(
        "link",
        metavar="LINK",
        help=_("the whole invitation, starting with perfstudio://; - reads it from standard input"),
    )
    parser.add_argument("--words", metavar="WORDS", help=_("connect without asking if these are the four words"))
    parser.add_argument(
        "--yes", action="store_true", help=_("connect without asking, unless the studio is known by another key")
    )
    parser.add_argument(
        "--token-to",
        type=Path,
        metavar="FILE",
        help=_("write the sign-in token to a new file, for --token-file, if there is no password store (keyring)"),
    )
    parser.add_argument(
        "--trust", type=Path, metavar="FILE", help=_("the receiver's own certificate, as the studio gave it")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Show who invites; connect when that is agreed."""
    link = sys.stdin.readline(4 * LONGEST) if args.link == FROM_STDIN else args.link
    with open_home(args) as home:
        delivery_service = DeliveryService(home.library, home.paths, tell=home.asides.add)
        try:
            desk = InvitationDesk(delivery_service)
            offer = desk.look(link, read_trust(args.trust) if args.trust else None)
            for line in connecting.offer_lines(offer):
                out.say(line)
            if not (_same_words(offer, args, out) and _can_keep(offer, args, out) and _agreed(offer, args, out)):
                out.document({**_facts(offer), "connected": False})
                return REASON
            done = _agree(desk, offer, delivery_service, args.token_to)
        finally:
            delivery_service.close()
    out.say(connecting.connected(done))
    if args.token_to is not None:
        out.say(_("Its token is in “{file}”. Give that file with --token-file to deliver.", file=args.token_to))
    elif done.kept is not StoredToken.KEYRING:
        out.warn(connecting.kept_nowhere(done.kept))
    out.document({**_facts(offer), "connected": True, "known": done.known, "token": done.kept.value})
    return DONE


def _same_words(offer: InvitationOffer, args: argparse.Namespace, out: Output) -> bool:
    """Whether the words typed beforehand are the key's, however they were set apart; asked first of all."""
    if args.words is None or re.findall(r"\w+", args.words.lower()) == list(offer.words):
        return True
    out.warn(_("Those are not the words of this studio's key. Nothing was connected."))
    return False


def _can_keep(offer: InvitationOffer, args: argparse.Namespace, out: Output) -> bool:
    """A code is good once: it is not spent on a token that would be gone with this command."""
    if offer.would_keep is StoredToken.KEYRING or args.token_to is not None:
        return True
    out.warn(connecting.cannot_keep(offer.would_keep))
    return False


def _agree(desk: InvitationDesk, offer: InvitationOffer, service: DeliveryService, file: Path | None) -> Connected:
    """With the file made beforehand: a token that cannot be written would be lost. Raises LibraryError."""
    if file is None:
        return desk.agree(offer)
    try:
        write_new(file, b"")
    except OSError as problem:
        raise file_error(problem, file, LibraryError) from problem
    try:
        done = desk.agree(offer)
    except BaseException:
        remove(file)
        raise
    try:
        write_durably(file, (service.token(done.studio) or "").encode() + b"\n")
    except OSError as problem:
        raise file_error(problem, file, LibraryError) from problem
    return done


def _agreed(offer: InvitationOffer, args: argparse.Namespace, out: Output) -> bool:
    """The second press: what was typed beforehand, or is answered at the terminal."""
    if args.words is not None or (args.yes and not offer.other_key):
        return True
    compare = _(
        "Nothing was connected. Compare the words with the ones the studio told you, and give them with --words."
    )
    question = _("Connect to {name}? Type yes: ", name=offer.name)
    return says_yes(question, out, no=_("Nothing was connected."), nobody=compare, here=args.link != FROM_STDIN)


def _facts(offer: InvitationOffer) -> dict[str, str]:
    return {
        "studio": offer.studio_id,
        "name": offer.name,
        "legal_name": offer.legal_name,
        "address": offer.address,
        "words": " ".join(offer.words),
    }
