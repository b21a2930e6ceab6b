"""Whether deliveries rest, all or one: kept in the outbox, for the window and every verb, and over restarts."""

from __future__ import annotations

import threading

from perfstudio.delivery.outbox_file import Database
from perfstudio.delivery.outbox_part import OutboxPart
from perfstudio.model.delivery import DeliveryState

_REST = "rest"


class OutboxSwitches(OutboxPart):
    """Part of the outbox, with its connection and its lock."""

    def __init__(self, sql: Database, lock: threading.RLock) -> None:
        self._sql, self._lock = sql, lock

    @property
    def resting(self) -> bool:
        """Whether everything rests until it is told to go on."""
        with self._lock:
            return self._sql.execute("SELECT 1 FROM switches WHERE name=?", (_REST,)).fetchone() is not None

    def rest(self, *, on: bool) -> None:
        """Let everything rest, or go on. Whoever sends just now, in any process, sees it within a second."""
        if on == self.resting:
            return
        with self._transaction() as sql:
            if on:
                sql.execute("INSERT OR REPLACE INTO switches (name, value) VALUES (?,'on')", (_REST,))
            else:
                sql.execute("DELETE FROM switches WHERE name=?", (_REST,))

    def rests(self, take_id: str, studio_id: str) -> bool:
        """Whether this delivery rests: with all others, or by itself."""
        by_itself = "SELECT 1 FROM deliveries WHERE take_id=? AND studio_id=? AND state=? AND reason IS NULL"
        with self._lock:
            row = self._sql.execute(by_itself, (take_id, studio_id, DeliveryState.PAUSED)).fetchone()
        return row is not None or self.resting
