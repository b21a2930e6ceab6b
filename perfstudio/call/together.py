"""What two say to each other around a take, over a line that may lose it: said again until it was heard.

Each says who plays (`hello`), the one who began names the moment to begin at, by the clock of the one who is told, and
either cuts. Used on one thread; without a line, a process or a wait, so that it is tried by hand.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from perfstudio.call.pings import PingExchange
from perfstudio.model.clock import host_ns
from perfstudio.model.duet_clocks import ClocksError

HELLO, HELLO_HEARD, START, START_HEARD, CUT, CUT_HEARD = range(10, 16)
MOST_HELLO: Final = 1000
"""Bytes."""
AHEAD_NS: Final = 3_000_000_000
"""So long before the moment it is named: what is lost is said ten times a second, and both count down."""
_START: Final = struct.Struct(">Bq")
_WINDOW_NS: Final = 4_000_000_000


class Together:
    """One side."""

    def __init__(self, exchange: PingExchange, *, first: bool, clock: Callable[[], int] = host_ns) -> None:
        self._exchange, self._first, self._clock = exchange, first, clock
        self._hello: bytes | None = None
        self._heard: set[int] = set()
        self._other_start: bytes | None = None
        self.other_hello: bytes | None = None
        """What the other side said; None: nothing yet."""
        self.start_ns: int | None = None
        """The moment both begin at, on one's own clock; None: not agreed yet."""
        self.is_cut = False
        self.other_cut = False

    @property
    def cut_is_known(self) -> bool:
        """The other side knows of the cut, or made it."""
        return self.other_cut or CUT_HEARD in self._heard

    def say_hello(self, hello: bytes) -> None:
        """Ready to roll."""
        self._hello = hello[:MOST_HELLO]

    def cut(self) -> None:
        """This side has cut."""
        self.is_cut = True

    def due(self) -> list[bytes]:
        """What is to be said now, at each tick."""
        self._name_moment()
        said = []
        if self._hello is not None and HELLO_HEARD not in self._heard:
            said.append(bytes([HELLO]) + self._hello)
        if self._other_start is not None and START_HEARD not in self._heard:
            said.append(self._other_start)
        if self.is_cut and CUT_HEARD not in self._heard:
            said.append(bytes([CUT]))
        return said

    def heard(self, data: bytes) -> bytes | None:
        """What came, when it is none of the pings; what is answered to it."""
        kind = data[0]
        if kind in (HELLO_HEARD, START_HEARD, CUT_HEARD) and len(data) == 1:
            self._heard.add(kind)
        elif kind == HELLO and len(data) <= MOST_HELLO + 1:
            self.other_hello = self.other_hello or data[1:]
            return bytes([HELLO_HEARD])
        elif kind == START and len(data) == _START.size and not self._first and self._hello is not None:
            self.start_ns = self.start_ns or _START.unpack(data)[1]
            return bytes([START_HEARD])
        elif kind == CUT and len(data) == 1 and self.start_ns is not None:
            self.other_cut = True
            return bytes([CUT_HEARD])
        else:
            self._exchange.nonsense += 1
        return None

    def _name_moment(self) -> None:
        """Once both are ready, and the clocks can be laid on each other."""
        ready = self.other_hello is not None and HELLO_HEARD in self._heard
        if not (self._first and ready) or self.start_ns is not None:
            return
        now = self._clock()
        try:
            clocks = self._exchange.offset(now - _WINDOW_NS, now + AHEAD_NS)
        except ClocksError:
            return
        start = now + AHEAD_NS + round(clocks.round_trip_s * 1.5e9)
        self.start_ns = start
        self._other_start = _START.pack(START, clocks.other_at(start))
