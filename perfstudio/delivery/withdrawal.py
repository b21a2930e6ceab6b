"""Telling a receiver that consent was taken back, and deleting there what is not finished. Repeatable at any point."""

from __future__ import annotations

import io

from perfstudio.delivery.failure import TransferError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.origin import origin_of
from perfstudio.delivery.outbox import Outbox, PendingWithdrawal
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.tus import TusClient
from perfstudio.model.base import canonical_bytes
from perfstudio.model.delivery import Studio

_NOT_OFFERED = (400, 403, 405, 501)


def tell(pending: PendingWithdrawal, studio: Studio, wire: HttpClient, outbox: Outbox) -> None:
    """Tell one receiver. Done when it has confirmed; raises TransferError or DeliveryError to be tried again.

    Level B gets the act itself. A plain tus server has no call for it: the act is left there as withdrawal.json, with
    the same take id as the files it is about. Unfinished uploads are deleted; a server that cannot delete keeps them.
    """
    level = outbox.noted(pending.take_id, studio.id)[0]
    speaks_b = studio.base is not None and level != "A"
    if pending.event is not None and speaks_b and studio.base is not None:
        ReceiverApi(wire, studio.base).withdraw(pending.record_id, pending.event)
    tus = TusClient(wire, studio.tus)
    urls = outbox.upload_urls(pending.take_id, studio.id) if pending.blocks else ()
    for url in urls:
        if origin_of(url) == wire.origin:
            _delete(tus, url)
    if pending.event is not None and not speaks_b:
        leave(tus, "withdrawal", pending.take_id, pending.record_id, canonical_bytes(pending.event.to_json()))
    outbox.told(pending)


def _delete(tus: TusClient, url: str) -> None:
    try:
        tus.terminate(url)
    except TransferError as refused:
        if refused.failure.status not in _NOT_OFFERED:
            raise


def leave(tus: TusClient, role: str, take_id: str, record_id: str, data: bytes) -> None:
    """Leave a paper (`role`.json) at a plain tus server, with the same take id as the files it is about."""
    metadata = {
        "filename": f"{role}.json",
        "filetype": "application/json",
        "take_id": take_id,
        "role": role,
        "consent_id": record_id,
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
