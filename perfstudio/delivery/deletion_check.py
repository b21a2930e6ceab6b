"""What a receiver's answer to a withdrawal is worth: its signed statement is held to the studio's key, and to what was
asked."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from perfstudio.delivery.outbox_withdrawals import PendingWithdrawal, WithdrawalReply
from perfstudio.model.base import canonical_bytes, sha256_hex
from perfstudio.model.consent import ConsentEvent
from perfstudio.model.deletion import DeletionStatement, DeletionWord, WithdrawalReceived, WithdrawalState
from perfstudio.model.delivery import Studio


@dataclass(frozen=True, slots=True)
class AskedDeletion:
    """What a statement has to be about."""

    studio: Studio
    take_id: str
    record_id: str
    act: ConsentEvent


def weighed(
    received: WithdrawalReceived, pending: PendingWithdrawal, act: ConsentEvent, studio: Studio
) -> WithdrawalReply:
    """The answer, as far as it can be believed: deleted is what is signed, and nothing else."""
    match received.state:
        case WithdrawalState.WAITS:
            return WithdrawalReply(DeletionWord.WAITS)
        case WithdrawalState.DISMISSED:
            return WithdrawalReply(DeletionWord.DISMISSED)
        case WithdrawalState.KEPT:
            return WithdrawalReply(DeletionWord.KEPT)
        case WithdrawalState.DELETED:
            asked = AskedDeletion(studio, pending.take_id, pending.record_id, act)
            return _signed(received, asked)
        case None:
            return WithdrawalReply(DeletionWord.SILENT if studio.public_key else DeletionWord.KEYLESS)


def flaw(statement: DeletionStatement, asked: AskedDeletion) -> str:
    """What is wrong with a statement, or nothing."""
    key, digest = asked.studio.public_key or "", sha256_hex(asked.act.canonical())
    about = (asked.studio.id, asked.take_id, asked.record_id)
    rules = (
        (statement.public_key != key, "studios_other_key"),
        (not statement.is_signed_by(key), "not_its_signature"),
        ((statement.studio_id, statement.take_id, statement.record_id) != about, "about_another_take"),
        (set(statement.use_ids) != set(asked.act.use_ids), "about_another_take"),
        (statement.act_sha256 != digest, "of_another_time"),
    )
    return next((problem for is_wrong, problem in rules if is_wrong), "")


def _signed(received: WithdrawalReceived, asked: AskedDeletion) -> WithdrawalReply:
    if asked.studio.public_key is None:
        return WithdrawalReply(DeletionWord.KEYLESS)
    for plain in received.statements:
        try:
            statement = DeletionStatement.model_validate(plain)
        except ValidationError:
            continue
        if statement.take_id == asked.take_id and not flaw(statement, asked):
            return WithdrawalReply(DeletionWord.DELETED, canonical_bytes(statement.to_json()), statement.deleted_at)
    return WithdrawalReply(DeletionWord.UNPROVEN)
