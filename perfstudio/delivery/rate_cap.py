"""A cap on how fast takes leave: bytes a second, held on average over whatever is sent, and changed while it is.

What counts are the bytes of the takes; headers and encryption add a few in a hundred.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

LEAST = 8_000
"""Bytes a second: a take of a minute (12 MB) needs 25 minutes at it."""
BURST_S = 0.25
"""What was not used for so long may be made up for; more is gone."""
CHUNK_S = 30.0
"""A chunk is sent in about so many seconds, so that a cap does not put minutes of sending behind one answer."""
CHUNK_LEAST = 1 << 20
_SLICE_S = 0.2


class RateCap:
    """Shared by all transfers of a process; every method may be called from any thread."""

    def __init__(self, bytes_per_s: float | None = None) -> None:
        """None: as fast as the line allows."""
        self._lock = threading.Lock()
        self._rate = bytes_per_s
        self._free_s = 0.0
        self._spent = 0
        self._changed = threading.Event()

    @property
    def bytes_per_s(self) -> float | None:
        """The cap in force."""
        return self._rate

    def set(self, bytes_per_s: float | None) -> None:
        """From now on; a wait under way is cut to the new measure."""
        with self._lock:
            if bytes_per_s != self._rate:
                self._rate, self._free_s = bytes_per_s, monotonic()
                self._changed.set()

    def chunk(self, most: int) -> int:
        """How much may stand behind one answer."""
        rate = self._rate
        return most if rate is None else min(most, max(CHUNK_LEAST, round(rate * CHUNK_S)))

    def begin(self) -> None:
        """A new chunk: its first byte is byte 0."""
        self._spent = 0

    def wait(self, sent: int, patient: Callable[[], object]) -> None:
        """Before the next piece, now that `sent` bytes of the chunk have gone. `patient` is called while it waits, and
        ends the wait by raising.
        """
        self.spend(sent)
        while (left_s := self._left_s()) > 0:
            self._changed.wait(min(left_s, _SLICE_S))
            self._changed.clear()
            patient()

    def spend(self, sent: int) -> None:
        """`sent` bytes of the chunk have gone by now. At its end nobody waits, and what went last counts all the same:
        a take has many files that are smaller than a piece.
        """
        with self._lock:
            new, self._spent = max(0, sent - self._spent), sent
            if self._rate is not None:
                self._free_s = max(self._free_s + new / self._rate, monotonic() - BURST_S)

    def _left_s(self) -> float:
        with self._lock:
            return 0.0 if self._rate is None else self._free_s - monotonic()
