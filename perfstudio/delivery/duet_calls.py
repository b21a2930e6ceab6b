"""The calls of the rendezvous, from the side of one who comes there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from perfstudio.delivery.asking import ASKING, told_of
from perfstudio.delivery.failure import Fault, TransferError, TransferStoppedError
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.sender import open_wire
from perfstudio.model.delivery import Studio
from perfstudio.model.duet_meeting import DuetHeard, DuetOpened, DuetSaid
from perfstudio.model.errors import CallError, ErrorCode, PerfstudioError

_WHY: Final = {404: ErrorCode.DUET_CODE_UNKNOWN, 409: ErrorCode.DUET_TAKEN, 410: ErrorCode.DUET_OVER}
_NO_CALL: Final = (404, 405, 501)


class DuetCalls:
    """With one studio. Every call raises CallError and DeliveryError; used from one thread."""

    def __init__(self, studio: Studio, token: str | None) -> None:
        """Raises CallError(DUET_NO_MEETING) for a studio that has no calls."""
        if studio.base is None:
            raise CallError(ErrorCode.DUET_NO_MEETING, studio=studio.name)
        self._studio = studio
        self._wire = open_wire(studio, token, ASKING)
        self._calls = ReceiverApi(self._wire, studio.base)

    def open(self) -> DuetOpened:
        """A new code. Raises CallError(DUET_NO_MEETING) at a receiver that knows no duets."""
        with self._understood(dict.fromkeys(_NO_CALL, ErrorCode.DUET_NO_MEETING)):
            return self._calls.open_duet()

    def say(self, code: str, said: DuetSaid) -> DuetHeard:
        """Say something, and hear what the other side said last."""
        with self._understood(_WHY):
            heard = self._calls.in_duet(code, said)
        if heard is None:
            raise CallError(ErrorCode.DUET_OVER)
        return heard

    def leave(self, code: str, seat: str) -> None:
        """The duet is over for both, and the line to the receiver is let go; never raises."""
        with contextlib.suppress(PerfstudioError, TransferError, TransferStoppedError):
            self._calls.in_duet(code, DuetSaid(seat=seat, leaves=True))
        self._wire.close()

    @contextlib.contextmanager
    def _understood(self, why: dict[int, ErrorCode]) -> Iterator[None]:
        with told_of(self._studio):
            try:
                yield
            except TransferError as stopped:
                failure = stopped.failure
                if failure.fault is not Fault.STATUS or failure.status not in why:
                    raise
                raise CallError(why[failure.status], studio=self._studio.name) from None
