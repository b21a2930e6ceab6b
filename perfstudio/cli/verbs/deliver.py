"""Send what is accepted; goes on where it stopped.

A studio is named by its id, or by the address or file of its studio.json. The token is asked for once and kept in the
system's keyring; scripts give it with --token-file.
"""

from __future__ import annotations

import argparse

from perfstudio.cli import options, studio_at_hand
from perfstudio.cli.clip_news import hear_of_clips
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.sending import Way, go_on, pause, send_all
from perfstudio.cli.set_aside_notes import tell_receivers, told_document
from perfstudio.cli.studio_at_hand import sign_in, studio_named
from perfstudio.cli.studio_news import hear_from_studios, news_document
from perfstudio.delivery.trust import read_trust
from perfstudio.delivery.withdrawal_notices import NoticeOutcome
from perfstudio.language.catalogue import _
from perfstudio.model.delivery import Receipt
from perfstudio.model.take import TakeState
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.texts.states import waits_for

_KEPT = (TakeState.KEPT, TakeState.ACCEPTED)


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `deliver`."""
    studio_at_hand.add_options(parser)
    parser.add_argument("--take", metavar="TAKE", help=_("only this take"))
    parser.add_argument(
        "--new-key",
        metavar="KEY",
        help=_("with an address or file: the studio's new key, once they have told you it is theirs"),
    )
    parser.add_argument(
        "--cap", type=options.rate, metavar="SPEED", help=_("speed limit for this run: 500kB/s, 4Mbit/s, or none")
    )
    parser.add_argument("--any-network", action="store_true", help=_("use whatever network there is, whatever is set"))
    rest = parser.add_mutually_exclusive_group()
    rest.add_argument("--pause", action="store_true", help=_("pause everything, or the named take, until --go-on"))
    rest.add_argument("--go-on", action="store_true", help=_("end a pause and send"))
    parser.add_argument("--wait", action="store_true", help=_("keep trying until everything has arrived"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Send, say what arrived."""
    with open_home(args) as home:
        delivery_service = DeliveryService(home.library, home.paths, tell=home.asides.add)
        try:
            return _run(args, home, delivery_service, out)
        finally:
            delivery_service.close()


def _run(args: argparse.Namespace, home: Home, delivery_service: DeliveryService, out: Output) -> int:
    if args.pause:
        return pause(home, delivery_service, args.take, out)
    if args.go_on:
        go_on(home, delivery_service, args.take)
    try:
        trust = read_trust(args.trust) if args.trust else None
        studio = studio_named(args.studio, trust, args.new_key, delivery_service)
        sign_in(args.token_file, studio, delivery_service, out)
    finally:  # what was taken back is told first, whatever becomes of the rest
        delivery_service.note_withdrawals()
        told = tell_receivers(home, delivery_service, out)
    takes = (home.takes.find(args.take),) if args.take else delivery_service.ready()
    way = Way(studio, home, delivery_service, out, cap=args.cap, any_network=args.any_network)
    arrived, left = send_all(takes, way, wait=args.wait, named=bool(args.take))
    told += _taken_back_meanwhile(told, home, delivery_service, out)
    news = hear_from_studios(home, delivery_service, out)
    clips = hear_of_clips(home, delivery_service, out)
    unready = () if args.take else tuple(line for line in home.takes.lines(_KEPT) if line.missing)
    for line in unready:
        facts = {"title": line.title, "number": line.number, "missing": waits_for(line.missing)}
        out.say(_("{title}, take {number} needs {missing}, and stays here until then.", **facts))
    if not takes and not told:
        out.say(_("Nothing is ready to send. A take can leave once it is kept, labelled and signed."))
    out.document(
        {
            "studio": studio.id,
            "delivered": [receipt.to_json() for receipt in arrived if isinstance(receipt, Receipt)],
            "sent": [note.to_json() for note in arrived if not isinstance(note, Receipt)],
            "left": [{"take_id": take_id, "code": problem.code.value} for take_id, problem in left.items()],
            "waiting": [{"take_id": line.take_id, "missing": [m.value for m in line.missing]} for line in unready],
            **news_document(news),
            **clips,
            **told_document(told),
        }
    )
    return REASON if left or any(line.is_open for line in told) else DONE


def _taken_back_meanwhile(
    told: tuple[NoticeOutcome, ...], home: Home, delivery_service: DeliveryService, out: Output
) -> tuple[NoticeOutcome, ...]:
    """Consent that was withdrawn beside this delivery, by another verb or in the window."""
    delivery_service.note_withdrawals()
    before = {line.take_id for line in told}
    since = sorted({pending.take_id for pending in delivery_service.outbox.untold()} - before)
    return tuple(line for take_id in since for line in tell_receivers(home, delivery_service, out, take_id=take_id))
