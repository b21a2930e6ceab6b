"""The answer to a withdrawal: what became of it here, and a signed statement for every take that went because of it."""

from __future__ import annotations

from typing import Any

from perfstudio.model.consent import ConsentEvent
from perfstudio.model.deletion import DeletionStatement, WithdrawalState
from perfstudio.model.jws import SigningKey
from perfstudio.receiver.takes import TakeStore
from perfstudio.receiver.waiting_acts import act_digest


class DeletionStatements:
    """Signs with the studio's key. The same act is answered with the same words, for what went is kept in a ledger."""

    def __init__(self, takes: TakeStore, key: SigningKey, studio_id: str) -> None:
        self._takes = takes
        self._key = key
        self._studio_id = studio_id

    def answer(self, record_id: str, act: ConsentEvent) -> tuple[WithdrawalState, tuple[dict[str, Any], ...]]:
        """Act on a withdrawal that counts, look at what is left, and say so.

        Raises OSError or RefusedError while something is left that has to go.
        """
        gone = self._takes.let_go(record_id)
        if not gone:
            return WithdrawalState.KEPT, ()
        statements = (
            DeletionStatement(
                studio_id=self._studio_id,
                take_id=take_id,
                record_id=record_id,
                act_sha256=act_digest(act),
                use_ids=act.use_ids,
                deleted_at=deleted_at,
                files=entry.files,
                exports=entry.exports,
            ).signed(self._key)
            for take_id, entry in gone.items()
            if (deleted_at := entry.deleted_at) is not None
        )
        return WithdrawalState.DELETED, tuple(statement.to_json() for statement in statements)
