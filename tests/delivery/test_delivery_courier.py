"""The background worker: order, pauses, cancelling, waking, ending."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from fault_server import Asked, FaultServer, Reset, Say, Silence, always, fault_server, times, tus
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.delivery_worker import DeliveryWorker
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB, Pace
from perfstudio.delivery.sender import DeliveryPorts
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.delivery import DeliveryState, DeliveryStatus, Receipt, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.take_reading import read_take
from rigs.waiting import stays, until

WITHDRAWN = consent_event(2, ConsentStatus.WITHDRAWN, USES)
SOON = 30.0


class Desk:
    """What a session would be to the courier."""

    def __init__(self, outbox: Outbox, server: FaultServer, tuning: Tuning) -> None:
        self.outbox, self.server, self.tuning = outbox, server, tuning
        self.folders: dict[str, Path] = {}
        self.token: str | None = TOKEN
        self.given = True
        self.heard: list[tuple[float, DeliveryStatus]] = []
        self.receipts: list[Receipt] = []
        self.courier: DeliveryWorker | None = None
        self.studios: dict[str, Studio] = {}
        self.on_token: Callable[[], object] = lambda: None

    def held_token(self) -> str | None:
        """The token; `on_token` happens right after it was looked up."""
        token = self.token
        self.on_token()
        return token

    def start(self, **options: bool) -> DeliveryWorker:
        ports = DeliveryPorts(
            bundle_of=lambda take, studio: read_bundle(self.folders[take], studio),
            studio_of=lambda studio: (
                self.studios.get(studio)
                or studio_at(self.server.collection, self.server.url if self.server.level_b else None)
            ),
            token_of=lambda studio: self.held_token(),
            may_send=lambda take: self.given,
            on_status=lambda status: self.heard.append((time.monotonic(), status)),
            on_receipt=self.receipts.append,
        )
        self.courier = DeliveryWorker(self.outbox, ports, tuning=self.tuning, **options)
        return self.courier

    def add(self, bundle: Bundle) -> None:
        assert self.courier is not None
        self.folders[bundle.take_id] = bundle.folder
        self.courier.enqueue(bundle)

    def state(self, bundle: Bundle) -> DeliveryState:
        status = self.outbox.status(bundle.take_id, STUDIO)
        assert status is not None
        return status.state

    def until(self, bundle: Bundle, *states: DeliveryState) -> None:
        until(lambda: self.state(bundle) in states)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with fault_server(level_b=True) as running:
        yield running


@pytest.fixture
def desk(outbox: Outbox, server: FaultServer, quick: Tuning) -> Iterator[Desk]:
    desk = Desk(outbox, server, quick)
    yield desk
    if desk.courier is not None:
        assert desk.courier.close(10.0)


@pytest.fixture
def big(tmp_path: Path) -> Bundle:
    return make_bundle(tmp_path / "big", picture=18 * MIB, seed=9)


def test_one_after_another(tmp_path: Path, desk: Desk, server: FaultServer) -> None:
    bundles = [make_bundle(tmp_path / "t", seed=n) for n in range(3)]
    desk.start(paused=True)
    for bundle in bundles:
        desk.add(bundle)
    assert desk.courier is not None
    desk.courier.resume()
    for bundle in bundles:
        desk.until(bundle, DeliveryState.DELIVERED)
    assert [r.take_id for r in desk.receipts] == [b.take_id for b in bundles]
    takes = [a.path.rsplit("/", 1)[-1] for a in server.asked if a.path.startswith("/v1/takes") and a.method == "PUT"]
    assert takes == [b.take_id for b in bundles]


def test_a_receipt_that_cannot_be_stored_is_no_delivery(desk: Desk, bundle: Bundle) -> None:
    failures = [2]
    store = desk.receipts.append

    def unlucky(receipt: Receipt) -> None:
        if failures[0]:
            failures[0] -= 1
            raise DeliveryError(ErrorCode.DISK_FULL, folder="x", free_mb=0, needed_mb=1)
        store(receipt)

    desk.receipts = type("L", (list,), {"append": lambda self, r: unlucky(r)})()
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.REFUSED)
    assert desk.courier is not None
    desk.courier.retry(bundle.take_id, STUDIO)
    desk.until(bundle, DeliveryState.REFUSED)
    failures[0] = 0
    desk.courier.retry(bundle.take_id, STUDIO)
    desk.until(bundle, DeliveryState.DELIVERED)


def test_others_go_on_while_one_waits(tmp_path: Path, desk: Desk, server: FaultServer) -> None:
    one, two = (make_bundle(tmp_path / "t", seed=n) for n in range(2))
    desk.tuning = replace(desk.tuning, pace=Pace(first_s=3600.0, most_s=3600.0, floor_s=3600.0))
    server.fault = lambda asked: tus(500) if asked.method == "PUT" and one.take_id in asked.path else None
    desk.start()
    desk.add(one)
    desk.until(one, DeliveryState.WAITING)
    desk.add(two)
    desk.until(two, DeliveryState.DELIVERED)
    assert desk.courier is not None
    line = next(s for s in desk.courier.statuses() if s.take_id == one.take_id)
    assert line.reason is ErrorCode.RECEIVER_UNREACHABLE
    assert line.next_try_s is not None
    assert 3000 < line.next_try_s <= 3600
    server.fault = lambda asked: None
    desk.courier.wake()  # the network has changed
    desk.until(one, DeliveryState.DELIVERED)


def endless(asked: Asked, bundle: Bundle, answer: bytes) -> Say | None:
    """A receiver that has everything of one take and never comes to an end with it."""
    report = asked.method == "GET" and bundle.take_id in asked.path
    return Say(200, (("Content-Type", "application/json"),), answer) if report else None


@pytest.mark.parametrize("word", ["verifying", "uploading", "awaiting_upload", "receiving", "thinking"])
def test_others_go_on_while_a_receiver_never_ends_with_one(
    word: str, tmp_path: Path, desk: Desk, server: FaultServer
) -> None:
    one, two = (make_bundle(tmp_path / "t", seed=n) for n in range(2))
    pace = Pace(first_s=0.01, most_s=3600.0, floor_s=0.001)
    desk.tuning = replace(desk.tuning, pace=pace, timeouts=replace(desk.tuning.timeouts, verify_s=0.3))
    server.fault = lambda asked: endless(asked, one, b'{"state":"%s","files":[]}' % word.encode())
    desk.start(paused=True)
    desk.add(one)
    desk.add(two)
    assert desk.courier is not None
    desk.courier.resume()
    desk.until(two, DeliveryState.DELIVERED)
    if word == "verifying":
        desk.until(one, DeliveryState.WAITING)
        line = next(s for s in desk.courier.statuses() if s.take_id == one.take_id)
        assert line.reason is ErrorCode.RECEIVER_UNFINISHED
        server.fault = lambda asked: None
        desk.courier.wake()
        desk.until(one, DeliveryState.DELIVERED)
    else:
        desk.until(one, DeliveryState.REFUSED)  # an answer that makes no sense, three times over


def test_everybody_has_a_turn_however_many_fail(tmp_path: Path, desk: Desk, server: FaultServer) -> None:
    """Two takes that fail at once and may be tried again at once do not keep a third from its turn."""
    bundles = [make_bundle(tmp_path / "t", seed=n) for n in range(3)]
    desk.tuning = replace(desk.tuning, pace=Pace(first_s=0.0, most_s=0.0, floor_s=0.0))
    last = bundles[-1].take_id
    server.fault = lambda asked: tus(500) if asked.path.startswith("/v1/takes") and last not in asked.path else None
    desk.start(paused=True)
    for bundle in bundles:
        desk.add(bundle)
    assert desk.courier is not None
    desk.courier.resume()
    desk.until(bundles[-1], DeliveryState.DELIVERED)


def test_a_withdrawal_from_beside_is_told_and_a_silent_receiver_holds_up_none(
    tmp_path: Path, desk: Desk, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verb in another process takes two consents back; telling of the first fails again and again."""
    monkeypatch.setattr("perfstudio.delivery.delivery_worker.POLL_EVERY_S", 0.05)
    one, two = (make_bundle(tmp_path / "t", seed=n) for n in range(2))
    one, two = sorted((one, two), key=lambda b: b.consent.record_id)  # the order in which they are told
    desk.start()
    for bundle in (one, two):
        desk.add(bundle)
        desk.until(bundle, DeliveryState.DELIVERED)
    server.fault = lambda asked: tus(500) if one.consent.record_id in asked.path else None
    with Outbox(tmp_path / "home" / "outbox.db") as beside:
        for bundle in (one, two):
            beside.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    until(lambda: [p.take_id for p in desk.outbox.untold()] == [one.take_id])
    assert len(server.withdrawals) == 1
    server.fault = lambda asked: None
    until(lambda: desk.outbox.untold() == ())


def test_a_silent_studio_waits_longer_each_time_and_the_others_are_told(
    tmp_path: Path, desk: Desk, server: FaultServer
) -> None:
    """Three messages for a studio that says nothing, and one for another."""
    with fault_server(always(Silence(60.0), "POST"), level_b=True) as dead:
        takes = [make_bundle(tmp_path / "t", seed=n, studio="dead-lab") for n in range(3)]
        takes.append(make_bundle(tmp_path / "t", seed=9))
        for take in sorted(takes, key=lambda b: b.studio_id != "dead-lab"):
            desk.outbox.enqueue(take)
            desk.outbox.note(take.take_id, take.studio_id, level="B")
            desk.outbox.withdraw(take.take_id, take.consent.record_id, WITHDRAWN)
        desk.studios = {"dead-lab": studio_at(dead.collection, dead.url, "dead-lab")}
        desk.tuning = replace(desk.tuning, pace=replace(desk.tuning.pace, first_s=0.2, most_s=30.0))
        desk.start()
        until(lambda: [p.studio_id for p in desk.outbox.untold()] == ["dead-lab"] * 3)
        assert len(dead.asked) <= 2, "its other messages waited with the first"
    assert len(server.withdrawals) == 1


def test_upl_8_one_sign_in_for_all(tmp_path: Path, desk: Desk, server: FaultServer) -> None:
    one, two = (make_bundle(tmp_path / "t", seed=n) for n in range(2))
    server.fault = always(Say(401), "GET", "PUT", "POST", "PATCH", "HEAD")
    desk.start(paused=True)
    desk.add(one)
    desk.add(two)
    assert desk.courier is not None
    desk.courier.resume()
    desk.until(two, DeliveryState.PAUSED)
    desk.until(one, DeliveryState.PAUSED)
    assert len(server.asked) == 1  # not one more attempt
    desk.courier.wake()
    stays(lambda: len(server.asked) == 1, 0.2)
    server.fault = lambda asked: None
    desk.courier.signed_in(STUDIO)
    desk.until(one, DeliveryState.DELIVERED)
    desk.until(two, DeliveryState.DELIVERED)


def test_no_token_waits_for_one(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    desk.token = None
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.PAUSED)
    assert server.asked == []
    desk.token = TOKEN
    assert desk.courier is not None
    desk.courier.signed_in(STUDIO)
    desk.until(bundle, DeliveryState.DELIVERED)


def test_a_token_that_comes_while_its_lack_is_found_is_used(desk: Desk, bundle: Bundle) -> None:
    def comes() -> None:
        desk.on_token = lambda: None
        desk.token = TOKEN
        assert desk.courier is not None
        desk.courier.signed_in(STUDIO)

    desk.token, desk.on_token = None, comes
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.DELIVERED)


@pytest.mark.parametrize("wait_s", [0.03, 0.05, 0.07])
def test_a_try_that_falls_due_between_two_looks_at_the_clock_is_not_passed_over(
    desk: Desk, bundle: Bundle, server: FaultServer, monkeypatch: pytest.MonkeyPatch, wait_s: float
) -> None:
    """Each look finds the clock 20 ms on, as on a machine that is busy."""
    looks = itertools.count()
    monkeypatch.setattr("perfstudio.delivery.delivery_worker.monotonic", lambda: next(looks) * 0.02)
    monkeypatch.setattr("perfstudio.delivery.delivery_worker.POLL_EVERY_S", 3600.0)
    desk.tuning = replace(desk.tuning, pace=Pace(first_s=0.001, most_s=0.001, floor_s=wait_s))
    fails = [Say(503)] * 4
    server.fault = lambda asked: fails.pop() if fails else None
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.DELIVERED)


def test_upl_18_captive_portal_waits_for_the_network(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    page = Say(200, (("Content-Type", "text/html"),), b"<html>Room number?</html>")
    server.fault = always(page, "GET", "PUT", "POST", "PATCH", "HEAD", "OPTIONS")
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.PAUSED)
    asked = len(server.asked)
    stays(lambda: len(server.asked) == asked, 0.2)
    server.fault = lambda _: None
    assert desk.courier is not None
    desk.courier.wake()
    desk.until(bundle, DeliveryState.DELIVERED)


@pytest.mark.parametrize("how", ["pause", "rolling"])
def test_upl_24_rest_at_once_and_go_on(how: str, desk: Desk, big: Bundle, server: FaultServer) -> None:
    server.slow_s = 0.004
    courier = desk.start()
    desk.add(big)
    until(lambda: server.received() > 2 * MIB)
    courier.rolling(True) if how == "rolling" else courier.pause()
    until(lambda: desk.state(big) is DeliveryState.QUEUED)
    stays(lambda: desk.state(big) is DeliveryState.QUEUED, 0.3)
    asked = len(server.asked)
    stays(lambda: len(server.asked) == asked, 0.3)
    server.slow_s = 0.0
    courier.rolling(False) if how == "rolling" else courier.resume()
    desk.until(big, DeliveryState.DELIVERED)
    assert server.received() < 40 * MIB  # went on, did not begin anew
    assert [m["filename"] for _, _, m in server.uploads.values()].count("take.mp4") == 1


def test_pause_one_take(desk: Desk, big: Bundle, bundle: Bundle, server: FaultServer) -> None:
    server.slow_s = 0.004
    courier = desk.start()
    desk.add(big)
    desk.add(bundle)
    until(lambda: server.received() > MIB)
    courier.pause_take(big.take_id, STUDIO)
    desk.until(bundle, DeliveryState.DELIVERED)
    assert desk.state(big) is DeliveryState.PAUSED
    courier.wake()
    stays(lambda: desk.state(big) is DeliveryState.PAUSED, 0.1)
    server.slow_s = 0.0
    courier.retry(big.take_id, STUDIO)
    desk.until(big, DeliveryState.DELIVERED)


def test_upl_22_withdrawn_in_the_middle_no_byte_after(desk: Desk, big: Bundle) -> None:
    with fault_server(level_b=True, slow_s=0.004) as server:
        desk.server = server
        courier = desk.start()
        desk.add(big)
        until(lambda: server.received() > 2 * MIB)
        patches = server.count("PATCH")
        courier.withdraw(big.take_id, big.consent.record_id, WITHDRAWN)
        arrived = server.received()
        assert desk.state(big) is DeliveryState.CANCELLED
        until(lambda: server.withdrawals != [])
        until(lambda: desk.outbox.untold() == ())
        assert server.count("PATCH") == patches
        assert server.received() - arrived < MIB // 2  # what was in the server's own receive buffer
        assert server.count("DELETE") == 1
        assert server.uploads == {}
        assert courier.enqueue(big) is DeliveryState.CANCELLED
        courier.retry(big.take_id, STUDIO)
        stays(lambda: server.count("PATCH") == patches, 0.2)


def test_withdrawal_is_told_when_the_network_is_back(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    courier = desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.DELIVERED)
    server.fault = times(3, Reset(0), "POST")
    courier.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    until(lambda: len(server.withdrawals) == 1)


def test_withdrawal_goes_out_even_when_paused(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    courier = desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.DELIVERED)
    courier.pause()
    courier.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    until(lambda: len(server.withdrawals) == 1)


def test_consent_gone_without_a_word(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    desk.given = False
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.CANCELLED)
    assert server.asked == []


def test_label_changed_in_the_middle(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    paper = bundle.folder / "take.json"

    def relabel(asked: Asked) -> None:
        if asked.method == "PATCH":
            server.fault = lambda _: None
            manifest = read_take(paper.read_bytes())
            paper.write_bytes(manifest.model_copy(update={"note": "later"}).canonical())

    server.fault = relabel
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.DELIVERED)
    assert server.files()["take.json"] == paper.read_bytes()


def test_restart_goes_on(desk: Desk, big: Bundle, server: FaultServer) -> None:
    server.slow_s = 0.004
    first = desk.start()
    desk.add(big)
    until(lambda: server.received() > 2 * MIB)
    assert first.close(5.0)
    assert desk.state(big) is DeliveryState.QUEUED
    server.slow_s = 0.0
    desk.start()
    desk.until(big, DeliveryState.DELIVERED)


def test_ui_4_close_does_not_wait_for_a_silent_server(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    desk.tuning = Tuning()  # the real time limits: a minute
    server.fault = always(Silence(20.0), "PATCH")
    courier = desk.start()
    desk.add(bundle)
    until(lambda: server.count("PATCH") == 1)
    began = time.monotonic()
    assert courier.close(10.0)
    assert time.monotonic() - began < 5.0
    assert desk.state(bundle) is DeliveryState.QUEUED


def test_progress_four_times_a_second(desk: Desk, big: Bundle, server: FaultServer) -> None:
    server.slow_s = 0.004
    desk.start()
    desk.add(big)
    desk.until(big, DeliveryState.DELIVERED)
    sending = [(at, s) for at, s in desk.heard if s.state is DeliveryState.SENDING and s.bytes_per_s > 0]
    assert len(sending) >= 3
    gaps = [b - a for (a, _), (b, _) in pairwise(sending)]
    assert min(gaps) > 0.2
    assert max(s.bytes_sent for _, s in sending) <= big.size
    assert sending[-1][1].bytes_per_s > 100_000


def test_an_unexpected_error_becomes_a_state(desk: Desk, bundle: Bundle) -> None:
    desk.start()
    assert desk.courier is not None
    desk.courier.enqueue(bundle)  # without a folder: bundle_of raises KeyError
    desk.until(bundle, DeliveryState.REFUSED)
    status = desk.outbox.status(bundle.take_id, STUDIO)
    assert status is not None
    assert status.reason is ErrorCode.UNEXPECTED
    desk.folders[bundle.take_id] = bundle.folder
    desk.courier.retry(bundle.take_id, STUDIO)
    desk.until(bundle, DeliveryState.DELIVERED)


def test_two_couriers_on_one_outbox(outbox: Outbox, tmp_path: Path, server: FaultServer, quick: Tuning) -> None:
    bundles = [make_bundle(tmp_path / "t", seed=n) for n in range(4)]
    with Outbox(tmp_path / "home" / "outbox.db") as other:
        desks = [Desk(outbox, server, quick), Desk(other, server, quick)]
        for desk in desks:
            desk.folders = {b.take_id: b.folder for b in bundles}
            desk.start()
        for n, bundle in enumerate(bundles):
            desks[n % 2].add(bundle)
        for bundle in bundles:
            desks[0].until(bundle, DeliveryState.DELIVERED)
        for desk in desks:
            assert desk.courier is not None
            assert desk.courier.close(10.0)
    assert sorted({r.take_id for d in desks for r in d.receipts}) == sorted(b.take_id for b in bundles)
    assert threading.active_count() < 50
