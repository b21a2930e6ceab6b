"""Pings over a line that may lose, double and reorder: each side stamps what it sends and hears, and answers the other.

An answer tells when the ping was heard and when the answer left, by the clock of who answers, so that both clocks can
be laid on each other while the line stands. What is told is kept apart from what was stamped here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from perfstudio.model.clock import host_ns
from perfstudio.model.duet_clocks import ClockOffset, lay_on
from perfstudio.model.duet_pings import MOST_STAMPS, PingEvent, PingStamp, stamps_of

_PING: Final = struct.Struct(">BI")
_ANSWER: Final = struct.Struct(">BIqq")
_KIND_PING, _KIND_ANSWER, _KIND_DONE = 1, 2, 3
DONE: Final = bytes([_KIND_DONE])
"""A side has heard enough."""
MOST_OPEN: Final = 200
"""Pings of which an answer is still believed: 20 s of them."""
MOST_ANSWERS_A_S: Final = 50
"""Five times what an honest side sends; beyond that a ping is not answered."""
_FURTHEST_NS: Final = 10**18


@dataclass(slots=True)
class _Answers:
    """How many went in the running second."""

    since_ns: int = 0
    count: int = 0


class PingExchange:
    """One side. Bounded in memory and in what it answers, whatever comes. Used on one thread."""

    def __init__(self, clock: Callable[[], int] = host_ns) -> None:
        """`clock` gives nanoseconds and never goes back."""
        self._clock = clock
        self._next = 0
        self._open: dict[int, None] = {}
        self._stamps: list[PingStamp] = []
        self._told: list[PingStamp] = []
        self._answers = _Answers()
        self.answered = 0
        """Pings to which an answer came."""
        self.left_out = 0
        """Stamps that were not kept, for there were too many."""
        self.nonsense = 0
        """Messages that were none of ours."""
        self.other_is_done = False

    @property
    def pings(self) -> int:
        """How many were sent."""
        return self._next

    def ping(self) -> bytes:
        """The next ping, stamped: it is to go out at once."""
        number, self._next = self._next, self._next + 1
        self._open[number] = None
        if len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
        self._note(self._stamps, PingEvent.PING_SENT, number, self._clock())
        return _PING.pack(_KIND_PING, number)

    def heard(self, data: object) -> bytes | None:
        """What came; the answer to it, where there is one, is to go out at once."""
        now = self._clock()
        if not isinstance(data, bytes) or not data:
            self.nonsense += 1
        elif data[0] == _KIND_PING and len(data) == _PING.size:
            return self._answer(_PING.unpack(data)[1], now)
        elif data[0] == _KIND_ANSWER and len(data) == _ANSWER.size:
            _, number, heard_ns, left_ns = _ANSWER.unpack(data)
            self._answered(number, heard_ns, left_ns, now)
        elif data == DONE:
            self.other_is_done = True
        else:
            self.nonsense += 1
        return None

    def records_from(self, number: int) -> tuple[bytes, int]:
        """This side's own stamps behind the first so many, as records of duet-pings.bin, and how many there are."""
        return stamps_of(self._stamps[number:]).tobytes(), len(self._stamps)

    def offset(self, begin_ns: int, end_ns: int) -> ClockOffset:
        """The other side's clock against one's own over a stretch of one's own, as far as it told. Raises
        ClocksError."""
        return lay_on(stamps_of(self._stamps), stamps_of(self._told), begin_ns, end_ns)

    def _answer(self, number: int, now: int) -> bytes | None:
        if now - self._answers.since_ns >= 1_000_000_000:
            self._answers = _Answers(now)
        self._answers.count += 1
        if self._answers.count > MOST_ANSWERS_A_S:
            return None
        self._note(self._stamps, PingEvent.PING_HEARD, number, now)
        leaves = self._clock()
        self._note(self._stamps, PingEvent.ANSWER_SENT, number, leaves)
        return _ANSWER.pack(_KIND_ANSWER, number, now, leaves)

    def _answered(self, number: int, heard_ns: int, left_ns: int, now: int) -> None:
        """Of a ping of ours that nobody has answered yet; other answers are nonsense, or came twice."""
        likely = -_FURTHEST_NS < heard_ns <= left_ns < _FURTHEST_NS
        if number not in self._open or not likely:
            self.nonsense += 1
            return
        del self._open[number]
        self.answered += 1
        self._note(self._stamps, PingEvent.ANSWER_HEARD, number, now)
        self._note(self._told, PingEvent.PING_HEARD, number, heard_ns)
        self._note(self._told, PingEvent.ANSWER_SENT, number, left_ns)

    def _note(self, into: list[PingStamp], event: PingEvent, number: int, at_ns: int) -> None:
        if len(into) < MOST_STAMPS:
            into.append(PingStamp(at_ns, number, event))
        else:
            self.left_out += 1
