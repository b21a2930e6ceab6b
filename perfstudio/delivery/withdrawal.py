"""Telling a receiver that consent was taken back, and deleting there what is not finished. Repeatable at any point."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from perfstudio.delivery.deletion_check import weighed
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.origin import origin_of
from perfstudio.delivery.outbox import Outbox, Paper
from perfstudio.delivery.outbox_withdrawals import PendingWithdrawal, WithdrawalReply
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.tus import TusClient
from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentEvent, ConsentRecord
from perfstudio.model.deletion import DeletionWord, WithdrawalReceived
from perfstudio.model.delivery import Studio

RecordOf = Callable[[str], ConsentRecord | None]
"""The record of a take as it is now; None where there is none that can be read."""
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
    record_of: RecordOf = lambda take_id: None,
) -> WithdrawalReply | None:
    """Tell one receiver, and what it made of it. Told when it has confirmed, done with when the reply leaves nothing
    open; raises TransferError or DeliveryError to be tried again.

    Level B gets the act itself, and before it the record where that is not known there (a receiver that has lost its
    papers may still hold the take), or where the act follows lines that were given again. A plain tus server has no
    call for it: the act is left there as withdrawal.json, with the same take id as the files it is about. Unfinished
    uploads are deleted; a server that cannot delete keeps them.
    """
    level = outbox.noted(pending.take_id, studio.id)[0]
    speaks_b = studio.base is not None and level != "A"
    reply = None
    if pending.event is not None and speaks_b and studio.base is not None:
        received = _say(ReceiverApi(wire, studio.base), pending, pending.event, record_of)
        reply = weighed(received, pending, pending.event, studio)
    tus = TusClient(wire, studio.tus)
    urls = outbox.upload_urls(pending.take_id, studio.id) if pending.blocks else ()
    for url in urls:
        if origin_of(url) == wire.origin:
            _delete(tus, url)
    if pending.event is not None and not speaks_b:
        leave(tus, "withdrawal", pending, canonical_bytes(pending.event.to_json()))
        reply = WithdrawalReply(DeletionWord.LEFT)
    outbox.told(pending, reply)
    return reply


def _say(calls: ReceiverApi, pending: PendingWithdrawal, act: ConsentEvent, record_of: RecordOf) -> WithdrawalReceived:
    if pending.record is not None:
        _bring(calls, pending.record_id, pending.record)
    try:
        return calls.withdraw(pending.record_id, act)
    except TransferError as refused:
        if refused.failure.status not in _UNKNOWN:
            raise
        record = record_of(pending.take_id)
        if record is None or record.record_id != pending.record_id:
            raise _unheard(refused.failure) from None
        _introduce(calls, record)
        try:
            return calls.withdraw(pending.record_id, act)
        except TransferError as again:
            raise _unheard(again.failure) from None


def _bring(calls: ReceiverApi, record_id: str, record: bytes) -> None:
    """The acts that one follows. Who has more of the record by now, or none of it, says so to the act as well."""
    try:
        calls.put_consent(record_id, record)
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


def leave(tus: TusClient, role: str, about: Paper, data: bytes) -> None:
    """Leave a paper (`role`.json) at a plain tus server, with the same take id as the files it is about."""
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
