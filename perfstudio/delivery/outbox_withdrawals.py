"""The outbox's part about consent that was taken back: what it stops, and who has still to hear of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from perfstudio.delivery.outbox_part import OutboxPart, moment
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentEvent
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import ErrorCode

LINES = """
SELECT d.*, w.withdrawn_at AS withdrawn_at, w.told_at AS told_at, w.word AS word,
    w.deleted_at AS deleted_at, w.statement AS statement,
    EXISTS (SELECT 1 FROM withdrawals WHERE take_id = d.take_id AND studio_id = d.studio_id AND told = 0) AS untold,
    EXISTS (SELECT 1 FROM withdrawals AS u
        WHERE u.take_id = d.take_id AND u.studio_id = d.studio_id AND (told = 0 OR asks = 1)) AS unfinished,
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
    """A consent taken back that is not done with at a receiver. Without an event only uploads are deleted."""

    record_id: str
    seq: int
    take_id: str
    studio_id: str
    event: ConsentEvent | None
    blocks: bool
    told: bool = False
    """The receiver has heard of it; it has still to sign that it deleted the take."""

    @property
    def key(self) -> tuple[str, int, str]:
        """The same whether or not it was told."""
        return self.record_id, self.seq, self.studio_id


@dataclass(frozen=True, slots=True)
class WithdrawalReply:
    """What a receiver that was told has answered, as far as it can be believed."""

    word: DeletionWord
    statement: bytes | None = None
    """The signed statement, byte for byte."""
    deleted_at: datetime | None = None

    @property
    def exports(self) -> tuple[str, ...]:
        """What held the take, by the statement."""
        held = json.loads(self.statement).get("exports", ()) if self.statement else ()
        return tuple(str(export["name"]) for export in held)

    def leaves_open(self, *, blocks: bool) -> bool:
        """Whether it is asked again. A studio that may keep the take for other uses has nothing to sign."""
        if self.word in (DeletionWord.DELETED, DeletionWord.LEFT, DeletionWord.LOST):
            return False
        return blocks or self.word in (DeletionWord.WAITS, DeletionWord.DISMISSED)


@dataclass(frozen=True, slots=True)
class WithdrawalNote:
    """One act at one receiver, as this outbox knows it."""

    pending: PendingWithdrawal
    withdrawn_at: datetime | None
    told_at: datetime | None
    reply: WithdrawalReply | None
    is_open: bool
    """It has still to be told, or to be answered with a statement."""


class WithdrawalNotes(OutboxPart):
    """Part of the outbox."""

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
        return tuple(p for p in self.unfinished() if not p.told and studio_id in (None, p.studio_id))

    def unfinished(self) -> tuple[PendingWithdrawal, ...]:
        """Those, and those that a receiver has heard of and not yet signed that it deleted the take."""
        with self._lock:
            rows = self._sql.execute("SELECT * FROM withdrawals WHERE told=0 OR asks=1 ORDER BY rowid").fetchall()
        return tuple(_pending(row) for row in rows)

    def withdrawals_of(self, take_id: str) -> tuple[WithdrawalNote, ...]:
        """What was taken back of a take, at every receiver that has to do with it, and what each has answered."""
        with self._lock:
            rows = self._sql.execute(
                "SELECT * FROM withdrawals WHERE take_id=? AND studio_id<>'' ORDER BY seq, studio_id", (take_id,)
            ).fetchall()
        return tuple(
            WithdrawalNote(
                _pending(row),
                moment(row["withdrawn_at"]),
                moment(row["told_at"]),
                reply_of(row),
                row["told"] == 0 or row["asks"] == 1,
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

    def told(self, withdrawal: PendingWithdrawal, reply: WithdrawalReply | None = None) -> None:
        """The receiver has confirmed that it heard of the withdrawal; `reply` says what it made of it, or that it
        cannot hear of it any more.
        """
        asks = reply is not None and reply.leaves_open(blocks=withdrawal.blocks)
        answer = (
            (reply.word, reply.statement, reply.deleted_at.isoformat() if reply.deleted_at else None)
            if reply is not None
            else (None, None, None)
        )
        heard = None if reply is not None and reply.word is DeletionWord.LOST else utc_now().isoformat()
        with self._transaction() as sql:
            sql.execute(
                "UPDATE withdrawals SET told=1, told_at=coalesce(told_at, ?), asks=?, word=?, statement=?, "
                "deleted_at=? WHERE record_id=? AND seq=? AND studio_id=?",
                (heard, int(asks), *answer, *withdrawal.key),
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


def _pending(row: sqlite3.Row) -> PendingWithdrawal:
    return PendingWithdrawal(
        row["record_id"],
        row["seq"],
        row["take_id"],
        row["studio_id"],
        ConsentEvent.model_validate_json(row["event"]) if row["event"] else None,
        bool(row["blocks"]),
        told=bool(row["told"]),
    )


def reply_of(row: sqlite3.Row) -> WithdrawalReply | None:
    """What is noted of an answer in a row that has `word`, `statement` and `deleted_at`."""
    if not row["word"]:
        return None
    return WithdrawalReply(DeletionWord(row["word"]), row["statement"], moment(row["deleted_at"]))
