"""The outbox's part about lines that were given again: who has still to hear of it, and what goes once more."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from perfstudio.delivery.outbox_part import OutboxPart
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import ErrorCode

_UNGIVEN = """
SELECT * FROM givings AS g WHERE told=0 AND (?1 IS NULL OR studio_id=?1) AND NOT EXISTS (SELECT 1 FROM withdrawals AS w
    WHERE w.record_id = g.record_id AND w.studio_id = g.studio_id AND w.seq < g.seq AND w.told=0)
ORDER BY rowid
"""
"""In the order of the record: what was taken back before is told before."""


@dataclass(frozen=True, slots=True)
class PendingGiving:
    """A record whose acts grew by lines given (again), at a studio that has not confirmed the longer record yet."""

    record_id: str
    seq: int
    take_id: str
    studio_id: str

    @property
    def key(self) -> tuple[str, int, str]:
        """One act at one studio."""
        return self.record_id, self.seq, self.studio_id


class GivenAgain(OutboxPart):
    """Part of the outbox."""

    def give(
        self,
        take_id: str,
        record_id: str,
        seq: int,
        *,
        covers: bool,
        whole: bool,
        studio_ids: Iterable[str] = (),
    ) -> None:
        """Lines were given (again) by act `seq`. In one transaction: a message to every studio that got something, and
        when what stands `covers` the delivery again, the withdrawals so far block it no more.

        `whole`: nothing that was ever given is taken back now. A delivery that was stopped begins anew: who has it is
        told first that it was taken back, and lets go of it.
        """
        with self._transaction() as sql:
            rows = sql.execute("SELECT * FROM deliveries WHERE take_id=?", (take_id,)).fetchall()
            reached = {row["studio_id"] for row in rows if row["level"] is not None} | set(studio_ids)
            for studio_id in sorted(reached) or [""]:
                sql.execute(
                    "INSERT OR IGNORE INTO givings (record_id, seq, take_id, studio_id, whole, told) "
                    "VALUES (?,?,?,?,?,?)",
                    (record_id, seq, take_id, studio_id, int(whole), int(not studio_id)),
                )
            if not covers:
                return
            for row in rows:
                if row["record_id"] == record_id and row["reason"] == ErrorCode.CONSENT_WITHDRAWN:
                    _begin_anew(sql, row)
            sql.execute("UPDATE withdrawals SET blocks=0 WHERE record_id=? AND seq<?", (record_id, seq))

    def ungiven(self, studio_id: str | None = None) -> tuple[PendingGiving, ...]:
        """Records that a studio (or this one) has still to be sent again, with the acts that it does not have."""
        with self._lock:
            rows = self._sql.execute(_UNGIVEN, (studio_id,)).fetchall()
        return tuple(PendingGiving(row["record_id"], row["seq"], row["take_id"], row["studio_id"]) for row in rows)

    def knows_giving(self, record_id: str, seq: int) -> bool:
        """Whether it was noted that this act gave lines."""
        with self._lock:
            found = self._sql.execute("SELECT 1 FROM givings WHERE record_id=? AND seq>=?", (record_id, seq))
            return found.fetchone() is not None

    def given(self, giving: PendingGiving, *, confirmed: bool = True) -> None:
        """The studio has confirmed the record; without `confirmed`: there is nothing to tell any more."""
        with self._transaction() as sql:
            sql.execute(
                "UPDATE givings SET told=1, told_at=? WHERE record_id=? AND seq<=? AND studio_id=?",
                (utc_now().isoformat() if confirmed else None, giving.record_id, giving.seq, giving.studio_id),
            )


def _begin_anew(sql: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Queue a delivery that a withdrawal stopped. What the performer had taken out stays out."""
    out = dict(json.loads(row["facts"])).get("before") == DeliveryState.CANCELLED
    key = (row["take_id"], row["studio_id"])
    if row["sent_at"] is not None:
        sql.execute("DELETE FROM uploads WHERE take_id=? AND studio_id=?", key)
    sql.execute(
        "UPDATE deliveries SET state=?, reason=NULL, facts='[]', attempts=0, chunk=NULL, sent_at=NULL, bytes_sent=0 "
        "WHERE take_id=? AND studio_id=?",
        (DeliveryState.CANCELLED if out else DeliveryState.QUEUED, *key),
    )
