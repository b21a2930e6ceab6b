"""The word to begin and to cut, over a line that loses half of it: said again until it was heard, and agreed once."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from perfstudio.call.pings import PingExchange
from perfstudio.call.together import AHEAD_NS, CUT, HELLO, MOST_HELLO, START, Together

S = 1_000_000_000
APART = 500 * S
"""How far the second side's clock is ahead of the first one's."""


@dataclass
class Line:
    """Two sides, ticked ten times a second; a message takes 20 ms, and `loss` of them never come."""

    loss: float
    seed: int
    now: int = 10 * S
    sides: list[tuple[PingExchange, Together]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        for first, ahead in ((True, 0), (False, APART)):
            exchange = PingExchange(self._clock(ahead))
            self.sides.append((exchange, Together(exchange, first=first, clock=self._clock(ahead))))

    def _clock(self, ahead: int) -> Callable[[], int]:
        return lambda: self.now + ahead

    def tick(self, ticks: int) -> None:
        for _ in range(ticks):
            for side, (exchange, talk) in enumerate(self.sides):
                for said in (exchange.ping(), *talk.due()):
                    self._send(side, said)
            self.now += S // 10

    def _send(self, side: int, data: bytes) -> None:
        if self._random.random() < self.loss:
            return
        self.now += 20_000_000
        exchange, talk = self.sides[1 - side]
        answer = talk.heard(data) if data[0] >= HELLO else exchange.heard(data)
        if answer is not None:
            self._send(1 - side, answer)

    @property
    def talks(self) -> tuple[Together, Together]:
        return self.sides[0][1], self.sides[1][1]


@pytest.mark.parametrize("seed", range(10))
def test_both_agree_on_one_moment_and_on_the_cut_though_half_is_lost(seed: int) -> None:
    line = Line(0.5, seed)
    one, other = line.talks
    line.tick(20)
    assert one.start_ns is None, "nobody is ready yet"
    other.say_hello(b"other")
    line.tick(20)
    assert (one.other_hello, one.start_ns) == (b"other", None)
    one.say_hello(b"one")
    begun = line.now
    line.tick(60)
    assert other.other_hello == b"one"
    assert one.start_ns is not None
    assert other.start_ns is not None
    assert one.start_ns > begun + AHEAD_NS
    assert abs(other.start_ns - APART - one.start_ns) < 30_000_000, "within half a round trip"
    moments = one.start_ns, other.start_ns
    other.cut()
    line.tick(40)
    assert (one.other_cut, other.cut_is_known) == (True, True)
    one.cut()
    line.tick(40)
    assert (one.start_ns, other.start_ns) == moments, "a moment is named once"
    assert one.due() == other.due() == []


def test_a_stranger_names_no_moment_and_cuts_nothing() -> None:
    exchange = PingExchange(lambda: 0)
    first, second = Together(exchange, first=True), Together(exchange, first=False)
    named = bytes([START]) + (5 * S).to_bytes(8)
    for talk, said in (
        (first, named), (second, named), (second, bytes([CUT])), (second, bytes([CUT]) + b"x"), (second, bytes([99])),
        (second, bytes([START])), (second, bytes([HELLO]) + bytes(MOST_HELLO + 1)),
    ):  # fmt: skip
        assert talk.heard(said) is None
    assert exchange.nonsense == 7
    assert (first.start_ns, second.start_ns, second.other_cut, second.other_hello) == (None, None, False, None)
    second.heard(bytes([HELLO]) + b"one")
    second.heard(bytes([HELLO]) + b"another")
    assert second.other_hello == b"one", "who plays is said once"
