"""The file of the outbox: its tables, how it is opened, what becomes of one that is none; and whose turn it is."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from perfstudio.durable import disk_error, put_under, remove
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.systems.durability import SQLITE_PRAGMAS

_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    take_id TEXT NOT NULL, studio_id TEXT NOT NULL, record_id TEXT NOT NULL, state TEXT NOT NULL, level TEXT,
    bytes_total INTEGER NOT NULL, bytes_sent INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT, facts TEXT NOT NULL DEFAULT '[]', chunk INTEGER, queued_at TEXT NOT NULL, sent_at TEXT, salt TEXT,
    papers TEXT, PRIMARY KEY (take_id, studio_id)) STRICT;
CREATE TABLE IF NOT EXISTS uploads (
    take_id TEXT NOT NULL, studio_id TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, url TEXT NOT NULL,
    expires_at TEXT, sent INTEGER, PRIMARY KEY (take_id, studio_id, name, sha256)) STRICT;
CREATE TABLE IF NOT EXISTS withdrawals (
    record_id TEXT NOT NULL, seq INTEGER NOT NULL, take_id TEXT NOT NULL, studio_id TEXT NOT NULL, event TEXT,
    blocks INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0, withdrawn_at TEXT, told_at TEXT,
    asks INTEGER, word TEXT, deleted_at TEXT, statement BLOB, PRIMARY KEY (record_id, seq, studio_id)) STRICT;
CREATE TABLE IF NOT EXISTS givings (
    record_id TEXT NOT NULL, seq INTEGER NOT NULL, take_id TEXT NOT NULL, studio_id TEXT NOT NULL,
    whole INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0, told_at TEXT,
    PRIMARY KEY (record_id, seq, studio_id)) STRICT;
CREATE TABLE IF NOT EXISTS switches (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
_LATER_COLUMNS = {
    ("deliveries", "sent_at"): "TEXT",
    ("deliveries", "salt"): "TEXT",
    ("deliveries", "papers"): "TEXT",
    ("uploads", "sent"): "INTEGER",
    ("withdrawals", "withdrawn_at"): "TEXT",
    ("withdrawals", "told_at"): "TEXT",
    ("withdrawals", "asks"): "INTEGER",
    ("withdrawals", "word"): "TEXT",
    ("withdrawals", "deleted_at"): "TEXT",
    ("withdrawals", "statement"): "BLOB",
}
"""What an outbox of an earlier version does not hold yet."""


_SYSTEMS_WORD = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_AUTH: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}


class Database(sqlite3.Connection):
    """A connection that speaks as the house does once it is open: what the disk refuses then is a DeliveryError."""

    file: Path | None = None
    """Whose trouble is told; None while it is being opened."""

    def execute(self, *asked: Any) -> sqlite3.Cursor:
        """The same. Raises DeliveryError."""
        try:
            return super().execute(*asked)
        except sqlite3.Error as problem:
            if self.file is None or isinstance(problem, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise trouble(problem, self.file) from problem


def trouble(problem: OSError | sqlite3.Error, db: Path) -> DeliveryError:
    """What stands in the way of the outbox: no room, no permission, another process, a disk that fails."""
    if isinstance(problem, OSError):
        return disk_error(problem, db.parent, DeliveryError, file=db.name)
    code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DeliveryError(ErrorCode.DELIVERY_BUSY)
    number = _SYSTEMS_WORD.get(code, errno.EIO)
    return disk_error(OSError(number, os.strerror(number)), db.parent, DeliveryError, file=db.name)


def open_database(db: Path) -> Database:
    """The opened database with every table and column. Raises sqlite3.DatabaseError."""
    sql = sqlite3.connect(db, timeout=10.0, isolation_level=None, check_same_thread=False, factory=Database)
    try:
        sql.row_factory = sqlite3.Row
        sql.execute("PRAGMA journal_mode=WAL")
        sql.execute("PRAGMA synchronous=FULL")
        sql.execute("PRAGMA secure_delete=ON")
        for pragma in SQLITE_PRAGMAS:
            sql.execute(pragma)
        sql.executescript(_SCHEMA)
        _add_later_columns(sql)
        sql.execute("SELECT count(*) FROM deliveries").fetchone()
    except BaseException:
        sql.close()
        raise
    return sql


def move_aside(db: Path) -> Path:
    """Give a file that is no database another name, and say which."""
    aside = db.with_name(f"{db.name}.unreadable-{utc_now():%Y%m%dT%H%M%S}")
    put_under(db, aside)
    for tail in ("-wal", "-shm"):
        remove(db.with_name(db.name + tail))
    return aside


def _add_later_columns(sql: sqlite3.Connection) -> None:
    if not _missing_columns(sql):
        return
    sql.execute("BEGIN IMMEDIATE")
    for table, column in _missing_columns(sql):  # asked again: another process may have added them just now
        sql.execute(f"ALTER TABLE {table} ADD COLUMN {column} {_LATER_COLUMNS[table, column]}")
    sql.execute("COMMIT")


def _missing_columns(sql: sqlite3.Connection) -> list[tuple[str, str]]:
    there = {
        (table, row["name"])
        for table in {table for table, _ in _LATER_COLUMNS}
        for row in sql.execute(f"PRAGMA table_info({table})")
    }
    return [column for column in _LATER_COLUMNS if column not in there]


@contextlib.contextmanager
def alone(file: Path, patience_s: float) -> Iterator[None]:
    """Hold `file` for this process. Raises DeliveryError(DELIVERY_BUSY) when another keeps it for too long.

    An exclusive transaction on an empty database: the system lets go of it when the holder is killed.
    """
    lock = sqlite3.connect(file, timeout=0.0, isolation_level=None, check_same_thread=False)
    try:
        for pragma in SQLITE_PRAGMAS:
            lock.execute(pragma)
        file.chmod(0o600)
        give_up = monotonic() + patience_s
        while True:
            try:
                lock.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError:
                if monotonic() >= give_up:
                    raise DeliveryError(ErrorCode.DELIVERY_BUSY) from None
            sleep(0.1)
        yield
    finally:
        lock.close()
