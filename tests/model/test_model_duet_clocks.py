"""Two machines' clocks from what they sent each other: the truth within the bound, whatever the line does."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from perfstudio.model.duet_clocks import ClockOffset, ClocksError, lay_on
from perfstudio.model.duet_pings import (
    MOST_BYTES,
    MOST_STAMPS,
    STAMPS,
    PingEvent,
    PingsFile,
    PingsHeader,
    PingStamp,
    Stamps,
    read_pings,
    stamps_of,
)
from perfstudio.model.pair import ClocksProblem
from rigs.duet_line import SimulatedClock, SimulatedLine
from rigs.shortened import every, shortened

DUET = "00000000-0000-4000-8000-000000000001"
CALLS = 50


def drawn(seed: int, asymmetry_s: float) -> SimulatedLine:
    """A home line: 20 to 150 ms each way, 20 ms of jitter, three of a hundred lost, clocks 200 ppm off at most."""
    rng = np.random.default_rng(seed)
    clocks = [SimulatedClock(rng.uniform(0, 1e6), rng.uniform(-200, 200)) for _ in range(2)]
    return SimulatedLine(
        delay_s=rng.uniform(0.02, 0.15), asymmetry_s=asymmetry_s, seed=seed, a=clocks[0], b=clocks[1]
    )  # fmt: skip


def laid(line: SimulatedLine, seconds: float, ends_s: float | None = None) -> tuple[ClockOffset, float]:
    """What comes out, and how far from the truth it is at most, in seconds."""
    own, other = line.play(seconds, ends_s=ends_s)
    moments = np.linspace(0.0, seconds, 100)
    here, there = line.a.at(moments), line.b.at(moments)
    found = lay_on(own, other, int(here[0]), int(here[-1]))
    apart = [abs(found.other_at(int(a)) - int(b)) for a, b in zip(here, there, strict=True)]
    return found, max(apart) * 1e-9


@pytest.mark.parametrize("seconds", shortened((60.0, 20.0, 600.0), every(3)))
@pytest.mark.parametrize("asymmetry_s", [0.0, 0.01])
def test_the_truth_lies_within_the_bound_in_every_call(seconds: float, asymmetry_s: float) -> None:
    found = [laid(drawn(seed, asymmetry_s), seconds) for seed in range(CALLS)]
    within = sum(apart <= offset.bound_s for offset, apart in found)
    median_ms = 1e3 * float(np.median([apart for _, apart in found]))
    bound_ms = 1e3 * float(np.median([offset.bound_s for offset, _ in found]))
    print(
        f"{seconds:.0f} s, {asymmetry_s * 1e3:.0f} ms askew: {within} of {CALLS} within, "
        f"{median_ms=:.3f} {bound_ms=:.1f}"
    )
    assert within == CALLS
    assert median_ms <= (1.0 if asymmetry_s == 0.0 else 6.0)
    assert all(offset.bound_s <= 0.17 and 0.0 < offset.lost / offset.sent < 0.06 for offset, _ in found)
    assert all(abs(offset.round_trip_s / 2 - offset.bound_s) < 0.02 for offset, _ in found)


@pytest.mark.parametrize("seconds", [30.0, 600.0])
def test_a_line_that_dies_in_mid_take_leaves_a_wider_bound(seconds: float) -> None:
    line = SimulatedLine(a=SimulatedClock(5.0, 150.0), b=SimulatedClock(9000.0, -150.0))
    whole, _ = laid(line, seconds)
    cut, apart = laid(line, seconds, ends_s=seconds / 3)
    assert apart <= cut.bound_s
    assert whole.bound_s < cut.bound_s < 0.25, "the further from the last ping, the less is known"


@pytest.mark.parametrize("jump_s", [1800.0, -2.0])
def test_a_clock_that_jumps_is_told_and_not_believed(jump_s: float) -> None:
    line = SimulatedLine(b=SimulatedClock(jumps_at_s=17.0, jump_s=jump_s))
    for own, other in (line.play(30.0), line.play(30.0)[::-1]):
        with pytest.raises(ClocksError) as said:
            lay_on(own, other, 0, 30_000_000_000)
        assert said.value.problem is ClocksProblem.JUMPED


def test_hardly_anything_heard_is_not_enough() -> None:
    own, other = SimulatedLine(loss=0.0).play(30.0)
    silent = other[other["what"] == PingEvent.PING_SENT]
    for mine, theirs in ((own, silent), (silent, own), (own[:0], other), (own[:0], other[:0])):
        with pytest.raises(ClocksError) as said:
            lay_on(mine, theirs, 0, 30_000_000_000)
        assert said.value.problem is ClocksProblem.TOO_FEW


def test_what_comes_twice_or_in_any_order_says_the_same() -> None:
    own, other = SimulatedLine().play(30.0)
    found = lay_on(own, other, 0, 30_000_000_000)
    rng = np.random.default_rng(2)
    late = other[other["what"] == PingEvent.PING_HEARD].copy()
    late["host_ns"] += 40_000_000
    mixed = np.concatenate((rng.permutation(other), late))
    assert lay_on(rng.permutation(own), mixed, 0, 30_000_000_000) == found


def crafted() -> Stamps:
    """As many stamps as a file holds, each of which is a corner of the hull."""
    each = MOST_STAMPS // 4
    made = np.zeros(MOST_STAMPS, STAMPS)
    for place, event in enumerate(PingEvent):
        part = made[place * each : (place + 1) * each]
        part["sequence"], part["what"] = np.arange(each), event
        bulge = (np.arange(each, dtype=np.int64) - each // 2) ** 2 // 100
        part["host_ns"] = np.arange(each, dtype=np.int64) * 1_000_000 + bulge * (event % 2 == 0)
    return made


def test_a_flood_costs_little_memory() -> None:
    flood = crafted()
    tracemalloc.start()
    try:
        found = lay_on(flood, flood, 0, 50_000_000_000)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.bound_s >= 0
    assert most < 60e6, most


def whole_file(**more: object) -> PingsFile:
    own, _ = SimulatedLine().play(5.0)
    return PingsFile(PingsHeader(duet_id=DUET, duet_take=3, zero_ns="12", ns_per_s=1e9).model_copy(update=more), own)


def test_a_file_reads_back_what_was_written() -> None:
    written = whole_file(zero_ns=str(10**17))
    header, stamps = read_pings(written.to_bytes())
    assert header == written.header
    assert (stamps == written.stamps).all()
    assert read_pings(PingsFile(header, stamps_of([])).to_bytes()).stamps.shape == (0,)
    (one,) = stamps_of([PingStamp(-5, 2**32 - 1, PingEvent.ANSWER_HEARD)])
    assert (int(one["host_ns"]), int(one["sequence"]), int(one["what"])) == (-5, 2**32 - 1, 4)


def broken() -> Iterator[bytes]:
    good = whole_file().to_bytes()
    head, _, body = good.partition(b"\n")
    yield from (b"", b"\n", head, good[:-1], good + b"\0", body)
    yield b"[" * 1500 + b"\n"
    yield good.replace(b"duet-pings/1", b"duet-pings/2")
    yield good.replace(b'"zero_ns":"12"', b'"zero_ns":12')
    yield good.replace(b'"zero_ns":"12"', b'"zero_ns":"1e9"')
    yield good.replace(b'"left_out":0', b'"left_out":0,"more":1')
    yield head + b"\n" + stamps_of([PingStamp(0, 0, PingEvent.PING_SENT)]).tobytes()[:-4] + b"\x09\0\0\0"
    yield head + b"\n" + stamps_of([PingStamp(-(2**63), 0, PingEvent.PING_SENT)]).tobytes()
    yield b"x" * (MOST_BYTES + 1)


def test_what_is_no_such_file_is_refused() -> None:
    for data in broken():
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it, it is one answer
            read_pings(data)
