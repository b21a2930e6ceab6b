"""Who reads the files of a take just now: they end before the files go.

Elsewhere a file that is read can be removed all the same; on Windows it cannot, and reading gigabytes takes longer than
a removal may wait. Nobody who reads asks for the lock of the takes meanwhile.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LEAVE_S = 5.0
"""So long a reader may take to end: it looks after each megabyte."""


class ReadingEndedError(Exception):
    """The take goes: what was read of it is of no use any more."""


@dataclass(slots=True, eq=False)
class FileReading:
    """One reader at work. `stop` ends what does not look by itself."""

    stop: Callable[[], object] = lambda: None
    ended: threading.Event = field(default_factory=threading.Event)

    def go_on(self) -> None:
        """Asked again and again. Raises ReadingEndedError."""
        if self.ended.is_set():
            raise ReadingEndedError


class Readings:
    """By take. Thread-safe."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._of: dict[str, list[FileReading]] = {}

    @contextlib.contextmanager
    def of(self, take_id: str, stop: Callable[[], object] = lambda: None) -> Iterator[FileReading]:
        """Read files of a take meanwhile; every one is closed at the end."""
        reading = FileReading(stop)
        with self._change:
            self._of.setdefault(take_id, []).append(reading)
        try:
            yield reading
        finally:
            with self._change:
                self._of[take_id].remove(reading)
                if not self._of[take_id]:
                    del self._of[take_id]
                self._change.notify_all()

    def end(self, take_id: str) -> None:
        """Returns when nobody reads a take, or after `LEAVE_S` seconds."""
        with self._change:
            readings = tuple(self._of.get(take_id, ()))
        for reading in readings:
            reading.ended.set()
            reading.stop()
        with self._change:
            self._change.wait_for(lambda: not set(readings) & set(self._of.get(take_id, ())), LEAVE_S)
