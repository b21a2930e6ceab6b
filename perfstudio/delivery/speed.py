"""How fast bytes move: a mean over the last few seconds, and a brake that lets progress through four times a second."""

from __future__ import annotations

from collections import deque
from time import monotonic

from perfstudio.model.delivery import DeliveryState

WINDOW_S = 5.0
EVERY_S = 0.25


class Speedometer:
    """One per transfer, used from the transfer's thread."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._told_s = -EVERY_S
        self._state: DeliveryState | None = None

    def worth_telling(self, state: DeliveryState) -> bool:
        """At most four times a second, but every change of state."""
        now_s = monotonic()
        if state is self._state and now_s - self._told_s < EVERY_S:
            return False
        self._state, self._told_s = state, now_s
        return True

    def rate(self, sent: int) -> float:
        """Bytes per second over the window, now that `sent` bytes have gone."""
        now_s = monotonic()
        self._seen.append((now_s, sent))
        while len(self._seen) > 2 and now_s - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()
        began_s, began = self._seen[0]
        return max(0.0, (sent - began) / (now_s - began_s)) if now_s > began_s else 0.0
