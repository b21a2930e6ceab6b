"""Watchdogs on scripted sightings: each trouble is told once when it begins and once when it ends."""

from __future__ import annotations

from perfstudio.capture.recording.messages import (
    BlackPicture,
    Resumed,
    Stalled,
    StillPicture,
    Stream,
    ZeroSound,
)
from perfstudio.capture.recording.watchdogs import Sighting, Watchdogs

S = 1_000_000_000


def run(watchdogs: Watchdogs, seconds: float, **frozen: float | None) -> list[tuple[float, object]]:
    """Look ten times a second while everything moves on, except what is frozen at a time (None: never seen)."""
    out = []
    for tenth in range(round(seconds * 10)):
        now = 100 * S + tenth * S // 10
        seen: dict[str, int | None] = dict.fromkeys(
            ("frame_ns", "block_ns", "nonzero_ns", "changed_ns", "bright_ns"), now
        )
        for name, at in frozen.items():
            seen[name] = None if at is None else min(now, 100 * S + round(at * S))
        out += [(tenth / 10, notice) for notice in watchdogs.look(Sighting(now, **seen))]
    return out


def test_nothing_to_say() -> None:
    assert run(Watchdogs(), 20) == []


def test_a_stalled_camera_is_told_within_two_seconds_and_once() -> None:
    told = run(Watchdogs(), 10, frame_ns=2.0, changed_ns=2.0, bright_ns=2.0)
    assert [type(n) for _, n in told] == [Stalled]
    assert told[0][0] - 2.0 <= 2.0


def test_a_stalled_microphone_is_told_within_a_second_and_when_it_is_back() -> None:
    watchdogs = Watchdogs()
    told = run(watchdogs, 5, block_ns=2.0, nonzero_ns=2.0)
    assert [n.stream for _, n in told] == [Stream.SOUND]
    assert told[0][0] - 2.0 <= 1.0
    assert [type(n) for _, n in run(watchdogs, 3)] == [Resumed]


def frames_at(moments: list[float], seconds: float) -> list[tuple[float, Stalled | Resumed]]:
    """What is said of a camera whose frames come at these moments."""
    watchdogs, out = Watchdogs(), []
    for tenth in range(round(seconds * 10)):
        came = [at for at in moments if at <= tenth / 10]
        last = 100 * S + round(came[-1] * S) if came else None
        seen = Sighting(100 * S + tenth * S // 10, frame_ns=last, changed_ns=last, bright_ns=last)
        out += [(tenth / 10, notice) for notice in watchdogs.look(seen)]
    return out


def test_a_slow_camera_is_not_said_to_stand_still() -> None:
    assert frames_at([n * 1.5 for n in range(40)], 60) == []


def test_a_camera_that_comes_and_goes_is_said_once() -> None:
    """A frame each 2.5 s, and 0.2 s bursts of them: it stalls, and is not called back before it is steady."""
    moments = [n * 2.5 + k / 30 for n in range(24) for k in range(6)]
    assert [type(n) for _, n in frames_at(moments, 60)] == [Stalled]


def test_after_each_stall_more_is_asked_of_a_camera_that_is_back() -> None:
    """Two seconds out of each eight are missing, for two minutes."""
    moments = [n / 30 for n in range(120 * 30) if n / 30 % 8 < 6]
    told = frames_at(moments, 120)
    assert [type(n) for _, n in told] == [Stalled, Resumed] * 2 + [Stalled]
    first = told[1][1]
    assert abs(first.silent_s - 2.0) < 0.3


def test_zeros_are_told_within_two_seconds() -> None:
    told = run(Watchdogs(), 10, nonzero_ns=2.0)
    assert [type(n) for _, n in told] == [ZeroSound]
    assert told[0][0] - 2.0 <= 2.0


def test_a_microphone_that_never_sent_anything_but_zeros() -> None:
    watchdogs = Watchdogs()
    assert [n.now for _, n in run(watchdogs, 10, nonzero_ns=None)] == [True]
    assert [n.now for _, n in run(watchdogs, 3)] == [False]


def test_still_and_black_pictures() -> None:
    told = run(Watchdogs(), 10, changed_ns=1.0, bright_ns=3.0)
    assert [type(n) for _, n in told] == [StillPicture, BlackPicture]
