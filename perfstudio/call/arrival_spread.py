"""How far apart what was sent at an even pace arrives: what a buffer for conversation has to wait for.

Each frame is sent 20 ms behind the one before. Of (arrived - number * 20 ms) the least of the last ten seconds is the
way itself, on whatever clocks, and how far the others lie above it is what the network adds by chance.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

FRAME_NS: Final = 20_000_000
"""Of sound in one frame."""
LEAST_NS, MOST_NS = 10_000_000, 120_000_000
"""Between these a frame is waited for: beyond, two talk over one another more than a lost syllable is worth."""
IN_TIME: Final = 0.95
"""So many of a hundred come in time; of the others most are heard out of the frame behind them, which has them too."""
_WINDOW: Final = 500
"""Frames: ten seconds, in which clocks that run 200 ppm apart move by 2 ms."""
_RECKON_EVERY: Final = 10


class ArrivalSpread:
    """Used on one thread, or under one lock."""

    def __init__(self) -> None:
        self._late: deque[int] = deque(maxlen=_WINDOW)
        self._since = 0
        self.way_ns = 0
        """The least of (arrived - number * 20 ms)."""
        self.wait_ns = 2 * LEAST_NS
        """How far behind it a frame is played so that most are there."""

    def add(self, number: int, arrived_ns: int) -> None:
        """A frame arrived for the first time."""
        late = arrived_ns - number * FRAME_NS
        if not self._late or late < self.way_ns:
            self.way_ns = late
        self._late.append(late)
        self._since += 1
        if self._since >= _RECKON_EVERY:
            self._since = 0
            self._reckon()

    def forget(self) -> None:
        """Another way, or another clock: begin again, with what was waited for until now."""
        self._late.clear()
        self._since = 0

    def _reckon(self) -> None:
        late = np.array(self._late)
        self.way_ns = int(late.min())
        spread = float(np.quantile(late - self.way_ns, IN_TIME))
        self.wait_ns = round(min(max(spread, LEAST_NS), MOST_NS))
