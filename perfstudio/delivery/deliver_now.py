"""Deliver one take now and wait for the outcome: what the command line does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from perfstudio.delivery.attempt import Attempts, Tuning
from perfstudio.delivery.bundle import Bundle, Evidence
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import NextAction, NextStep
from perfstudio.delivery.speed import Speedometer
from perfstudio.delivery.transfer import Guards
from perfstudio.model.delivery import DeliveryState, Receipt, SignIn, Studio
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode, PerfstudioError


def deliver(
    bundle: Bundle,
    studio: Studio,
    token: str | None,
    *,
    outbox: Outbox,
    may_send: Callable[[], bool],
    progress: Callable[[DeliveryState, int], None] = lambda state, sent: None,
    stop: threading.Event | None = None,
    patience_s: float = 30.0,
    tuning: Tuning = Tuning(),  # noqa: B008 - frozen value
) -> Receipt:
    """Send `bundle` to `studio` and return the receipt: `accepted` (level B) or `sent` (level A).

    Goes on where an earlier run stopped. Tries again by itself until nothing has moved for `patience_s` seconds since
    the first failure (a laptop that slept has not been patient meanwhile); then, or when another try makes no sense,
    raises DeliveryError with the reason. The caller stores the receipt beside the take. Raises
    ConsentError(CONSENT_WITHDRAWN) when `may_send` says no, before or in the middle; after that no byte leaves. Setting
    `stop` ends it with TransferStoppedError; everything is kept.
    """
    if studio.sign_in is SignIn.TOKEN and not token:
        raise DeliveryError(ErrorCode.TOKEN_MISSING, address=studio.tus)
    stop = stop or threading.Event()
    if not may_send() or outbox.enqueue(bundle) is DeliveryState.CANCELLED:
        raise ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=bundle.take_id)
    key = (bundle.take_id, studio.id)
    heard = _Heard(progress)
    guards = Guards(may_send=may_send, stop=stop, progress=heard)
    with outbox.turn(patience_s):
        outbox.retry(*key)
        attempts = Attempts(outbox, Evidence(), tuning)
        while True:
            outbox.set_state(*key, DeliveryState.SENDING)
            wire = HttpClient(
                studio.tus, token, timeouts=tuning.timeouts, ca_file=tuning.ca_file, trust=studio.certificate
            )
            try:
                outcome = attempts.once(bundle, studio, wire, guards)
            except PerfstudioError as problem:
                outbox.set_state(*key, DeliveryState.REFUSED, reason=problem.code, facts=tuple(problem.facts.items()))
                raise
            except TransferStoppedError:
                outbox.set_state(*key, DeliveryState.QUEUED)
                raise
            finally:
                wire.close()
            if isinstance(outcome, Receipt):
                done(outbox, outcome)
                return outcome
            _wait(outcome, stop, heard, patience_s)


def done(outbox: Outbox, receipt: Receipt) -> None:
    """The last entry of a delivery: every byte is confirmed."""
    key = (receipt.take_id, receipt.studio_id)
    outbox.note(*key, bytes_sent=sum(file.size for file in receipt.files), attempts=0)
    outbox.set_state(*key, DeliveryState.DELIVERED if receipt.state == "accepted" else DeliveryState.SENT)


def _wait(verdict: NextStep, stop: threading.Event, heard: _Heard, patience_s: float) -> None:
    hopeless = verdict.do in (NextAction.HOLD, NextAction.SIGN_IN, NextAction.STOP)
    if hopeless or monotonic() + verdict.wait_s - heard.failing_since_s() > patience_s:
        raise DeliveryError(verdict.code, **dict(verdict.facts))
    if stop.wait(verdict.wait_s):
        raise TransferStoppedError


class _Heard:
    """Passes progress on and remembers since when it has failed without the number growing."""

    def __init__(self, progress: Callable[[DeliveryState, int], None]) -> None:
        self._progress = progress
        self._most = -1
        self._speed = Speedometer()
        self._failed_s: float | None = None

    def failing_since_s(self) -> float:
        """Asked at every failure: when the first one came since the number last grew."""
        if self._failed_s is None:
            self._failed_s = monotonic()
        return self._failed_s

    def __call__(self, state: DeliveryState, sent: int) -> None:
        if sent > self._most:
            self._most, self._failed_s = sent, None
        if self._speed.worth_telling(state):
            self._progress(state, sent)
