"""Telling a receiver that consent was taken back, and deleting there what is not finished. Repeatable at any point."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import dropwhile

from perfstudio.delivery.deletion_check import weighed
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.origin import origin_of
from perfstudio.delivery.outbox import Outbox, Paper
from perfstudio.delivery.outbox_withdrawals import PendingWithdrawal, WithdrawalReply
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.tus import TusClient
from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import STANDING, ConsentEvent, ConsentRecord, ConsentStatus
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.delivery import Studio

RecordsOf = Callable[[str], tuple[ConsentRecord, ...]]
"""The records of a take that can be read: the one that it stands on first, then those whose place it took."""
_NOT_OFFERED = (400, 403, 405, 501)
NEVER_TAKEN = (409, 422)
"""The receiver has another record under this id, or takes this one for none: asking again changes nothing."""
_UNKNOWN = (404, 410)
"""The receiver does not know the record, or no longer: it has been told nothing."""


def tell(
    pending: PendingWithdrawal,
    studio: Studio,
    wire: HttpClient,
    outbox: Outbox,
    records_of: RecordsOf = lambda take_id: (),
) -> WithdrawalReply | None:
    """Tell one receiver, and what it made of it. Told when it has confirmed, done with when the reply leaves nothing
    open; raises TransferError or DeliveryError to be tried again.

    Level B gets the act itself, and before it the record where that is not known there (a receiver that has lost its
    papers may still hold the take), or where the act follows lines that were given again. A plain tus server has no
    call for it: the act is left there as withdrawal.json, with the same take id as the files it is about; also at a
    studio that has calls now, where the files went to it as to a plain server. Unfinished uploads are deleted; a
    server that cannot delete keeps them.
    """
    reply = None
    if pending.event is not None and studio.base is not None:
        calls = ReceiverApi(wire, studio.base)
        reply = _asked(calls, pending, pending.event, studio, records_of(pending.take_id))
    tus = TusClient(wire, studio.tus)
    urls = outbox.upload_urls(pending.take_id, studio.id) if pending.blocks else ()
    for url in urls:
        if origin_of(url) == wire.origin:
            _delete(tus, url)
    if pending.event is not None and went_plainly(pending, studio, outbox):
        if reply is None or not pending.told:  # it is not left once more while a statement is asked for
            leave(tus, "withdrawal", pending, canonical_bytes(pending.event.to_json()), needed=reply is None)
        reply = reply or WithdrawalReply(DeletionWord.LEFT)
    outbox.told(pending, reply)
    return reply


def went_plainly(about: Paper, studio: Studio, outbox: Outbox) -> bool:
    """Whether the files of a take went to a plain tus server, and not by the calls of level B."""
    return studio.base is None or outbox.noted(about.take_id, studio.id)[0] == "A"


def _asked(
    calls: ReceiverApi,
    pending: PendingWithdrawal,
    act: ConsentEvent,
    studio: Studio,
    records: tuple[ConsentRecord, ...],
) -> WithdrawalReply:
    """What it made of the act. The record is brought where it is not known, also one that another has replaced; where
    that was lost at both ends, nobody can be shown any more what was taken back.
    """
    record = next((known for known in records if known.record_id == pending.record_id), None)
    if record is not None and _follows_giving(record, act):
        _bring(calls, record.model_copy(update={"events": record.events[: act.seq]}))
    try:
        return weighed(calls.withdraw(pending.record_id, act), pending, act, studio)
    except TransferError as refused:
        if refused.failure.status not in _UNKNOWN:
            raise
        if record is None and records and calls.speaks():
            return WithdrawalReply(DeletionWord.LOST)
        if record is None:
            raise _unheard(refused.failure) from None
    _introduce(calls, record)
    try:
        return weighed(calls.withdraw(pending.record_id, act), pending, act, studio)
    except TransferError as again:
        raise _unheard(again.failure) from None


def _follows_giving(record: ConsentRecord, act: ConsentEvent) -> bool:
    """Whether lines were given again, or later than the first ones, before an act: who has not heard of that yet would
    not know what the act follows, and take it for somebody else's.
    """
    states = (before.state for before in record.events[: act.seq - 1])
    return any(state in STANDING for state in dropwhile(lambda state: state is ConsentStatus.GIVEN, states))


def _bring(calls: ReceiverApi, record: ConsentRecord) -> None:
    """The acts that one follows. Who has more of the record by now, or none of it, says so to the act as well."""
    try:
        calls.put_consent(record.record_id, record.canonical())
    except TransferError as refused:
        if refused.failure.status not in NEVER_TAKEN:
            raise


def _introduce(calls: ReceiverApi, record: ConsentRecord) -> None:
    try:
        calls.put_consent(record.record_id, record.canonical())
    except TransferError as refused:
        raise _unheard(refused.failure) from None


def _unheard(failure: Failure) -> TransferError:
    """A receiver that has no place for the record has heard nothing, whatever it is that it has no place for."""
    if failure.status in _UNKNOWN:
        failure = replace(failure, step=DeliveryStep.JSON, fault=Fault.STATUS, status=503)
    return TransferError(failure)


def _delete(tus: TusClient, url: str) -> None:
    try:
        tus.terminate(url)
    except TransferError as refused:
        if refused.failure.status not in _NOT_OFFERED:
            raise


def leave(tus: TusClient, role: str, about: Paper, data: bytes, *, needed: bool = True) -> None:
    """Leave a paper (`role`.json) at a plain tus server, with the same take id as the files it is about.

    Not `needed`: the studio was told by its calls, and may take no files but those that were announced.
    """
    try:
        _send(tus, role, about, data)
    except TransferError as refused:
        if needed or not 400 <= refused.failure.status < 500:
            raise


def _send(tus: TusClient, role: str, about: Paper, data: bytes) -> None:
    metadata = {
        "filename": f"{role}.json",
        "filetype": "application/json",
        "take_id": about.take_id,
        "role": role,
        "consent_id": about.record_id,
    }
    url = tus.create(len(data), metadata).url
    offset = 0
    while offset < len(data):
        offset = tus.send(
            url,
            io.BytesIO(data),
            offset=offset,
            length=len(data) - offset,
            size=len(data),
            checksum=None,
            tick=lambda sent: None,
        )
