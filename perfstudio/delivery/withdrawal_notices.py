"""Telling every receiver what was taken back or given again and it has not confirmed yet, within a bounded time.

What the verbs do; the window's courier tells in its own time. A receiver that does not answer is named with its reason
and stays to be told: nothing is ever noted as told without its answer.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError, TransferStoppedError
from perfstudio.delivery.giving import Heard, tell_paper
from perfstudio.delivery.http import HttpClient, Timeouts
from perfstudio.delivery.key_news import tell_key_changes
from perfstudio.delivery.outbox import Outbox, Paper
from perfstudio.delivery.outbox_given import PendingGiving
from perfstudio.delivery.outbox_withdrawals import PendingWithdrawal, WithdrawalReply
from perfstudio.delivery.policy import told
from perfstudio.delivery.sender import open_wire
from perfstudio.delivery.withdrawal import RecordsOf
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode, PerfstudioError
from perfstudio.model.key_change import KeyChange

PATIENCE_S = 20.0
"""For one receiver: connecting, signing in, every answer."""
TURN_S = 3.0
_LIMITS = ("connect_s", "answer_s", "last_answer_s", "stall_s")
TELLING = Tuning(timeouts=Timeouts(connect_s=6.0, answer_s=10.0, last_answer_s=10.0, stall_s=10.0))


_OF_ONE = frozenset(
    {ErrorCode.RECEIVER_REFUSED, ErrorCode.RECEIVER_FULL, ErrorCode.RECEIVER_PROTOCOL, ErrorCode.RECEIPT_DIFFERS}
)
"""What a receiver says of one message; it may take the next."""


@dataclass(frozen=True, slots=True)
class NoticeOutcome:
    """What came of telling one receiver of one act. Without a problem: it has confirmed that it heard."""

    take_id: str
    studio_id: str
    studio_name: str
    problem: PerfstudioError | None = None
    given: bool = False
    """Lines were given again; else something was taken back."""
    reply: WithdrawalReply | None = None
    blocks: bool = True
    """The take has to go; else only uses of it end."""

    @property
    def is_open(self) -> bool:
        """It has still to be told, or to sign that it deleted the take."""
        return self.problem is not None or (self.reply is not None and self.reply.leaves_open(blocks=self.blocks))


@dataclass(frozen=True, slots=True)
class ReceiverDirectory:
    """Where a studio is, the token at hand for it, the records of a take, and how the performer's key changed."""

    studio_of: Callable[[str], Studio]
    token_of: Callable[[Studio], str | None]
    records_of: RecordsOf = lambda take_id: ()
    key_changes: Callable[[], tuple[KeyChange, ...]] = lambda: ()


def tell_all(
    outbox: Outbox,
    directory: ReceiverDirectory,
    *,
    take_id: str | None = None,
    patience_s: float = PATIENCE_S,
    tuning: Tuning = TELLING,
) -> tuple[NoticeOutcome, ...]:
    """Tell every receiver that has not confirmed (of one take, or of all). Never raises for a receiver's sake.

    A receiver that does not answer is asked once and costs `patience_s` at most, however many withdrawals it has to
    be told of; the others have their turn all the same.
    """
    silent: dict[str, PerfstudioError] = {}
    found = []
    for find in (outbox.unfinished, outbox.ungiven):  # in the order in which it was signed
        for pending in find():
            if take_id not in (None, pending.take_id):
                continue
            problem, heard = silent.get(pending.studio_id), Heard()
            if problem is None:
                try:
                    heard = _told(outbox, directory, pending, patience_s, tuning)
                except PerfstudioError as unheard:
                    problem = unheard
            if problem is not None and problem.code not in _OF_ONE:
                silent[pending.studio_id] = problem
            if heard.due:  # else there was nothing to tell any more
                found.append(_outcome(directory, pending, problem, heard.reply))
    return tuple(found)


def _outcome(
    directory: ReceiverDirectory, pending: Paper, problem: PerfstudioError | None, reply: WithdrawalReply | None
) -> NoticeOutcome:
    return NoticeOutcome(
        pending.take_id,
        pending.studio_id,
        _name(directory, pending.studio_id),
        problem,
        given=isinstance(pending, PendingGiving),
        reply=reply,
        blocks=isinstance(pending, PendingWithdrawal) and pending.blocks,
    )


def _told(outbox: Outbox, directory: ReceiverDirectory, pending: Paper, patience_s: float, tuning: Tuning) -> Heard:
    """What it made of it. Raises PerfstudioError."""
    try:
        studio = directory.studio_of(pending.studio_id)
        wire = open_wire(studio, directory.token_of(studio), tuning)
        with contextlib.closing(wire), _turn(outbox), given_up_after(patience_s, wire):
            if pending in outbox.pending(pending.studio_id):
                tell_key_changes(directory.key_changes(), studio, wire)
                heard = tell_paper(pending, studio, wire, outbox, directory.records_of)
                if heard.waits is not None:
                    raise told(heard.waits)
                return heard
    except TransferError as stopped:
        raise told(stopped.failure) from stopped
    except TransferStoppedError as stopped:
        raise told(Failure(DeliveryStep.JSON, Fault.STALLED, address=studio.tus)) from stopped
    notes = (note for note in outbox.withdrawals_of(pending.take_id) if note.pending.key == pending.key)
    return Heard(reply=next((note.reply for note in notes), None))  # the one whose turn it was has told it


@contextlib.contextmanager
def _turn(outbox: Outbox) -> Iterator[None]:
    """Alone, if that can be had soon. A transfer of this very take ends at once; one of another may go on beside."""
    with contextlib.ExitStack() as held:
        with contextlib.suppress(DeliveryError):
            held.enter_context(outbox.turn(TURN_S))
        yield


@contextlib.contextmanager
def given_up_after(patience_s: float, wire: HttpClient) -> Iterator[None]:
    """Break the wire when the time is over."""
    timer = threading.Timer(patience_s, wire.abort)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def hurried(tuning: Tuning) -> Tuning:
    """The same with the time limits of a message: nobody waits a minute for a few hundred bytes."""
    mine, limits = TELLING.timeouts, tuning.timeouts
    shorter = {name: min(getattr(mine, name), getattr(limits, name)) for name in _LIMITS}
    return replace(tuning, timeouts=replace(limits, **shorter))


def _name(directory: ReceiverDirectory, studio_id: str) -> str:
    try:
        return directory.studio_of(studio_id).name
    except PerfstudioError:
        return studio_id
