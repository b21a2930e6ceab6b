"""`receive withdrawals`: acts that the key of their record did not sign wait here for a person."""

from __future__ import annotations

import argparse
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.language.catalogue import _
from perfstudio.receiver.app import LOOK_EVERY_S
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.locking import open_lock
from perfstudio.receiver.takes import DEFAULT_LIMITS, TakeStore
from perfstudio.receiver.waiting_acts import SHOWN, WaitingAct, WaitingActs
from perfstudio.session.delivery.admission import admission
from perfstudio.texts.error_details import reason
from perfstudio.texts.formatting import day_and_clock, here, listing
from perfstudio.texts.states import use_label

PARTS = ("withdrawals",)
PATIENCE_S = LOOK_EVERY_S + 5.0
"""For the receiver that runs beside this."""


def add(parts: Any) -> None:
    """The part `withdrawals` of `receive`, with its acts."""
    acts = parts.add_parser(PARTS[0], help=_("consent that was taken back without the right signature")).add_subparsers(
        dest="withdrawals_act", required=True, metavar="ACT"
    )
    for name, text in (
        ("list", _("list what is waiting for you")),
        ("confirm", _("it is from the performer: what they took back ends")),
        ("dismiss", _("it is not from the performer: nothing changes")),
    ):
        act = acts.add_parser(name, help=text)
        if name != "list":
            act.add_argument("id", help=_("as `list` shows it"))
        act.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("the folder where takes arrive"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Do what was asked. Raises DeliveryError or LibraryError."""
    with receiver_in(args.folder) as layout:
        consents = ConsentStore(layout, admission("receiver"))
        if args.withdrawals_act == "list":
            return _list(WaitingActs(layout), consents, out)
        if args.withdrawals_act == "dismiss":
            return _dismiss(args.id, consents, out)
        return _confirm(args.id, layout, consents, out)


def _list(waiting: WaitingActs, consents: ConsentStore, out: Output) -> int:
    found = [(acts.record_id, act) for acts in waiting.all() for act in acts.waiting]
    for record_id, act in found:
        out.say(
            _(
                "{id}: for take {take}, since {when}. It would take back: {uses}. It is waiting because {why}.",
                id=act.sha256()[:SHOWN],
                take=consents.take_of(record_id),
                when=day_and_clock(here(act.received_at)),
                uses=listing(use_label(use) for use in act.event.use_ids),
                why=reason(act.why) or _("its signature is not valid"),
            )
        )
    if found:
        out.say(_("Ask the performer before you confirm or dismiss one."))
    else:
        out.say(_("No taken-back consent is waiting for you."))
    out.document({"waiting": [_plain(record_id, act, consents) for record_id, act in found]})
    return DONE


def _plain(record_id: str, act: WaitingAct, consents: ConsentStore) -> dict[str, object]:
    return {
        "id": act.sha256()[:SHOWN],
        "record_id": record_id,
        "take_id": consents.take_of(record_id),
        "use_ids": [use.value for use in act.event.use_ids],
        "received_at": act.received_at.isoformat(),
        "why": act.why,
    }


def _dismiss(text: str, consents: ConsentStore, out: Output) -> int:
    record_id, act = consents.decide(text, confirmed=False)
    out.say(_("Dismissed. The take stays as it is, and the sender is told."))
    out.document(_plain(record_id, act, consents) | {"dismissed": True})
    return DONE


def _confirm(text: str, layout: ReceiverLayout, consents: ConsentStore, out: Output) -> int:
    record_id, act = consents.decide(text, confirmed=True)
    takes = TakeStore(layout, consents, limits=DEFAULT_LIMITS)
    kept = takes.may_be_kept(record_id)
    gone = () if kept else _gone(layout, takes, record_id)
    if kept:
        out.say(_("Confirmed. You may keep the take, but no longer use it for what was taken back."))
    elif gone:
        out.say(_("Confirmed, and take {take} is deleted.", take=listing(gone)))
    else:
        out.warn(_("Confirmed. The running receiver has not deleted the take yet; check again with `list`."))
    out.document(_plain(record_id, act, consents) | {"confirmed": True, "kept": kept, "deleted": list(gone)})
    return DONE if kept or gone else REASON


def _gone(layout: ReceiverLayout, takes: TakeStore, record_id: str) -> tuple[str, ...]:
    """Takes that are gone because of a record: removed here, or by the receiver that runs beside this."""
    try:
        alone = open_lock(layout.lock, wait=False)
    except BlockingIOError:
        give_up_s = monotonic() + PATIENCE_S
        while not (gone := tuple(takes.gone(record_id))) and monotonic() < give_up_s:
            sleep(0.2)
        return gone
    with alone:
        return tuple(takes.let_go(record_id))
