"""The lines of the Deliveries page as the worker knows them: what stands in the outbox, and what moves just now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic

from perfstudio.delivery.how_far import HowFar, Progress
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.sender import Key
from perfstudio.delivery.speed import Speedometer
from perfstudio.model.delivery import DeliveryState, DeliveryStatus


class LiveLines:
    """Safe to use from several threads. `on_status` is called on the thread that told of it."""

    def __init__(
        self,
        outbox: Outbox,
        due_s: Callable[[], Mapping[Key, float]],
        on_status: Callable[[DeliveryStatus], object],
    ) -> None:
        """`due_s` says when each delivery that waits is tried next, as `monotonic` counts."""
        self._outbox, self._due_s, self._on_status = outbox, due_s, on_status
        self._lock = threading.Lock()
        self._live: dict[Key, DeliveryStatus] = {}

    def all(self) -> tuple[DeliveryStatus, ...]:
        """Every line as it stands now."""
        with self._lock:
            live = dict(self._live)
        due_s = self._due_s()
        lines = []
        for stored in self._outbox.statuses():
            key = (stored.take_id, stored.studio_id)
            line = live.get(key, stored)
            if stored.state is DeliveryState.WAITING:
                line = replace(stored, next_try_s=max(0.0, due_s.get(key, 0.0) - monotonic()))
            lines.append(line)
        return tuple(lines)

    def tell(self, key: Key) -> None:
        """Whoever listens hears how one line stands, if it is still there."""
        line = next((s for s in self.all() if (s.take_id, s.studio_id) == key), None)
        if line is not None:
            self._on_status(line)

    def progress(self, key: Key) -> Progress:
        """What a transfer tells how far it is: at most four times a second, and at every change of state."""
        meter = Speedometer()

        def heard(now: HowFar) -> None:
            if meter.worth_telling(now.state):
                sent = min(now.sent, now.total)
                line = DeliveryStatus(*key, now.state, now.total, sent, meter.rate(now.sent), next_try_s=now.left_s)
                line = replace(line, bytes_read=now.read)
                with self._lock:
                    self._live[key] = line
                self._on_status(line)

        return heard

    def ended(self, key: Key) -> None:
        """The transfer is over: what stands in the outbox is the line."""
        with self._lock:
            self._live.pop(key, None)
        self.tell(key)
