"""How far a transfer is, told so that it never stands still without a word.

While nothing moves, whoever listens is told again and again how long that is waited for: an answer that does not come,
a receiver that checks what it has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from perfstudio.model.delivery import DeliveryState

QUIET_S = 10.0
"""Without news for so long, the end of the wait is told."""
LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class HowFar:
    """Bytes at the receiver or on their way, of the whole bundle."""

    state: DeliveryState
    sent: int
    total: int
    read: int = 0
    """Bytes of its own files that were read so far, before the first one leaves."""
    left_s: float | None = None
    """Nothing has moved for a while, and is waited for so long still."""


Progress = Callable[[HowFar], None]


class SilenceWatch:
    """Passes on what it is told, and speaks up while it is told nothing. Use as a context; `tell` may raise."""

    def __init__(self, tell: Progress, left_s: Callable[[], float | None], total: int) -> None:
        self._tell = tell
        self._left_s = left_s
        self._now = HowFar(DeliveryState.SENDING, 0, total)
        self._news_s = monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="delivery-silence", daemon=True)

    def __enter__(self) -> SilenceWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def sent(self, state: DeliveryState, sent: int) -> None:
        """So many bytes are at the receiver or on their way."""
        self._hear(replace(self._now, state=state, sent=sent, read=0))

    def read(self, read: int) -> None:
        """So many bytes of the files were read before they go."""
        self._hear(replace(self._now, read=read))

    def _hear(self, now: HowFar) -> None:
        if now != self._now:
            self._now, self._news_s = now, monotonic()
        self._tell(now)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_S):
            left_s = self._left_s()
            if left_s is not None and monotonic() - self._news_s >= QUIET_S:
                self._tell(replace(self._now, left_s=left_s))
