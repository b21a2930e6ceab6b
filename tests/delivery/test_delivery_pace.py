"""How fast takes leave, and whether they do: the cap on average, pauses over restarts and processes, held networks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fault_sending import Send, whole
from fault_server import FaultServer, fault_server
from take_bundles import STUDIO, TOKEN, make_bundle, studio_at

from perfstudio.delivery import rate_cap
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.delivery_worker import DeliveryWorker
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.delivery.rate_cap import BURST_S, CHUNK_S, LEAST, RateCap
from perfstudio.delivery.sender import DeliveryPorts
from perfstudio.model.delivery import DeliveryState
from rigs.waiting import stays, until

PIECE = 1 << 16
S = DeliveryState


class Clock:
    """Time that goes by only while somebody waits or works."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 100.0
        monkeypatch.setattr(rate_cap, "monotonic", lambda: self.now_s)

    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    def clear(self) -> None: ...

    def set(self) -> None: ...

    def capped(self, rate: float | None) -> RateCap:
        cap = RateCap(rate)
        cap._changed = self  # type: ignore[assignment]
        return cap


def sent(cap: RateCap, size: int, work: Callable[[], object] = lambda: None) -> None:
    """Send a chunk, piece by piece, as the tus client does."""
    cap.begin()
    for at in range(0, size, PIECE):
        cap.wait(at, lambda: None)
        work()
    cap.wait(size, lambda: None)


@pytest.mark.parametrize("rate", [LEAST, 100_000, 500_000, 3_000_000, 40_000_000])
def test_the_cap_is_held_on_average(rate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over many chunks, whether the line itself is quick or takes half of the time."""
    clock = Clock(monkeypatch)
    cap = clock.capped(rate)
    for line_s in (0.0, 0.5 * PIECE / rate):
        began_s, size = clock.now_s, 20 * MIB
        for _ in range(4):
            sent(cap, size // 4, lambda line_s=line_s: clock.wait(line_s))
        took_s = clock.now_s - began_s
        assert size / rate - BURST_S - 1e-6 <= took_s <= 1.02 * size / rate + 0.5


def test_what_was_not_used_is_not_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    cap = clock.capped(500_000)
    sent(cap, MIB)
    clock.wait(3600.0)
    began_s = clock.now_s
    sent(cap, 4 * MIB)
    assert clock.now_s - began_s >= 4 * MIB / 500_000 - BURST_S


def test_without_a_cap_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    sent(clock.capped(None), 64 * MIB)
    assert clock.now_s == 100.0


def test_a_cap_that_is_lifted_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    cap = clock.capped(LEAST)
    cap.begin()
    cap.wait(64 * MIB, lambda: cap.set(None))
    assert clock.now_s < 101.0


def test_whoever_stops_is_heard_while_the_cap_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    cap = clock.capped(LEAST)

    def stop() -> None:
        raise TransferStoppedError

    with pytest.raises(TransferStoppedError):
        cap.wait(MIB, stop)
    assert clock.now_s < 101.0


def test_a_chunk_is_no_more_than_what_half_a_minute_brings() -> None:
    assert RateCap(500_000).chunk(64 * MIB) == 500_000 * CHUNK_S
    assert RateCap(LEAST).chunk(64 * MIB) == rate_cap.CHUNK_LEAST
    assert RateCap().chunk(64 * MIB) == 64 * MIB


def test_the_end_of_a_chunk_counts_though_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred little files are no way around the cap."""
    clock = Clock(monkeypatch)
    cap = clock.capped(LEAST)
    began_s = clock.now_s
    for _ in range(100):
        cap.begin()
        cap.wait(0, lambda: None)
        cap.spend(PIECE // 4)
    assert clock.now_s - began_s >= (99 * PIECE // 4) / LEAST - BURST_S - 1e-6


def test_a_delivery_with_a_cap_takes_its_time(
    bundle: Bundle, send: Send, quick: Tuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All bytes but those of the last piece have been waited for. The line itself takes no time here."""
    clock = Clock(monkeypatch)
    began_s = clock.now_s
    with fault_server() as server:
        send(server, tuning=replace(quick, cap=clock.capped(80_000)))
        assert whole(server, bundle)
    assert clock.now_s - began_s >= (bundle.size - PIECE) / 80_000 - BURST_S - 1e-6
    assert clock.now_s - began_s <= bundle.size / 80_000


# pauses


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with fault_server(level_b=True) as running:
        yield running


@pytest.fixture
def big(tmp_path: Path) -> Bundle:
    return make_bundle(tmp_path / "big", picture=6 * MIB, seed=3)


class Room:
    """A worker, and what it asks."""

    def __init__(self, outbox: Outbox, server: FaultServer, tuning: Tuning, *bundles: Bundle) -> None:
        self.outbox, self.tuning, self.held, self.rolls = outbox, tuning, False, False
        folders = {bundle.take_id: bundle.folder for bundle in bundles}
        ports = DeliveryPorts(
            bundle_of=lambda take, studio: read_bundle(folders[take], studio),
            studio_of=lambda studio: studio_at(server.collection, server.url),
            token_of=lambda studio: TOKEN,
            may_send=lambda take: True,
            on_receipt=lambda receipt: None,
            rolls=lambda: self.rolls,
        )
        self.worker = DeliveryWorker(outbox, ports, tuning=tuning, holds=lambda studio: self.held)
        for bundle in bundles:
            self.worker.enqueue(bundle)

    def state(self, bundle: Bundle) -> DeliveryState:
        status = self.outbox.status(bundle.take_id, STUDIO)
        assert status is not None
        return status.state


@pytest.fixture
def room(outbox: Outbox, server: FaultServer, quick: Tuning, big: Bundle) -> Iterator[Room]:
    server.slow_s = 0.01
    outbox.enqueue(big)
    outbox.note(big.take_id, STUDIO, chunk=MIB)  # what a cut costs this server, which keeps no half chunk
    made = Room(outbox, server, quick, big)
    yield made
    assert made.worker.close(10.0)


@pytest.mark.parametrize("what", ["all", "one"])
def test_a_pause_from_beside_is_heeded_and_survives_a_restart(
    what: str, room: Room, big: Bundle, server: FaultServer, tmp_path: Path
) -> None:
    """A verb pauses what the window sends just now; the next window rests as well, until it is told to go on."""
    until(lambda: server.received() > MIB)
    with Outbox(tmp_path / "home" / "outbox.db") as beside:
        if what == "all":
            beside.switches.rest(on=True)
        else:
            beside.set_state(big.take_id, STUDIO, S.PAUSED)
        rests = S.QUEUED if what == "all" else S.PAUSED
        until(lambda: room.state(big) is rests)
        asked = len(server.asked)
        stays(lambda: len(server.asked) == asked, 0.2)
        assert room.worker.close(10.0)
        again = Room(beside, server, room.tuning, big)
        stays(lambda: len(server.asked) == asked and again.state(big) is rests, 0.2)
        server.slow_s = 0.0
        again.worker.resume() if what == "all" else again.worker.retry(big.take_id, STUDIO)
        until(lambda: again.state(big) is S.DELIVERED)
        assert again.worker.close(10.0)
    assert server.received() < 1.4 * big.size


def test_a_verb_that_sends_is_stopped_by_a_pause(
    outbox: Outbox, big: Bundle, server: FaultServer, quick: Tuning, tmp_path: Path
) -> None:
    server.slow_s = 0.01
    studio = studio_at(server.collection, server.url)
    with Outbox(tmp_path / "home" / "outbox.db") as beside:

        def pause() -> None:
            until(lambda: server.received() > MIB)
            beside.switches.rest(on=True)

        other = threading.Thread(target=pause)
        other.start()
        with pytest.raises(TransferStoppedError):
            deliver(big, studio, TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick)
        other.join()


@pytest.mark.parametrize("how", ["held", "rolls"])
def test_a_network_that_is_not_to_be_used_and_a_take_elsewhere_stop_it(
    how: str, room: Room, big: Bundle, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfstudio.delivery.delivery_worker.POLL_EVERY_S", 0.05)
    until(lambda: server.received() > MIB)
    setattr(room, how, True)
    room.worker.held()
    until(lambda: room.state(big) is S.QUEUED)
    asked = len(server.asked)
    stays(lambda: len(server.asked) == asked, 0.2)
    setattr(room, how, False)
    server.slow_s = 0.0
    room.worker.held()
    until(lambda: room.state(big) is S.DELIVERED)
