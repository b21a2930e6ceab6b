"""The outbox's part about consent that was taken back: what it stops, and who has still to hear of it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentEvent
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import ErrorCode

LINES = """
SELECT d.*, w.withdrawn_at AS withdrawn_at, w.told_at AS told_at,
    EXISTS (SELECT 1 FROM withdrawals WHERE take_id = d.take_id AND studio_id = d.studio_id AND told = 0) AS untold,
    NOT EXISTS (SELECT 1 FROM withdrawals WHERE record_id=d.record_id AND studio_id=d.studio_id AND blocks) AS partly
FROM deliveries AS d
LEFT JOIN withdrawals AS w ON w.record_id = d.record_id AND w.studio_id = d.studio_id
    AND w.seq = (SELECT max(seq) FROM withdrawals WHERE record_id = d.record_id AND studio_id = d.studio_id)
    AND NOT EXISTS (SELECT 1 FROM givings AS g WHERE g.record_id = w.record_id AND g.seq > w.seq AND g.whole)
ORDER BY d.queued_at, d.take_id
"""
"""Every delivery with the last act that took back something of it, unless everything was given again since. `untold`
is asked of the take, not of the record: a message about a record that another one has replaced is still a message."""


@dataclass(frozen=True, slots=True)
class PendingWithdrawal:
    """A consent taken back that the receiver has not been told of yet. Without an event only uploads are deleted."""

    record_id: str
    seq: int
    take_id: str
    studio_id: str
    event: ConsentEvent | None
    blocks: bool


class WithdrawalNotes:
    """Part of the outbox: it shares its database, its lock and its transactions."""

    _lock: threading.RLock
    _sql: sqlite3.Connection

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        raise NotImplementedError

    def withdraw(
        self,
        take_id: str,
        record_id: str,
        event: ConsentEvent | None,
        *,
        blocks: bool = True,
        studio_ids: Iterable[str] = (),
    ) -> None:
        """Consent is taken back. In one transaction: no further byte, and a message to every studio that got some.

        `blocks` is False when uses remain that still cover the delivery: then only the message is queued. A take that
        waited for its first byte has nobody to tell. `studio_ids` names receivers known from elsewhere (a receipt),
        should this outbox be younger than the delivery.
        """
        with self._transaction() as sql:
            rows = sql.execute("SELECT * FROM deliveries WHERE take_id=?", (take_id,)).fetchall()
            nothing_sent = {row["studio_id"] for row in rows if row["level"] is None} - set(studio_ids)
            for studio_id in sorted({row["studio_id"] for row in rows} | set(studio_ids)) or [""]:
                sql.execute(
                    "INSERT OR IGNORE INTO withdrawals "
                    "(record_id, seq, take_id, studio_id, event, blocks, told, withdrawn_at) VALUES (?,?,?,?,?,?,?,?)",
                    (
                        record_id,
                        event.seq if event else 0,
                        take_id,
                        studio_id,
                        json.dumps(event.to_json()) if event else None,
                        int(blocks),
                        int(not studio_id or studio_id in nothing_sent),
                        (event.at if event else utc_now()).isoformat(),
                    ),
                )
            for row in rows if blocks else ():
                if row["record_id"] == record_id and row["reason"] != ErrorCode.CONSENT_WITHDRAWN:
                    _stop(sql, row)

    def untold(self, studio_id: str | None = None) -> tuple[PendingWithdrawal, ...]:
        """Withdrawals that a receiver (or this one) has still to be told."""
        with self._lock:
            rows = self._sql.execute(
                "SELECT * FROM withdrawals WHERE told=0 AND (?1 IS NULL OR studio_id=?1) ORDER BY record_id, seq",
                (studio_id,),
            ).fetchall()
        return tuple(
            PendingWithdrawal(
                row["record_id"],
                row["seq"],
                row["take_id"],
                row["studio_id"],
                ConsentEvent.model_validate_json(row["event"]) if row["event"] else None,
                bool(row["blocks"]),
            )
            for row in rows
        )

    def knows_withdrawal(self, record_id: str) -> bool:
        """Whether it was noted that this record was taken back."""
        with self._lock:
            return self._withdrawn(self._sql, record_id)

    def noted_acts(self, record_id: str) -> frozenset[int]:
        """Which acts of a record (by `seq`) were noted here as taking something back."""
        with self._lock:
            rows = self._sql.execute("SELECT DISTINCT seq FROM withdrawals WHERE record_id=?", (record_id,)).fetchall()
        return frozenset(row["seq"] for row in rows)

    def told(self, withdrawal: PendingWithdrawal) -> None:
        """The receiver has confirmed the withdrawal."""
        with self._transaction() as sql:
            sql.execute(
                "UPDATE withdrawals SET told=1, told_at=? WHERE record_id=? AND seq=? AND studio_id=?",
                (utc_now().isoformat(), withdrawal.record_id, withdrawal.seq, withdrawal.studio_id),
            )
            if withdrawal.blocks:
                sql.execute(
                    "DELETE FROM uploads WHERE take_id=? AND studio_id=?", (withdrawal.take_id, withdrawal.studio_id)
                )

    @staticmethod
    def _withdrawn(sql: sqlite3.Connection, record_id: str) -> bool:
        query = "SELECT 1 FROM withdrawals WHERE record_id=? AND blocks=1"
        return sql.execute(query, (record_id,)).fetchone() is not None


def _stop(sql: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Nothing more of this delivery leaves. Where it stood is noted, for it may go on."""
    facts = json.dumps([["take", row["take_id"]], ["before", row["state"]]])
    sql.execute(
        "UPDATE deliveries SET state=?, reason=?, facts=? WHERE take_id=? AND studio_id=?",
        (DeliveryState.CANCELLED, ErrorCode.CONSENT_WITHDRAWN, facts, row["take_id"], row["studio_id"]),
    )
