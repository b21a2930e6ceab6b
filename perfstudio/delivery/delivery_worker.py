"""The background worker: one transfer at a time, in its own thread, over the outbox.

It rests while a take is being made, while the performer says so, until somebody signs in again, and between tries; it
stops at once, in the middle of a chunk, when told to. What it knows beyond the outbox (when to try next, how hard it
has been) may be lost with the process: then it simply tries again.

Callbacks run on the worker's thread. `on_status` at most four times a second per transfer and at every change of state.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.failure import TransferError, TransferStoppedError
from perfstudio.delivery.giving import tell_paper
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.live_lines import LiveLines
from perfstudio.delivery.outbox import Outbox, Paper
from perfstudio.delivery.outbox_withdrawals import PendingWithdrawal
from perfstudio.delivery.policy import SIGNED_OUT, NextAction, NextStep
from perfstudio.delivery.sender import DeliveryPorts, Key, Sender, introduced
from perfstudio.delivery.telling_turns import TellingTurns
from perfstudio.delivery.withdrawal_notices import PATIENCE_S, given_up_after, hurried
from perfstudio.model.consent import ConsentEvent
from perfstudio.model.delivery import DELIVERY_ENDED, Arrival, DeliveryState, DeliveryStatus
from perfstudio.model.errors import DeliveryError, ErrorCode, PerfstudioError

log = logging.getLogger(__name__)

POLL_EVERY_S = 30.0
"""How often the outbox is looked at while nothing is due: a verb beside the window may have taken a consent back."""


class DeliveryWorker:
    """Owns the worker thread. Every method may be called from any thread and returns quickly."""

    def __init__(
        self,
        outbox: Outbox,
        ports: DeliveryPorts,
        *,
        tuning: Tuning | None = None,
        paused: bool = False,
        holds: Callable[[str], bool] = lambda studio_id: False,
    ) -> None:
        """`paused` as if `pause` had been called before. `holds` says of a studio (its id) whether the network that is
        there is not to be used for it; call `held` when it may say something else.
        """
        self._outbox = outbox
        self._ports = replace(ports, on_wire=self._connected)
        self._tuning = tuning or Tuning()
        self._sender = Sender(outbox, self._ports, self._tuning)
        self._turns = TellingTurns(self._tuning.pace)
        self._change = threading.Condition()
        self._due_s: dict[Key, float] = {}
        self._lines = LiveLines(outbox, self._dues, ports.on_status)
        self._tried_s: dict[Key, float] = {}
        self._networks = 0
        self._sign_ins: dict[str, int] = {}
        """How often the network has changed, and how often each studio's token: see `_try_again_if_changed`."""
        self._holds, self._rolling, self._closing = holds, False, False
        if paused:
            outbox.switches.rest(on=True)
        self._current: Key | None = None
        self._stop = threading.Event()
        self._wire: HttpClient | None = None
        for status in outbox.statuses():
            if status.state in (DeliveryState.SENDING, DeliveryState.VERIFYING, DeliveryState.WAITING) or (
                status.state is DeliveryState.PAUSED and status.reason is not None
            ):
                outbox.set_state(status.take_id, status.studio_id, DeliveryState.QUEUED)
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    # what the performer and the network say

    def enqueue(self, bundle: Bundle) -> DeliveryState:
        """Queue a take (again). Returns its state; CANCELLED when its consent was taken back."""
        state = self._outbox.enqueue(bundle)
        self._wake_thread()
        self._lines.tell((bundle.take_id, bundle.studio_id))
        return state

    def retry(self, take_id: str, studio_id: str) -> None:
        """Try now, whatever it was that stopped it; a withdrawn consent stays withdrawn, and is told now."""
        self._outbox.retry(take_id, studio_id)
        self._sender.forget((take_id, studio_id))
        with self._change:
            self._turns.at_once()
        self._wake_thread((take_id, studio_id))
        self._lines.tell((take_id, studio_id))

    def pause(self) -> None:
        """Rest until `resume`; over a restart, too."""
        self._outbox.switches.rest(on=True)
        self._cut_current()

    def resume(self) -> None:
        """Send again after `pause`."""
        self._outbox.switches.rest(on=False)
        self._cut_current(cut=False)

    def held(self) -> None:
        """`holds` may say something else now. What was withdrawn is told by any network."""
        with self._change:
            current = self._current
        self._cut_current(cut=current is not None and self._holds(current[1]))

    def rolling(self, on: bool) -> None:
        """A take is being made (or is closed): nothing is sent meanwhile."""
        with self._change:
            self._rolling = on
            if on:
                self._cut_short()
            self._change.notify_all()

    def pause_take(self, take_id: str, studio_id: str) -> None:
        """Rest with one take until `retry`."""
        self._outbox.set_state(take_id, studio_id, DeliveryState.PAUSED)
        self._interrupt((take_id, studio_id))
        self._lines.tell((take_id, studio_id))

    def wake(self) -> None:
        """The network has changed: try everything that waits for it, now."""
        with self._change:  # counted before anything is queued again: a try under way knows the old network only
            self._networks += 1
        for status in self._outbox.statuses():
            if status.state is DeliveryState.PAUSED and status.reason and status.reason not in SIGNED_OUT:
                self._outbox.set_state(status.take_id, status.studio_id, DeliveryState.QUEUED)
        with self._change:
            self._due_s.clear()
            self._turns.at_once()
            self._change.notify_all()

    def signed_in(self, studio_id: str) -> None:
        """There is a new token for a studio."""
        with self._change:  # as above
            self._sign_ins[studio_id] = self._sign_ins.get(studio_id, 0) + 1
        for status in self._outbox.statuses():
            if status.studio_id == studio_id and status.state is DeliveryState.PAUSED and status.reason in SIGNED_OUT:
                self._outbox.set_state(status.take_id, studio_id, DeliveryState.QUEUED)
        self.wake()

    def take_out(self, take_id: str, studio_id: str) -> None:
        """Out of the queue. What the receiver has of it stays unfinished there."""
        self._outbox.take_out(take_id, studio_id)
        self._interrupt((take_id, studio_id))
        self._lines.tell((take_id, studio_id))

    def withdraw(
        self,
        take_id: str,
        record_id: str,
        event: ConsentEvent | None,
        *,
        blocks: bool = True,
        studio_ids: tuple[str, ...] = (),
    ) -> None:
        """Consent is taken back: when this returns, no further byte of the take leaves. The receivers will be told."""
        self._outbox.withdraw(take_id, record_id, event, blocks=blocks, studio_ids=studio_ids)
        self.withdrawn(take_id)

    def withdrawn(self, take_id: str) -> None:
        """The outbox holds that something of this take was taken back: no further byte leaves where it is stopped, and
        whatever else is on its way stands back until the receivers have been told.
        """
        for status in self._outbox.statuses():
            if status.take_id == take_id:
                if self._outbox.stopped(take_id, status.studio_id):
                    self._interrupt((take_id, status.studio_id))
                self._lines.tell((take_id, status.studio_id))
        with self._change:
            if self._current is not None and self._outbox.untold():
                self._cut_short()
        self.wake()

    def given(self, take_id: str) -> None:
        """The outbox holds that lines of this take were given again: told, and sent where it goes on."""
        for status in self._outbox.statuses():
            if status.take_id == take_id:
                self._sender.forget((take_id, status.studio_id))
                self._lines.tell((take_id, status.studio_id))
        self.wake()

    def statuses(self) -> tuple[DeliveryStatus, ...]:
        """Every line of the Deliveries page as it stands now."""
        return self._lines.all()

    def close(self, deadline_s: float = 3.0) -> bool:
        """Stop now, keeping everything for the next start. True when the thread has ended in time."""
        with self._change:
            self._closing = True
            self._cut_short()
            self._change.notify_all()
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    # the worker's thread

    def _run(self) -> None:
        while True:
            with self._change:
                if self._closing:
                    return
                now_s = monotonic()  # one moment for both: what falls due between two would be left out of both
                job = self._next(now_s)
                if job is None:
                    self._change.wait(self._rest_s(now_s))
                    continue
                self._stop = threading.Event()
                self._current = job if isinstance(job, tuple) else None
            try:
                self._work(job)
            except Exception as problem:
                log.exception("a delivery ended unexpectedly")
                self._unexpected(job, problem)
            finally:
                with self._change:
                    self._current, self._wire = None, None
                    self._change.notify_all()

    def _next(self, now_s: float) -> Key | Paper | None:
        if self._rolling or self._ports.rolls():
            return None
        untold = self._turns.next(self._outbox.pending(), now_s)
        if untold is not None:
            return untold
        if self._outbox.switches.resting:
            return None
        waiting = [
            (s.take_id, s.studio_id)
            for s in self._outbox.statuses()
            if s.state not in DELIVERY_ENDED and s.state is not DeliveryState.PAUSED and not self._holds(s.studio_id)
        ]
        due = [key for key in waiting if self._due_s.get(key, 0.0) <= now_s]
        return min(due, key=lambda key: self._tried_s.get(key, 0.0), default=None)  # who has waited longest for a turn

    def _rest_s(self, now_s: float) -> float | None:
        if self._rolling:
            return None
        dues = [*self._due_s.values(), *self._turns.dues(), now_s + POLL_EVERY_S]
        return min(due - now_s for due in dues if due > now_s) + 0.01

    def _work(self, job: Key | Paper) -> None:
        try:
            with self._outbox.turn(0.0):
                if isinstance(job, tuple):
                    self._send(job)
                else:
                    self._tell_receiver(job)
        except DeliveryError as problem:
            if problem.code is not ErrorCode.DELIVERY_BUSY:
                raise
            self._later(job, 2.0)

    def _send(self, key: Key) -> None:
        self._tried_s[key] = monotonic()
        before = self._networks, self._sign_ins.get(key[1], 0)
        try:
            outcome = self._sender.once(key, self._stop, self._lines.progress(key))
            if not isinstance(outcome, Arrival):
                self._apply_next_step(key, outcome)
                self._try_again_if_changed(key, *before)
        except (TransferStoppedError, PerfstudioError) as ended:  # what came of it stands in the outbox
            log.info("a delivery does not go on by itself: %s", ended)
        finally:
            self._lines.ended(key)

    def _connected(self, wire: HttpClient) -> None:
        with self._change:
            self._wire = wire
            if self._stop.is_set():
                wire.abort()

    def _apply_next_step(self, key: Key, verdict: NextStep) -> None:
        if verdict.do is NextAction.SIGN_IN:
            self._sign_in_first(key[1], verdict.code, verdict.facts)
        self._later(key, verdict.wait_s)

    def _sign_in_first(self, studio_id: str, code: ErrorCode, facts: tuple[tuple[str, str | int | float], ...]) -> None:
        for take_id, other in self._outbox.open_takes():
            if other == studio_id:
                self._outbox.set_state(take_id, studio_id, DeliveryState.PAUSED, reason=code, facts=facts)
                self._lines.tell((take_id, studio_id))

    def _try_again_if_changed(self, key: Key, networks: int, sign_ins: int) -> None:
        """A new network or token that came during the try may have come too late for it: what it found is old."""
        with self._change:
            network, token = self._networks != networks, self._sign_ins.get(key[1], 0) != sign_ins
        if not (network or token):
            return
        for status in self._outbox.statuses():
            told = status.studio_id == key[1] and status.state is DeliveryState.PAUSED and status.reason is not None
            if told and (token if status.reason in SIGNED_OUT else network):
                self._outbox.set_state(status.take_id, status.studio_id, DeliveryState.QUEUED)
        self._later(key, 0.0)

    def _tell_receiver(self, pending: Paper) -> None:
        with self._change:
            self._turns.begins(pending, monotonic())
        try:
            studio = self._ports.studio_of(pending.studio_id)
            with (
                contextlib.closing(introduced(studio, self._ports, hurried(self._tuning))) as wire,
                given_up_after(PATIENCE_S, wire),
            ):
                heard = tell_paper(pending, studio, wire, self._outbox, self._ports.records_of)
        except (TransferError, TransferStoppedError, PerfstudioError) as problem:
            log.info("what was taken back or given has still to be told: %s", problem)
            with self._change:
                self._turns.failed(pending.studio_id, monotonic())
            return
        with self._change:
            self._turns.told(pending)
            blocks = isinstance(pending, PendingWithdrawal) and pending.blocks
            if heard.leaves_open(blocks=blocks):
                self._turns.unsigned(pending, monotonic())
        self._lines.tell((pending.take_id, pending.studio_id))

    def _unexpected(self, job: Key | Paper, problem: Exception) -> None:
        if not isinstance(job, tuple):
            self._later(job, self._tuning.pace.most_s)
            return
        facts = (("detail", type(problem).__name__),)
        self._outbox.set_state(*job, DeliveryState.REFUSED, reason=ErrorCode.UNEXPECTED, facts=facts)
        self._lines.tell(job)

    # small parts

    def _dues(self) -> dict[Key, float]:
        with self._change:
            return dict(self._due_s)

    def _later(self, job: Key | Paper, wait_s: float) -> None:
        with self._change:
            if isinstance(job, tuple):
                self._due_s[job] = monotonic() + wait_s
            else:
                self._turns.later(job.studio_id, monotonic() + wait_s)

    def _wake_thread(self, key: Key | None = None) -> None:
        with self._change:
            if key is not None:
                self._due_s.pop(key, None)
            self._change.notify_all()

    def _cut_current(self, *, cut: bool = True) -> None:
        """Stop the transfer that runs (telling a withdrawal goes on), and look anew at what is to be done."""
        with self._change:
            if cut and self._current is not None:
                self._cut_short()
            self._change.notify_all()

    def _interrupt(self, key: Key) -> None:
        """Stop this transfer if it runs, and wait until it has let go of its connection."""
        with self._change:
            if self._current != key or threading.current_thread() is self._thread:
                return
            self._cut_short()
            self._change.wait_for(lambda: self._current != key, timeout=3.0)

    def _cut_short(self) -> None:
        self._stop.set()
        if self._wire is not None:
            self._wire.abort()
