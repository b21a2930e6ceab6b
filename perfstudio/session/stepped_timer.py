"""A timer that is stepped by hand: what takes seconds at the window takes one call here, in the same order."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class SteppedTimer:
    """Rings what is due when it is stepped, and is the clock that goes with it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._cancelled: set[int] = set()

    def after(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call once, when it has been stepped this far; the answer cancels, also afterwards and twice."""
        number = next(self._numbers)
        heapq.heappush(self._waiting, (self.now_s + seconds, number, call))
        return lambda: self._cancelled.add(number)

    def step(self, seconds: float) -> None:
        """So much later: everything that falls due by then rings in its order, also what is asked for by a ring."""
        until = self.now_s + seconds
        while self._waiting and self._waiting[0][0] <= until:
            self.now_s, number, call = heapq.heappop(self._waiting)
            if number not in self._cancelled:
                call()
            self._cancelled.discard(number)
        self.now_s = until

    def now_ns(self) -> int:
        """Its own time, for who asks the computer's clock otherwise."""
        return round(self.now_s * 1e9)
