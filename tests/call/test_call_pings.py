"""Pings between two sides, without a line: what is stamped, what is told, and what a stranger can do with it."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from perfstudio.call.pings import DONE, MOST_ANSWERS_A_S, MOST_OPEN, PingExchange
from perfstudio.model.duet_clocks import ClocksError
from perfstudio.model.pair import ClocksProblem

S = 1_000_000_000


@dataclass
class World:
    """True time, in nanoseconds; each side's clock is an offset and a skew away from it."""

    now: int = 0

    def clock(self, offset: int, ppm: int) -> Callable[[], int]:
        return lambda: self.now + self.now * ppm // 1_000_000 + offset


def crossing(world: World, seed: int, seconds: int) -> tuple[PingExchange, PingExchange]:
    """Two who ping each other ten times a second: 30 ms each way, 10 ms of jitter, 3 % lost, 5 % doubled."""
    rng = random.Random(seed)
    sides = PingExchange(world.clock(5 * S, 120)), PingExchange(world.clock(900 * S, -80))
    events: list[tuple[int, int, bytes | None]] = []
    for number in range(seconds * 10):
        events += [(number * S // 10 + turn, turn, None) for turn in (0, 1)]

    def send(side: int, data: bytes) -> None:
        for _ in range(2 if rng.random() < 0.05 else 1):
            if rng.random() >= 0.03:
                events.append((world.now + 30_000_000 + int(rng.expovariate(1 / 10_000_000)), 1 - side, data))

    while events:
        events.sort(key=lambda event: event[0])
        world.now, side, data = events.pop(0)
        said = sides[side].ping() if data is None else sides[side].heard(data)
        if said is not None:
            send(side, said)
    return sides


def test_both_sides_find_the_other_clock_within_the_bound() -> None:
    world = World()
    one, other = crossing(world, 1, 10)
    for mine, offset, own, theirs in ((one, 895 * S, 120, -80), (other, -895 * S, -80, 120)):
        start = 900 * S if mine is other else 5 * S
        found = mine.offset(start, start + 10 * S)
        for true in (0, 5 * S, 10 * S):
            at = start + true + true * own // 1_000_000
            truth = at + offset + true * (theirs - own) // 1_000_000
            assert abs(found.other_at(at) - truth) <= found.bound_s * S
        assert found.bound_s < 0.045
        assert 0.06 <= found.round_trip_s < 0.09
        assert 0.8 * mine.pings < mine.answered < mine.pings == 100
        assert mine.nonsense < 20, "what came twice"


def test_garbage_is_counted_and_changes_nothing() -> None:
    world = World()
    side = PingExchange(world.clock(0, 0))
    ping = side.ping()
    rng = random.Random(7)
    garbage: list[object] = [
        b"",
        b"\0",
        "text",
        None,
        ping + b"x",
        ping[:-1],
        DONE + b"!",
        bytes(21),
        b"\x02" + bytes(19),
    ]
    garbage += [rng.randbytes(rng.randrange(1, 60)) for _ in range(500)]
    garbage.append(b"\x02" + (99).to_bytes(4) + bytes(16))  # an answer to a ping that never was
    garbage.append(b"\x02" + (0).to_bytes(4) + (2**62).to_bytes(8) + (2**62).to_bytes(8))  # a clock of the year 2116
    garbage.append(b"\x02" + (0).to_bytes(4) + (5).to_bytes(8) + (4).to_bytes(8))  # it left before it was heard
    for data in garbage:
        assert side.heard(data) is None or (isinstance(data, bytes) and data[:1] == b"\x01")
    assert side.nonsense >= 400
    assert (side.answered, side.other_is_done) == (0, False)
    side.heard(b"\x02" + (0).to_bytes(4) + (4).to_bytes(8) + (5).to_bytes(8))
    assert side.answered == 1
    side.heard(DONE)
    assert side.other_is_done
    with pytest.raises(ClocksError) as few:
        side.offset(0, S)
    assert few.value.problem is ClocksProblem.TOO_FEW


def test_a_flood_is_answered_no_more_and_kept_within_bounds() -> None:
    world = World()
    side, noisy = PingExchange(world.clock(0, 0)), PingExchange(world.clock(0, 0))
    tracemalloc.start()
    try:
        answers = sum(side.heard(noisy.ping()) is not None for _ in range(20_000))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answers == MOST_ANSWERS_A_S
    assert most < 10e6
    world.now += S
    assert side.heard(noisy.ping()) is not None, "an honest ping in the next second is"
    late = side.ping()
    for _ in range(MOST_OPEN):
        side.ping()
    answer = noisy.heard(late)
    assert answer is None or side.heard(answer) is None
    assert side.answered == 0, "an answer that comes after twenty seconds is none any more"
