"""Telling a receiver that lines were given again: the record with all its acts takes the place of the shorter one."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.delivery.failure import Failure, TransferError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox import Outbox, Paper
from perfstudio.delivery.outbox_given import PendingGiving
from perfstudio.delivery.outbox_withdrawals import PendingWithdrawal, WithdrawalReply
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.tus import TusClient
from perfstudio.delivery.withdrawal import RecordsOf, leave, tell, went_plainly
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Studio

_NO_RECORD = 422
"""The receiver takes this one for none: asking again changes nothing."""
_NOT_NOW = 409
"""It has another state of the record, or an act in it waits for a person there."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of telling a receiver that has confirmed."""

    due: bool = True
    """False: there was nothing to tell any more, for another record has taken the place of the one that grew; or nobody
    can read it now, and it stays to be told."""
    reply: WithdrawalReply | None = None
    """What it made of a withdrawal."""
    waits: Failure | None = None
    """It does not take the record now, which it may when a person there has decided: it stays to be told, and holds up
    nothing else."""

    def leaves_open(self, *, blocks: bool) -> bool:
        """Whether it is told or asked once more, later."""
        answered = self.reply is None or not self.reply.leaves_open(blocks=blocks)
        return not self.due or self.waits is not None or not answered


def tell_paper(pending: Paper, studio: Studio, wire: HttpClient, outbox: Outbox, records_of: RecordsOf) -> Heard:
    """Tell one receiver what was taken back or given again. Raises TransferError or DeliveryError to be tried again."""
    if isinstance(pending, PendingWithdrawal):
        return Heard(reply=tell(pending, studio, wire, outbox, records_of))
    record = next(iter(records_of(pending.take_id)), None)
    if record is None:
        return Heard(due=False)
    if record.record_id != pending.record_id:
        outbox.given(pending, confirmed=False)
        return Heard(due=False)
    return _tell_given(pending, record, studio, wire, outbox)


def _tell_given(
    pending: PendingGiving, record: ConsentRecord, studio: Studio, wire: HttpClient, outbox: Outbox
) -> Heard:
    """Level B gets the record by the call that takes every record, and confirms its hash. A plain tus server is left
    it as consent.json, with the same take id as the files it is about.
    """
    if studio.base is not None:
        try:
            ReceiverApi(wire, studio.base).put_consent(record.record_id, record.canonical())
        except TransferError as refused:
            if refused.failure.status == _NOT_NOW:
                return Heard(waits=refused.failure)
            if refused.failure.status == _NO_RECORD:
                outbox.given(pending, confirmed=False)
            raise
    if went_plainly(pending, studio, outbox):
        tus = TusClient(wire, studio.tus)
        leave(tus, "consent", pending, record.canonical(), needed=studio.base is None)
    outbox.given(pending)
    return Heard()
