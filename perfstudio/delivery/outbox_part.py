"""What the parts of the outbox share: its database, its lock, its transactions, and how a moment stands in it."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime

from perfstudio.delivery.outbox_file import Database


class OutboxPart:
    """The outbox is made of these; it sets the database and the lock."""

    _lock: threading.RLock
    _sql: Database

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield self._sql
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
            self._sql.execute("COMMIT")


def moment(text: str | None) -> datetime | None:
    """A moment as a row holds it, or none."""
    return datetime.fromisoformat(text) if text else None
