"""When the window asks studios what they decided: after a start, when a take has arrived, when somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from perfstudio.model.delivery import DeliveryState, DeliveryStatus
from perfstudio.session.bus import Bus, RunOnOwner
from perfstudio.session.events import DeliveryChanged
from perfstudio.session.worker import SerialWorker

EVERY_S = 60.0
"""Between two times that studios are asked because somebody looks at a page."""


class StudioListener:
    """Owns a worker: what studios have to say may take as long as a network does. All on the window's thread."""

    def __init__(self, post: RunOnOwner, bus: Bus, hear: Callable[[], object], may_ask: Callable[[], bool]) -> None:
        """`hear` asks and keeps; `may_ask` is False while a take is made, or while the performer lets all rest."""
        self._hear, self._may_ask = hear, may_ask
        self._worker = SerialWorker(post, "listening")
        self._asked_s = -EVERY_S
        self._arrived: set[str] = set()
        self._closed = False
        bus.subscribe(DeliveryChanged, lambda event: self._changed(event.status))

    def ask(self, *, now: bool = False) -> None:
        """Ask, once a minute at most unless `now`."""
        soon = monotonic() - self._asked_s < EVERY_S and not now
        if not soon and not self._closed and self._may_ask():
            self._asked_s = monotonic()
            self._worker.run(self._hear, lambda _: None, lambda _: None)

    def close(self) -> None:
        """Ask no more."""
        self._closed = True
        self._worker.close()

    def _changed(self, status: DeliveryStatus) -> None:
        if status.state is DeliveryState.DELIVERED and status.take_id not in self._arrived:
            self._arrived.add(status.take_id)
            self.ask(now=True)
