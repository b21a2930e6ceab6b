"""The outbox's part about lines that were given again: who has still to hear of it, and what may go once more."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class PendingGiving:
    """A record whose acts grew by lines given (again), at a studio that has not confirmed the longer record yet."""

    record_id: str
    seq: int
    take_id: str
    studio_id: str


class GivenAgain:
    """Part of the outbox: it shares its database, its lock and its transactions."""

    _lock: threading.RLock
    _sql: sqlite3.Connection

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        raise NotImplementedError

    def give(
        self,
        take_id: str,
        record_id: str,
        seq: int,
        *,
        covers: bool,
        ended: Collection[int] = (),
        studio_ids: Iterable[str] = (),
    ) -> None:
        """Lines were given (again) by act `seq`. In one transaction: a message to every studio that got something,
        and when what stands `covers` the delivery again, the withdrawals so far block it no more.

        `ended` holds the acts after which nobody might keep the take. A studio that has confirmed one of them has let
        go of it, so it is sent anew; one that has kept it is as far as it was.
        """
        with self._transaction() as sql:
            sql.execute("DELETE FROM expected WHERE take_id=?", (take_id,))
            rows = sql.execute("SELECT * FROM deliveries WHERE take_id=?", (take_id,)).fetchall()
            reached = {row["studio_id"] for row in rows if row["level"] is not None} | set(studio_ids)
            for studio_id in sorted(reached):
                sql.execute(
                    "INSERT OR IGNORE INTO givings (record_id, seq, take_id, studio_id) VALUES (?,?,?,?)",
                    (record_id, seq, take_id, studio_id),
                )
            if not covers:
                return
            for row in rows:
                if row["record_id"] == record_id and row["reason"] == ErrorCode.CONSENT_WITHDRAWN:
                    _let_go_on(sql, row, seq, ended)
            sql.execute("UPDATE withdrawals SET blocks=0 WHERE record_id=? AND seq<?", (record_id, seq))

    def ungiven(self) -> tuple[PendingGiving, ...]:
        """Records that a studio has still to be sent again, with the acts that it does not have."""
        with self._lock:
            rows = self._sql.execute("SELECT * FROM givings WHERE told=0 ORDER BY record_id, seq").fetchall()
        return tuple(PendingGiving(row["record_id"], row["seq"], row["take_id"], row["studio_id"]) for row in rows)

    def expect(self, take_id: str) -> None:
        """An act about this take is about to be on disk: if a kill comes before it is noted here, it is looked for."""
        with self._transaction() as sql:
            sql.execute("INSERT OR IGNORE INTO expected (take_id) VALUES (?)", (take_id,))

    def expected(self) -> tuple[str, ...]:
        """Takes of which an act may be on disk that was never noted here."""
        with self._lock:
            return tuple(row["take_id"] for row in self._sql.execute("SELECT take_id FROM expected").fetchall())

    def given(self, giving: PendingGiving, *, confirmed: bool = True) -> None:
        """The studio has confirmed the record; without `confirmed`: there is nothing to tell any more."""
        with self._transaction() as sql:
            sql.execute(
                "UPDATE givings SET told=1, told_at=? WHERE record_id=? AND seq<=? AND studio_id=?",
                (utc_now().isoformat() if confirmed else None, giving.record_id, giving.seq, giving.studio_id),
            )


def stop(sql: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Consent was taken back: nothing more of this delivery leaves. Where it stood is noted, for it may go on."""
    facts = json.dumps([["take", row["take_id"]], ["before", row["state"]]])
    sql.execute(
        "UPDATE deliveries SET state=?, reason=?, facts=? WHERE take_id=? AND studio_id=?",
        (DeliveryState.CANCELLED, ErrorCode.CONSENT_WITHDRAWN, facts, row["take_id"], row["studio_id"]),
    )


def _let_go_on(sql: sqlite3.Connection, row: sqlite3.Row, seq: int, ended: Collection[int]) -> None:
    """Put a delivery that a withdrawal stopped where it stands now. What the performer had taken out stays out."""
    key = (row["take_id"], row["studio_id"])
    told = sql.execute(
        "SELECT seq FROM withdrawals WHERE record_id=? AND studio_id=? AND seq<? AND blocks=1 AND told_at IS NOT NULL",
        (row["record_id"], row["studio_id"], seq),
    ).fetchall()
    plain_server = row["level"] != "B"  # where every file is deleted when a withdrawal that blocks is told
    let_go = any(plain_server or found["seq"] in ended for found in told)
    state, sent_at = DeliveryState.QUEUED, row["sent_at"]
    if row["sent_at"] is not None and not let_go:
        state = DeliveryState.SENT if plain_server else DeliveryState.DELIVERED
    elif dict(json.loads(row["facts"])).get("before") == DeliveryState.CANCELLED:
        state = DeliveryState.CANCELLED
    if let_go:
        sent_at = None
        sql.execute("DELETE FROM uploads WHERE take_id=? AND studio_id=?", key)
    sql.execute(
        "UPDATE deliveries SET state=?, reason=NULL, facts='[]', attempts=0, chunk=NULL, bytes_sent=?, sent_at=? "
        "WHERE take_id=? AND studio_id=?",
        (state, 0 if let_go else row["bytes_sent"], sent_at, *key),
    )
