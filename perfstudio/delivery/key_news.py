"""A receiver hears of a changed signing key before anything comes that the new one has signed.

It is told at every contact: a change is a few kilobytes, and a receiver that was set back to an older state hears it
again. One that refuses it, or is older than the call, judges by itself what comes after.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.delivery.failure import Fault, TransferError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.model.delivery import Studio
from perfstudio.model.key_change import KeyChange

_NOT_THIS = (403, 409, 422)
"""Of a change that does not lead to the key that is known there; the next one may."""
_TRY_LATER = (408, 425, 429)


def tell_key_changes(changes: Iterable[KeyChange], studio: Studio, wire: HttpClient) -> None:
    """Tell them in their order, and once more what was refused before another was taken up. A plain tus server has no
    call for it. Raises TransferError to be tried again.
    """
    if studio.base is None:
        return
    calls, left = ReceiverApi(wire, studio.base), tuple(changes)
    while left:
        refused = []
        for change in left:
            heard = _heard(calls, change)
            if heard is None:
                return
            if not heard:
                refused.append(change)
        if len(refused) == len(left):
            return
        left = tuple(refused)  # who knows a later key first can place an earlier change when the next one was heard


def _heard(calls: ReceiverApi, change: KeyChange) -> bool | None:
    """False: it does not lead to the key that is known there. None: nobody listens there."""
    try:
        calls.change_key(change)
    except TransferError as refused:
        failure = refused.failure
        if failure.status >= 500 or failure.status in _TRY_LATER or failure.fault is not Fault.STATUS:
            raise
        return False if failure.status in _NOT_THIS else None
    return True
