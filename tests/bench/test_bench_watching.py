"""What it costs to wait for devices, and how soon one is told of (`-m bench -s`)."""

from __future__ import annotations

import os
import statistics

import pytest

from perfstudio.capture.devices.hotplug import HotplugChange, HotplugWatch
from perfstudio.model.clock import host_ns
from rigs.pulse import PulseServer
from rigs.waiting import stays, until

resource = pytest.importorskip("resource", reason="not on Windows: it does not count so")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
WAITED_S = float(os.environ.get("BENCH_SECONDS", "20"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
MOST_OF_A_CORE = 0.001
"""A look every five seconds, as it was taken where the system was not listened to, cost 0.053 of a core."""
MOST_S = 3.0
"""Half a second of it is waiting for the last notice of a plug; a process that looks takes most of the rest."""


def spent_s() -> tuple[float, int]:
    """Seconds of processor of this process and of those that it started, and how often it slept."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime, own.ru_nvcsw


def test_waiting_costs_nothing_and_what_comes_is_told_soon() -> None:
    told: list[HotplugChange] = []
    took_s: list[float] = []
    with PulseServer() as server, server.chosen():
        server.add_null_source("mic")
        watch = HotplugWatch(told.append)
        watch.start()
        until(lambda: told)
        stays(lambda: True, 2.0)
        before = spent_s()
        over = host_ns() + round(WAITED_S * 1e9)
        until(lambda: host_ns() >= over, look_s=WAITED_S / 2)
        after = spent_s()
        for turn in range(TURNS):
            looked = spent_s()[0]
            begun = host_ns()
            server.add_null_source(f"late{turn}")
            until(lambda name=f"pulse:late{turn}": any(name in word.arrived for word in told))
            took_s.append((host_ns() - begun) / 1e9)
            print(f"told after {took_s[-1]:.2f} s; the look took {spent_s()[0] - looked:.2f} s of processor")
        watch.close()
    share = (after[0] - before[0]) / WAITED_S
    print(f"waiting: {share:.5%} of a core, {after[1] - before[1]} wake-ups in {WAITED_S:.0f} s")
    assert share < MOST_OF_A_CORE
    assert statistics.median(took_s) < MOST_S
