"""The outbox: what waits, where it goes on, what was taken back. SQLite, WAL, synchronous FULL.

Every row can be made again from the take folders (`enqueue` is idempotent); what the rows add is where a half-sent file
lives at the receiver. That address is committed *before* the first byte is sent to it. Rows of files are keyed by take
and SHA-256, so that two takes which begin alike never share an upload. A withdrawal blocks its take in the same
transaction that queues the message to the receiver, and it blocks for every process that uses this outbox.

No transaction is open while the network is used. Safe to use from several threads and processes.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox_file import Database, alone, move_aside, open_database, trouble
from perfstudio.delivery.outbox_given import GivenAgain, PendingGiving
from perfstudio.delivery.outbox_part import moment
from perfstudio.delivery.outbox_switches import OutboxSwitches
from perfstudio.delivery.outbox_withdrawals import LINES, PendingWithdrawal, WithdrawalNotes, reply_of
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import DELIVERY_ENDED, Arrival, DeliveryState, DeliveryStatus
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import FileEntry


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """Where a file of a take goes on at the receiver."""

    url: str
    expires_at: datetime | None
    sent: int | None = None
    """How many bytes of the file can have left for this address; None when an earlier version noted nothing."""

    def may_hold(self, offset: int) -> bool:
        """Whether an offset there can come from bytes that were sent from here."""
        return self.sent is None or offset <= self.sent

    def __repr__(self) -> str:
        return "StoredUpload(…)"


Paper = PendingWithdrawal | PendingGiving
"""Something signed that a receiver has still to be told of."""


class Outbox(WithdrawalNotes, GivenAgain):
    """Owns one database file and the lock that lets one process at a time transfer."""

    def __init__(self, db: Path) -> None:
        """Open or make the outbox. A file that is no database is set aside; `set_aside` says where.

        Raises DeliveryError: DISK_FULL, FOLDER_NOT_WRITABLE, DISK_WRITE, DELIVERY_BUSY.
        """
        self._db = db
        self._lock = threading.RLock()
        self.set_aside: Path | None = None
        try:
            db.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._sql = self._opened(db)
        except (OSError, sqlite3.Error) as problem:
            raise trouble(problem, db) from problem
        self._sql.file = db
        self.switches = OutboxSwitches(self._sql, self._lock)

    def _opened(self, db: Path) -> Database:
        db.touch(mode=0o600)
        try:
            return open_database(db)
        except sqlite3.DatabaseError as problem:
            if isinstance(problem, sqlite3.OperationalError) and "malformed" not in str(problem):
                raise
            self.set_aside = move_aside(db)
            db.touch(mode=0o600)
            return open_database(db)

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._sql.close()

    # what waits

    def enqueue(self, bundle: Bundle) -> DeliveryState:
        """Queue a take, or leave it where it is. Returns its state; a withdrawn record stays CANCELLED.

        A new consent record lifts a cancellation: the performer has agreed anew.
        """
        with self._transaction() as sql:
            row = sql.execute(
                "SELECT state, record_id FROM deliveries WHERE take_id=? AND studio_id=?",
                (bundle.take_id, bundle.studio_id),
            ).fetchone()
            if self._withdrawn(sql, bundle.consent.record_id):
                return DeliveryState.CANCELLED
            if row and row["record_id"] == bundle.consent.record_id:
                return DeliveryState(row["state"])
            sql.execute(
                "INSERT OR REPLACE INTO deliveries (take_id, studio_id, record_id, state, bytes_total, queued_at) "
                "VALUES (?,?,?,?,?,?)",
                (
                    bundle.take_id,
                    bundle.studio_id,
                    bundle.consent.record_id,
                    DeliveryState.QUEUED,
                    bundle.size,
                    utc_now().isoformat(),
                ),
            )
        return DeliveryState.QUEUED

    def keep_arrived(self, receipt: Arrival, record_id: str) -> None:
        """A take that arrived before this outbox was made has its line again, as its receipt says."""
        state = DeliveryState.DELIVERED if receipt.state == "accepted" else DeliveryState.SENT
        size, at = sum(file.size for file in receipt.files), receipt.at.isoformat()
        with self._transaction() as sql:
            sql.execute(
                "INSERT OR IGNORE INTO deliveries "
                "(take_id, studio_id, record_id, state, level, bytes_total, bytes_sent, queued_at, sent_at) "
                "VALUES (?,?,?,?,?,?,?,?,?)",
                (receipt.take_id, receipt.studio_id, record_id, state, receipt.level, size, size, at, at),
            )

    def status(self, take_id: str, studio_id: str) -> DeliveryStatus | None:
        """One line, or None when the take was never queued for this studio."""
        return next((s for s in self.statuses() if (s.take_id, s.studio_id) == (take_id, studio_id)), None)

    def statuses(self) -> tuple[DeliveryStatus, ...]:
        """Every line, oldest first."""
        with self._lock:
            rows = self._sql.execute(LINES).fetchall()
        return tuple(_status(row) for row in rows)

    def open_takes(self) -> tuple[tuple[str, str], ...]:
        """(take id, studio id) of everything that has not ended, oldest first."""
        return tuple((s.take_id, s.studio_id) for s in self.statuses() if s.state not in DELIVERY_ENDED)

    def set_state(
        self,
        take_id: str,
        studio_id: str,
        state: DeliveryState,
        *,
        reason: ErrorCode | None = None,
        facts: tuple[tuple[str, str | int | float], ...] = (),
    ) -> None:
        """Move a take to a state. CANCELLED is only left through `enqueue` or `retry`."""
        with self._transaction() as sql:
            if state in (DeliveryState.SENT, DeliveryState.DELIVERED):  # noted even when it was cancelled meanwhile
                sql.execute(
                    "UPDATE deliveries SET sent_at=? WHERE take_id=? AND studio_id=?",
                    (utc_now().isoformat(), take_id, studio_id),
                )
            sql.execute(
                "UPDATE deliveries SET state=?, reason=?, facts=? WHERE take_id=? AND studio_id=? AND state<>?",
                (state, reason, json.dumps(facts), take_id, studio_id, DeliveryState.CANCELLED),
            )

    def put_back(self, take_id: str, studio_id: str, arrived: DeliveryState) -> None:
        """A take that had arrived was asked for again in vain: it has arrived all the same, and when it did."""
        with self._transaction() as sql:
            sql.execute(
                "UPDATE deliveries SET state=?, reason=NULL, facts='[]' WHERE take_id=? AND studio_id=? AND state<>?",
                (arrived, take_id, studio_id, DeliveryState.CANCELLED),
            )

    def retry(self, take_id: str, studio_id: str) -> None:
        """Queue again what was refused, paused, waiting or taken out of the queue. A withdrawn record stays blocked."""
        with self._transaction() as sql:
            row = sql.execute(
                "SELECT record_id FROM deliveries WHERE take_id=? AND studio_id=?", (take_id, studio_id)
            ).fetchone()
            if row and not self._withdrawn(sql, row["record_id"]):
                sql.execute(
                    "UPDATE deliveries SET state=?, reason=NULL, facts='[]', attempts=0, chunk=NULL "
                    "WHERE take_id=? AND studio_id=? AND state NOT IN (?,?)",
                    (DeliveryState.QUEUED, take_id, studio_id, DeliveryState.SENT, DeliveryState.DELIVERED),
                )

    def take_out(self, take_id: str, studio_id: str) -> None:
        """Out of the queue, without a word about consent."""
        self.set_state(take_id, studio_id, DeliveryState.CANCELLED)

    # how far

    def note(self, take_id: str, studio_id: str, **values: str | int | None) -> None:
        """Keep how far a transfer is: `level`, `bytes_sent`, `bytes_total`, `attempts`, `chunk`, `salt`,
        `papers` (`announced_papers`)."""
        if unknown := values.keys() - {"level", "bytes_sent", "bytes_total", "attempts", "chunk", "salt", "papers"}:
            raise ValueError(f"not columns: {unknown}")
        columns = ", ".join(f"{name}=?" for name in values)
        with self._transaction() as sql:
            sql.execute(
                f"UPDATE deliveries SET {columns} WHERE take_id=? AND studio_id=?",  # noqa: S608 - names checked above
                (*values.values(), take_id, studio_id),
            )

    def noted(self, take_id: str, studio_id: str) -> tuple[str | None, int | None, str | None]:
        """(level once known, chunk size once changed, salt of the proof once made up)."""
        with self._lock:
            row = self._sql.execute(
                "SELECT level, chunk, salt FROM deliveries WHERE take_id=? AND studio_id=?", (take_id, studio_id)
            ).fetchone()
        return (row["level"], row["chunk"], row["salt"]) if row else (None, None, None)

    def papers(self, take_id: str, studio_id: str) -> str | None:
        """What `note` has kept of the papers that were announced."""
        with self._lock:
            row = self._sql.execute(
                "SELECT papers FROM deliveries WHERE take_id=? AND studio_id=?", (take_id, studio_id)
            ).fetchone()
        return row["papers"] if row else None

    def upload(self, bundle: Bundle, file: FileEntry) -> StoredUpload | None:
        """Where this file goes on, or None. An address that has expired is None, too."""
        with self._lock:
            row = self._sql.execute(
                "SELECT url, expires_at, sent FROM uploads WHERE take_id=? AND studio_id=? AND name=? AND sha256=?",
                (bundle.take_id, bundle.studio_id, file.name, file.sha256),
            ).fetchone()
        if row is None:
            return None
        expires_at = datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None
        return StoredUpload(row["url"], expires_at, row["sent"])

    def keep_upload(self, bundle: Bundle, file: FileEntry, url: str, expires_at: datetime | None) -> None:
        """Make an upload address durable. On disk when this returns."""
        ends = expires_at.isoformat() if expires_at else None
        values = (bundle.take_id, bundle.studio_id, file.name, file.sha256, url, ends)
        with self._transaction() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO uploads (take_id, studio_id, name, sha256, url, expires_at, sent) "
                "VALUES (?,?,?,?,?,?,0)",
                values,
            )

    def note_sent(self, bundle: Bundle, file: FileEntry, sent: int) -> None:
        """Keep how many bytes of a file can have left. Before they do, so that a kill never makes it too few."""
        with self._transaction() as sql:
            sql.execute(
                "UPDATE uploads SET sent=? WHERE take_id=? AND studio_id=? AND name=? AND sha256=?",
                (sent, bundle.take_id, bundle.studio_id, file.name, file.sha256),
            )

    def forget_upload(self, take_id: str, studio_id: str, name: str | None = None) -> None:
        """Forget where a file (or every file of the take) went on."""
        with self._transaction() as sql:
            sql.execute(
                "DELETE FROM uploads WHERE take_id=? AND studio_id=? AND (?3 IS NULL OR name=?3)",
                (take_id, studio_id, name),
            )

    def upload_urls(self, take_id: str, studio_id: str) -> tuple[str, ...]:
        """Every address this take has at a studio: what is deleted there when consent is taken back."""
        with self._lock:
            rows = self._sql.execute(
                "SELECT url FROM uploads WHERE take_id=? AND studio_id=?", (take_id, studio_id)
            ).fetchall()
        return tuple(row["url"] for row in rows)

    def stopped(self, take_id: str, studio_id: str) -> bool:
        """Whether the take may no longer be sent: asked before every chunk and several times a second inside one."""
        with self._lock:
            row = self._sql.execute(
                "SELECT state FROM deliveries WHERE take_id=? AND studio_id=?", (take_id, studio_id)
            ).fetchone()
        return row is None or row["state"] == DeliveryState.CANCELLED

    def pending(self, studio_id: str | None = None) -> tuple[Paper, ...]:
        """Everything that a receiver (or this one) can be told or asked now: what was taken back and has still to be
        told, or to be answered with a statement; then what was given again.
        """
        back = (one for one in self.unfinished() if studio_id in (None, one.studio_id))
        return (*back, *self.ungiven(studio_id))

    # one transfer at a time, over all processes

    @contextlib.contextmanager
    def turn(self, patience_s: float) -> Iterator[None]:
        """Hold the right to transfer. Raises DeliveryError(DELIVERY_BUSY) when another process keeps it too long."""
        with alone(self._db.with_suffix(".turn"), patience_s):
            yield


def _status(row: sqlite3.Row) -> DeliveryStatus:
    untold, reply = bool(row["untold"]), reply_of(row)
    return DeliveryStatus(
        take_id=row["take_id"],
        studio_id=row["studio_id"],
        state=DeliveryState(row["state"]),
        bytes_total=row["bytes_total"],
        bytes_sent=row["bytes_sent"],
        attempts=row["attempts"],
        reason=ErrorCode(row["reason"]) if row["reason"] else None,
        facts=tuple((name, value) for name, value in json.loads(row["facts"])),
        sent_at=moment(row["sent_at"]),
        withdrawn_at=moment(row["withdrawn_at"]),
        told_at=None if untold else moment(row["told_at"]),
        untold=untold,
        partly=row["withdrawn_at"] is not None and bool(row["partly"]),
        word=reply.word if reply is not None else None,
        deleted_at=reply.deleted_at if reply is not None else None,
        exports=reply.exports if reply is not None else (),
        unfinished=bool(row["unfinished"]),
    )
