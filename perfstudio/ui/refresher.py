"""Reading a page's data anew without reading it twice at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from perfstudio.model.errors import PerfstudioError
from perfstudio.session.worker import Failed, Worker

T = TypeVar("T")


class Refresher(Generic[T]):
    """Runs `read` on `worker` and gives `show` what came; any number of asks meanwhile become one more reading."""

    def __init__(self, worker: Worker, read: Callable[[], T], show: Callable[[T], object], failed: Failed) -> None:
        self._worker, self._read, self._show, self._failed = worker, read, show, failed
        self._reading = self._stale = False
        self._then: list[Callable[[T], object]] = []

    def refresh(self, then: Callable[[T], object] | None = None) -> None:
        """Read now, or once more after the reading that goes on; `then` follows when that is shown."""
        if then is not None:
            self._then.append(then)
        if self._reading:
            self._stale = True
            return
        self._reading = True
        self._worker.run(self._read, self._have, self._not_read)

    def _have(self, found: T) -> None:
        self._reading = False
        self._show(found)
        if self._stale:
            self._stale = False
            self.refresh()
            return
        then, self._then = self._then, []
        for call in then:
            call(found)

    def _not_read(self, problem: PerfstudioError) -> None:
        self._reading = self._stale = False
        self._then = []
        self._failed(problem)
