"""Telling receivers what was taken back or given again, as `deliver` and `consent take-back` do it."""

from __future__ import annotations

from typing import Any

from perfstudio.cli.output import Output
from perfstudio.delivery.withdrawal_notices import NoticeOutcome
from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.texts.withdrawals import answered, confirmed, open_still


def tell_receivers(
    home: Home, delivery_service: DeliveryService, out: Output, *, take_id: str | None = None, token: str | None = None
) -> tuple[NoticeOutcome, ...]:
    """Tell all (or those of one take), say who has confirmed and who has not. Never raises for a receiver's sake.

    `token` is lent for this run when there is exactly one receiver to be told: a token goes to nobody else.
    """
    studios = {p.studio_id for p in delivery_service.outbox.pending() if take_id in (None, p.take_id)}
    if token is not None and len(studios) == 1:
        delivery_service.lend_to(studios.pop(), token)
    told = delivery_service.tell_withdrawals(take_id)
    for line in told:
        title = title_of(home, line.take_id)
        if line.problem is not None:
            out.warn(open_still(line.studio_name, title, line.problem, given=line.given))
        else:
            (out.warn if line.is_open else out.say)(_answer(line, title))
    return told


def _answer(line: NoticeOutcome, title: str) -> str:
    reply = line.reply
    if reply is None:
        return confirmed(line.studio_name, given=line.given)
    return answered(line.studio_name, title, reply.word, blocks=line.blocks, exports=reply.exports)


def told_document(told: tuple[NoticeOutcome, ...]) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "told": [_plain(t) for t in told if t.problem is None],
        "untold": [
            {"take_id": t.take_id, "studio": t.studio_id, "code": t.problem.code.value}
            for t in told
            if t.problem is not None
        ],
    }


def _plain(line: NoticeOutcome) -> dict[str, Any]:
    plain: dict[str, Any] = {"take_id": line.take_id, "studio": line.studio_id, "open": line.is_open}
    if line.reply is not None:
        at = line.reply.deleted_at
        plain |= {"word": line.reply.word.value, "deleted_at": at.isoformat() if at else None}
    return plain


def title_of(home: Home, take_id: str) -> str:
    """“The letter”, take 2; the bare id of a take that is no longer here."""
    try:
        line = home.takes.line(take_id)
    except PerfstudioError:
        return take_id
    return _("“{title}”, take {number},", title=line.title, number=line.number)
