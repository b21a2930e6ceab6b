"""Telling a receiver that lines were given again: the record with all its acts takes the place of the shorter one."""

from __future__ import annotations

from perfstudio.delivery.failure import TransferError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.outbox_given import PendingGiving
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.tus import TusClient
from perfstudio.delivery.withdrawal import leave
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Studio

_NEVER_TAKEN = (409, 422)
"""The receiver has another record under this id, or takes this one for none: asking again changes nothing."""


def outdated(pending: PendingGiving, record: ConsentRecord | None) -> bool:
    """Whether there is nothing to tell any more: another record has taken the place of the one that grew."""
    return record is None or record.record_id != pending.record_id


def tell_given(pending: PendingGiving, record: ConsentRecord, studio: Studio, wire: HttpClient, outbox: Outbox) -> None:
    """Tell one receiver. Done when it has confirmed the record as it is now, by its hash; raises TransferError or
    DeliveryError to be tried again.

    Level B gets the record by the call that takes every record. A plain tus server is left it as consent.json, with
    the same take id as the files it is about.
    """
    level = outbox.noted(pending.take_id, studio.id)[0]
    if studio.base is not None and level != "A":
        _put(ReceiverApi(wire, studio.base), pending, record, outbox)
    else:
        leave(TusClient(wire, studio.tus), "consent", pending.take_id, record.record_id, record.canonical())
    outbox.given(pending)


def _put(api: ReceiverApi, pending: PendingGiving, record: ConsentRecord, outbox: Outbox) -> None:
    try:
        api.put_consent(record.record_id, record.canonical())
    except TransferError as refused:
        if refused.failure.status in _NEVER_TAKEN:  # what was taken back before must not wait for it
            outbox.given(pending, confirmed=False)
        raise
