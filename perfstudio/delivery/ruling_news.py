"""Asking a studio what it has decided of takes that it has. Only what its key has signed is believed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.failure import TransferError, TransferStoppedError
from perfstudio.delivery.http import HttpClient, Timeouts
from perfstudio.delivery.policy import Strain, decide
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.sender import open_wire
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ruling import MOST_ASKED, Ruling

ASKING = Tuning(timeouts=Timeouts(connect_s=3.0, answer_s=10.0, last_answer_s=10.0, stall_s=10.0))


def ask_rulings(
    studio: Studio,
    token: str | None,
    take_ids: Sequence[str],
    *,
    tuning: Tuning = ASKING,
    on_wire: Callable[[HttpClient], object] = lambda wire: None,
) -> tuple[Ruling, ...]:
    """What stands, of those of these takes that something was decided of. Raises DeliveryError.

    `on_wire` hears of the connection before it is used, so that it can be broken off. A studio without calls, or
    without a key, decides nothing that could be believed.
    """
    if studio.base is None or studio.public_key is None or not take_ids:
        return ()
    found: list[Ruling] = []
    try:
        with contextlib.closing(open_wire(studio, token, tuning)) as wire:
            on_wire(wire)
            calls = ReceiverApi(wire, studio.base)
            for first in range(0, len(take_ids), MOST_ASKED):
                some = tuple(take_ids[first : first + MOST_ASKED])
                found += [_believed(ruling, studio, some) for ruling in calls.rulings(some)]
    except TransferError as stopped:
        verdict = decide(stopped.failure, Strain().after(stopped.failure), 0, tuning.pace, 0.0)
        raise DeliveryError(verdict.code, **dict(verdict.facts)) from None
    except TransferStoppedError:
        raise DeliveryError(ErrorCode.RECEIVER_UNREACHABLE, address=studio.base) from None
    return tuple(found)


def _believed(ruling: Ruling, studio: Studio, asked: Sequence[str]) -> Ruling:
    mine = ruling.take_id in asked and ruling.studio_id == studio.id
    if not mine or studio.public_key is None or not ruling.is_signed_by(studio.public_key):
        raise DeliveryError(ErrorCode.RULING_UNSIGNED, address=studio.base or studio.tus)
    return ruling
