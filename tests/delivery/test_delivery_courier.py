"""The background worker: order and turns, what goes wrong on the way, what it tells."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from courier_desk import Desk
from fault_server import Asked, FaultServer, Say, tus
from take_bundles import STUDIO, make_bundle

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import Pace
from perfstudio.model.delivery import DeliveryState, Receipt
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.take_reading import read_take


def test_one_after_another(tmp_path: Path, desk: Desk, server: FaultServer) -> None:
    bundles = [make_bundle(tmp_path / "t", seed=n) for n in range(3)]
    desk.deliver(*bundles)
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
    courier = desk.queue(one, two)
    desk.until(two, DeliveryState.DELIVERED)
    if word == "verifying":
        desk.until(one, DeliveryState.WAITING)
        line = next(s for s in courier.statuses() if s.take_id == one.take_id)
        assert line.reason is ErrorCode.RECEIVER_UNFINISHED
        server.fault = lambda asked: None
        courier.wake()
        desk.until(one, DeliveryState.DELIVERED)
    else:
        desk.until(one, DeliveryState.REFUSED)  # an answer that makes no sense, three times over


def test_everybody_has_a_turn_however_many_fail(tmp_path: Path, desk: Desk, server: FaultServer) -> None:
    """Two takes that fail at once and may be tried again at once do not keep a third from its turn."""
    bundles = [make_bundle(tmp_path / "t", seed=n) for n in range(3)]
    desk.tuning = replace(desk.tuning, pace=Pace(first_s=0.0, most_s=0.0, floor_s=0.0))
    last = bundles[-1].take_id
    server.fault = lambda asked: tus(500) if asked.path.startswith("/v1/takes") and last not in asked.path else None
    desk.queue(*bundles)
    desk.until(bundles[-1], DeliveryState.DELIVERED)


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
    desk.deliver(bundle)


def test_label_changed_in_the_middle(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    paper = bundle.folder / "take.json"

    def relabel(asked: Asked) -> None:
        if asked.method == "PATCH":
            server.fault = lambda _: None
            manifest = read_take(paper.read_bytes())
            paper.write_bytes(manifest.model_copy(update={"note": "later"}).canonical())

    server.fault = relabel
    desk.deliver(bundle)
    assert server.files()["take.json"] == paper.read_bytes()


def test_progress_four_times_a_second(desk: Desk, big: Bundle, server: FaultServer) -> None:
    server.slow_s = 0.004
    desk.deliver(big)
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
