"""Deliver one take now and wait for the outcome: what the command line does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.how_far import HowFar
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import NextAction, NextStep
from perfstudio.delivery.sender import DeliveryPorts, Sender
from perfstudio.delivery.speed import Speedometer
from perfstudio.delivery.withdrawal import RecordsOf
from perfstudio.model.delivery import Arrival, DeliveryState, Studio
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode
from perfstudio.model.key_change import KeyChange


def deliver(
    bundle: Bundle,
    studio: Studio,
    token: str | None,
    *,
    outbox: Outbox,
    may_send: Callable[[], bool],
    bundle_of: Callable[[str, str], Bundle] | None = None,
    on_receipt: Callable[[Arrival], None] = lambda receipt: None,
    progress: Callable[[DeliveryState, int], None] = lambda state, sent: None,
    rolls: Callable[[], bool] = lambda: False,
    records_of: RecordsOf = lambda take_id: (),
    key_changes: Callable[[], tuple[KeyChange, ...]] = lambda: (),
    quiet: Callable[[HowFar], None] = lambda now: None,
    stop: threading.Event | None = None,
    patience_s: float = 30.0,
    tuning: Tuning = Tuning(),  # noqa: B008 - frozen value
) -> Arrival:
    """Send `bundle` to `studio` and return the receiver's signed receipt (level B), or that it was sent (level A).

    Goes on where an earlier run stopped. Tries again by itself until nothing has moved for `patience_s` seconds since
    the first failure (a laptop that slept has not been patient meanwhile); then, or when another try makes no sense,
    raises DeliveryError with the reason. A label that is changed meanwhile goes along: take.json is read anew,
    with `bundle_of` where that is given.
    `on_receipt` stores that beside the take; only when it returns is the delivery over. Raises
    ConsentError(CONSENT_WITHDRAWN) when `may_send` says no, before or in the middle; after that no byte leaves. Setting
    `stop` ends it with TransferStoppedError, as do a pause from beside and a take that `rolls`; everything is kept.
    `quiet` hears while no byte moves: its files are read first, or an answer is waited for.
    """
    stop = stop or threading.Event()
    if not may_send() or outbox.knows_withdrawal(bundle.consent.record_id):
        raise ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=bundle.take_id)
    outbox.enqueue(bundle)
    key = (bundle.take_id, studio.id)
    ports = DeliveryPorts(
        bundle_of=_Rereading(bundle, bundle_of),
        studio_of=lambda _: studio,
        token_of=lambda _: token,
        may_send=lambda _: may_send(),
        on_receipt=on_receipt,
        rolls=rolls,
        records_of=records_of,
        key_changes=key_changes,
    )
    sender, heard = Sender(outbox, ports, tuning), _Heard(progress, quiet)
    with outbox.turn(patience_s):
        outbox.retry(*key)
        while True:
            outcome = sender.once(key, stop, heard)
            if isinstance(outcome, Arrival):
                return outcome
            _wait(outcome, stop, heard, patience_s)


class _Rereading:
    """The bundle that was given at the first try; from then on what lies in its folder."""

    def __init__(self, bundle: Bundle, bundle_of: Callable[[str, str], Bundle] | None) -> None:
        self._bundle = bundle
        self._bundle_of = bundle_of or (lambda _, studio_id: read_bundle(bundle.folder, studio_id))
        self._asked = False

    def __call__(self, take_id: str, studio_id: str) -> Bundle:
        if self._asked:
            self._bundle = self._bundle_of(take_id, studio_id)
        self._asked = True
        return self._bundle


def _wait(verdict: NextStep, stop: threading.Event, heard: _Heard, patience_s: float) -> None:
    hopeless = verdict.do in (NextAction.HOLD, NextAction.SIGN_IN, NextAction.STOP)
    if hopeless or monotonic() + verdict.wait_s - heard.failing_since_s() > patience_s:
        raise DeliveryError(verdict.code, **dict(verdict.facts))
    if stop.wait(verdict.wait_s):
        raise TransferStoppedError


class _Heard:
    """Passes progress on and remembers since when it has failed without the number growing."""

    def __init__(self, progress: Callable[[DeliveryState, int], None], quiet: Callable[[HowFar], None]) -> None:
        self._progress, self._quiet = progress, quiet
        self._most = -1
        self._speed = Speedometer()
        self._failed_s: float | None = None

    def failing_since_s(self) -> float:
        """Asked at every failure: when the first one came since the number last grew."""
        if self._failed_s is None:
            self._failed_s = monotonic()
        return self._failed_s

    def __call__(self, now: HowFar) -> None:
        if now.sent > self._most:
            self._most, self._failed_s = now.sent, None
        if now.left_s is not None or now.read:
            self._quiet(now)
        elif self._speed.worth_telling(now.state):
            self._progress(now.state, now.sent)
