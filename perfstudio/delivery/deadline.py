"""A watchdog for one connection: no answer may take for ever, and stopping must not wait for a blocked socket.

Socket timeouts alone do not do it: a server that sends one byte every twenty seconds never trips a sixty second read
timeout. So every request runs against a deadline, sending pushes it back, and when it passes (or somebody aborts) the
sockets are shut down under the request, which then fails at once in its own thread. A line that is only slow is given
more time, as long as what waits in this computer grows less.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections.abc import Iterator
from time import monotonic

from perfstudio.delivery.send_queue import unsent
from perfstudio.systems.sockets import SOCKET_CALLS

SLOWEST = 256.0
"""Bytes a second that a line has to move to count as one; the receiver asks for as many (`receiver/body.py`)."""


class DeadlineWatch:
    """Owns a deadline and knows the open sockets of one client. Its thread lives while a request runs."""

    def __init__(self) -> None:
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._change = threading.Condition()
        self._due_s: float | None = None
        self._span_s = 0.0
        self._unsent: int | None = None
        self.expired = False
        self.aborted = False

    @property
    def left_s(self) -> float | None:
        """Seconds until what runs now is given up; None while nothing runs."""
        due_s = self._due_s
        return None if due_s is None else max(0.0, due_s - monotonic())

    def add(self, sock: socket.socket) -> None:
        """A connection was opened. One that comes after the abort is closed at once."""
        with self._change:
            self._sockets.add(sock)
            too_late = self.aborted
        if too_late:
            SOCKET_CALLS.cut(sock, throw_away=True)

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Run a request that must make progress within `seconds`."""
        with self._change:
            self.expired = False
            self._allow(seconds)
        guard = threading.Thread(target=self._guard, name="delivery-watch", daemon=True)
        guard.start()
        try:
            yield
        finally:
            with self._change:
                self._due_s = None
                self._change.notify_all()
            guard.join()

    def extend(self, seconds: float) -> None:
        """Something moved: allow `seconds` from now."""
        with self._change:
            if self._due_s is not None:
                self._allow(seconds)

    def abort(self) -> None:
        """Break whatever runs, and everything after it."""
        with self._change:
            self.aborted = True
        self._cut_all()

    def _guard(self) -> None:
        with self._change:
            while self._due_s is not None:
                left = self._due_s - monotonic()
                if left > 0:
                    self._change.wait(left)
                elif not self._still_leaves():
                    self.expired = True
                    break
        if self.expired:
            self._cut_all()

    def _allow(self, seconds: float) -> None:
        self._due_s, self._span_s = monotonic() + seconds, seconds
        self._unsent = unsent(self._sockets)

    def _still_leaves(self) -> bool:
        """The time is over, but bytes have left this computer in it: as much time again."""
        before = self._unsent
        self._allow(self._span_s)
        return before is not None and self._unsent is not None and before - self._unsent >= SLOWEST * self._span_s

    def _cut_all(self) -> None:
        with self._change:
            sockets = list(self._sockets)
        for sock in sockets:
            SOCKET_CALLS.cut(sock, throw_away=True)  # after a withdrawal no further byte leaves the machine
