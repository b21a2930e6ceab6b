"""The index kept up with the folders: refreshed after a change, healed when damaged, replaced when it cannot be used.

Nobody who changed a folder waits for the index longer than a moment, and nobody sees an error from it: what cannot be
written now is written before the next look, and an index that cannot be used at all is replaced by one in memory.
All use within one process goes through one lock here; other processes are kept apart by SQLite.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from perfstudio.library.index import (
    Condition,
    Index,
    IndexBusyError,
    IndexLostError,
    memory_index,
    open_index,
    renew_index,
)
from perfstudio.library.locks import Locks
from perfstudio.library.reconcile import reconcile, refresh
from perfstudio.library.take_row import RebuildReport

_QUICK_MS = 250
"""How long a change waits for the index. Recording never waits for it longer; the folders have the change already."""

_Answer = TypeVar("_Answer")


class IndexSync:
    """Owns the index of one library. Raises nothing but programming errors."""

    def __init__(self, path: Path, takes: Path, locks: Locks) -> None:
        self._path = path
        self._takes, self._locks = takes, locks
        self._index = open_index(path)
        self._behind: dict[str, bool] = {}
        """Take ids whose folders the index has still to read, and whether a vanished one is to be forgotten."""
        self._guard = threading.RLock()

    @property
    def condition(self) -> Condition:
        """How the index was found, or what it became since."""
        return self._index.condition

    def reconciled(self, *, anew: bool = False) -> RebuildReport:
        """Bring the index up to the folders."""
        with self._guard:
            try:
                report = reconcile(self._index, self._takes, self._locks, anew=anew)
            except IndexLostError:
                report = self._renewed()
            except IndexBusyError:
                report = self._stand_in()
            self._behind.clear()
            return report

    def refresh(self, take_ids: Iterable[str], *, forget: bool = False) -> None:
        """Let the index read these folders, now or before the next look; rows without folder go on `forget`."""
        with self._guard:
            self._behind |= dict.fromkeys(take_ids, forget)
            self._catch_up()

    def ask(self, question: Callable[[Index], _Answer]) -> _Answer:
        """The answer of an index that has caught up."""
        with self._guard:
            self._catch_up()
            try:
                return question(self._index)
            except IndexLostError:
                self._renewed()
            except IndexBusyError:
                self._stand_in()
            return question(self._index)

    def close(self) -> None:
        """Let the file go. Safe to call twice."""
        with self._guard:
            self._index.close()

    def _catch_up(self) -> None:
        if not self._behind:
            return
        try:
            with self._index.writing(wait_ms=_QUICK_MS):
                for take_id, forget in self._behind.items():
                    refresh(self._index, self._takes, self._locks, take_id, forget=forget)
        except IndexBusyError:
            return
        except IndexLostError:
            self._renewed()
        self._behind.clear()

    def _renewed(self) -> RebuildReport:
        """The damaged index set aside and made anew from the folders."""
        self._index.close()
        self._index = renew_index(self._path)
        try:
            return reconcile(self._index, self._takes, self._locks)
        except (IndexLostError, IndexBusyError):
            return self._stand_in()

    def _stand_in(self) -> RebuildReport:
        """An index in memory in the place of one that cannot be used now."""
        self._index.close()
        self._index = memory_index()
        return reconcile(self._index, self._takes, self._locks)
