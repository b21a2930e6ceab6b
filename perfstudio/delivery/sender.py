"""One try at one delivery: read the take, connect, send, write what came of it into the outbox.

The window's worker and the command line both repeat it; they differ in when, and for how long.
"""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from perfstudio.delivery.attempt import STATES, Attempts, Tuning
from perfstudio.delivery.bundle import Bundle, Evidence
from perfstudio.delivery.failure import TransferError, TransferStoppedError
from perfstudio.delivery.giving import tell_paper
from perfstudio.delivery.how_far import Progress, SilenceWatch
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.key_news import tell_key_changes
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import NextAction, NextStep, Strain, after_error, decide
from perfstudio.delivery.transfer import Guards
from perfstudio.delivery.withdrawal import RecordsOf
from perfstudio.model.delivery import Arrival, DeliveryState, DeliveryStatus, Receipt, SignIn, Studio
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode, PerfstudioError
from perfstudio.model.key_change import KeyChange

Key = tuple[str, str]
"""(take id, studio id)"""
UNTOLD_TRIES = 5
"""A take that waits for a message to be heard is tried again after some seconds, as after so many failures."""
_ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED)
_UNDER_WAY = (DeliveryState.SENDING, DeliveryState.VERIFYING)


@dataclass(frozen=True, slots=True)
class DeliveryPorts:
    """What a delivery asks and tells. `bundle_of` reads the take folder anew each time."""

    bundle_of: Callable[[str, str], Bundle]
    studio_of: Callable[[str], Studio]
    token_of: Callable[[Studio], str | None]
    may_send: Callable[[str], bool]
    on_receipt: Callable[[Arrival], None]
    """Stores the receipt, or the note that it was sent, beside the take; only when it returns is the delivery over."""
    rolls: Callable[[], bool] = lambda: False
    """Whether a take is being made on this computer, by whatever process."""
    on_status: Callable[[DeliveryStatus], None] = lambda status: None
    on_wire: Callable[[HttpClient], None] = lambda wire: None
    """Hears of every connection before it is used, so that it can be broken off."""
    records_of: RecordsOf = lambda take_id: ()
    """The consent records of a take, the one that it stands on first."""
    why_not: Callable[[str], ConsentError] = lambda take_id: ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=take_id)
    """Why a take may not be sent."""
    key_changes: Callable[[], tuple[KeyChange, ...]] = lambda: ()
    """How the performer's key came in the place of earlier ones."""


class Sender:
    """Remembers, over the tries of one run of the program, what was proved of each file and how hard it has been."""

    def __init__(self, outbox: Outbox, ports: DeliveryPorts, tuning: Tuning) -> None:
        self._outbox = outbox
        self._ports = ports
        self._tuning = tuning
        self._evidence = Evidence()
        self._attempts: dict[Key, Attempts] = {}

    def forget(self, key: Key) -> None:
        """Begin to count failures of this delivery anew."""
        self._attempts.pop(key, None)

    def once(self, key: Key, stop: threading.Event, progress: Progress) -> Arrival | NextStep:
        """How it ended, stored beside the take; or what to do next, noted in the outbox as WAITING, PAUSED or REFUSED.

        Raises PerfstudioError where another try makes no sense (noted as REFUSED, or as CANCELLED when no consent
        stands), and TransferStoppedError once `stop` is set (noted as QUEUED).
        """
        try:
            return self._try(key, stop, progress)
        except TransferStoppedError:
            status = self._outbox.status(*key)
            if status is not None and status.state in _UNDER_WAY:
                self._outbox.set_state(*key, DeliveryState.QUEUED)
            raise
        except PerfstudioError as problem:
            stopped = problem.code is ErrorCode.CONSENT_WITHDRAWN
            return self._rested(key, self._ports.why_not(key[0]) if stopped else problem)

    def _rested(self, key: Key, problem: PerfstudioError) -> NextStep:
        """What follows from a problem, noted; raises it where another try makes no sense."""
        verdict = after_error(problem)
        if verdict is None:
            state = DeliveryState.CANCELLED if isinstance(problem, ConsentError) else DeliveryState.REFUSED
            self._outbox.set_state(*key, state, reason=problem.code, facts=tuple(problem.facts.items()))
            raise problem
        self._outbox.set_state(*key, STATES[verdict.do], reason=_reason(verdict), facts=verdict.facts)
        return verdict

    def _try(self, key: Key, stop: threading.Event, progress: Progress) -> Arrival | NextStep:
        take_id, studio_id = key
        if not self._ports.may_send(take_id):
            raise ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=take_id)
        bundle, studio = self._ports.bundle_of(*key), self._ports.studio_of(studio_id)
        before = self._outbox.status(*key)
        self._outbox.set_state(*key, DeliveryState.SENDING)
        self._outbox.note(*key, bytes_total=bundle.size)
        attempts = self._attempts.setdefault(key, Attempts(self._outbox, self._evidence, self._tuning))
        with contextlib.ExitStack() as held:
            wire = held.enter_context(contextlib.closing(connect(studio, self._ports, self._tuning)))
            heard = held.enter_context(SilenceWatch(progress, lambda: wire.left_s, bundle.size))
            guards = Guards(
                lambda: self._ports.may_send(take_id), stop, heard.sent, rolls=self._ports.rolls, reading=heard.read
            )
            outcome = self._tell_first(key, studio, wire) or attempts.once(bundle, studio, wire, guards)
        if isinstance(outcome, Arrival):
            self._ports.on_receipt(outcome)
            self._arrived(outcome)
        elif before is not None and before.state in _ARRIVED:  # what a receipt has confirmed stays confirmed
            self._outbox.put_back(*key, before.state)
        return outcome

    def _tell_first(self, key: Key, studio: Studio, wire: HttpClient) -> NextStep | None:
        """A studio that has still to hear of a changed key, or of something taken back, gets no byte of another take
        before it has; what was given again it hears then, too.
        """
        try:
            tell_key_changes(self._ports.key_changes(), studio, wire)
        except TransferError as stopped:
            return self._later(key, stopped)
        try:
            for find in (self._outbox.untold, self._outbox.ungiven):
                for one in find(studio.id):
                    tell_paper(one, studio, wire, self._outbox, self._ports.records_of)
        except TransferError as stopped:
            return self._later(key, stopped, ErrorCode.WITHDRAWAL_UNTOLD, studio=studio.name)
        return None

    def _later(self, key: Key, stopped: TransferError, why: ErrorCode | None = None, **facts: str) -> NextStep:
        """A message was not heard: the take waits some seconds. `why`, with its facts: what the performer is told."""
        pace, roll = self._tuning.pace, random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
        verdict = decide(stopped.failure, Strain().after(stopped.failure), 0, pace)
        if verdict.do not in (NextAction.SIGN_IN, NextAction.HOLD):
            wait_s = max(verdict.wait_s, pace.back_off(UNTOLD_TRIES, roll))
            said: tuple[tuple[str, str | int | float], ...] = verdict.facts if why is None else tuple(facts.items())
            verdict = NextStep(NextAction.RESUME, wait_s, verdict.code if why is None else why, said)
        self._outbox.set_state(*key, STATES[verdict.do], reason=verdict.code, facts=verdict.facts)
        return verdict

    def _arrived(self, receipt: Arrival) -> None:
        """The last entry of a delivery."""
        key = (receipt.take_id, receipt.studio_id)
        self._outbox.note(*key, bytes_sent=sum(file.size for file in receipt.files), attempts=0)
        self._outbox.set_state(*key, DeliveryState.DELIVERED if isinstance(receipt, Receipt) else DeliveryState.SENT)
        self.forget(key)


def connect(studio: Studio, ports: DeliveryPorts, tuning: Tuning) -> HttpClient:
    """A connection to a studio with the token at hand. Raises DeliveryError(TOKEN_MISSING)."""
    wire = open_wire(studio, ports.token_of(studio), tuning)
    ports.on_wire(wire)
    return wire


def introduced(studio: Studio, ports: DeliveryPorts, tuning: Tuning) -> HttpClient:
    """The same, with the performer's key told. Raises TransferError, too."""
    wire = connect(studio, ports, tuning)
    with contextlib.ExitStack() as refused:
        refused.callback(wire.close)
        tell_key_changes(ports.key_changes(), studio, wire)
        refused.pop_all()
    return wire


def open_wire(studio: Studio, token: str | None, tuning: Tuning) -> HttpClient:
    """A connection to a studio. Raises DeliveryError(TOKEN_MISSING) where it asks for a token and none is given."""
    if studio.sign_in is SignIn.TOKEN and not token:
        raise DeliveryError(ErrorCode.TOKEN_MISSING, address=studio.tus)
    return HttpClient(studio.tus, token, timeouts=tuning.timeouts, ca_file=tuning.ca_file, trust=studio.certificate)


def _reason(verdict: NextStep) -> ErrorCode | None:
    """What the performer is told; that a label was changed on the way is nothing to tell."""
    return None if verdict.do is NextAction.REREAD else verdict.code
