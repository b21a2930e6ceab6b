"""The background worker and consent that is taken back: no byte after it, and every receiver is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from courier_desk import WITHDRAWN, Desk
from fault_server import FaultServer, Reset, Silence, always, fault_server, times, tus
from take_bundles import STUDIO, make_bundle, studio_at

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.model.delivery import DeliveryState
from rigs.waiting import stays, until


def test_a_withdrawal_from_beside_is_told_and_a_silent_receiver_holds_up_none(
    tmp_path: Path, desk: Desk, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verb in another process takes two consents back; telling of the first fails again and again."""
    monkeypatch.setattr("perfstudio.delivery.delivery_worker.POLL_EVERY_S", 0.05)
    one, two = (make_bundle(tmp_path / "t", seed=n) for n in range(2))
    one, two = sorted((one, two), key=lambda b: b.consent.record_id)  # the order in which they are told
    desk.deliver(one, two)
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
    courier = desk.deliver(bundle)
    server.fault = times(3, Reset(0), "POST")
    courier.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    until(lambda: len(server.withdrawals) == 1)


def test_withdrawal_goes_out_even_when_paused(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    courier = desk.deliver(bundle)
    courier.pause()
    courier.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    until(lambda: len(server.withdrawals) == 1)


def test_consent_gone_without_a_word(desk: Desk, bundle: Bundle, server: FaultServer) -> None:
    desk.given = False
    desk.start()
    desk.add(bundle)
    desk.until(bundle, DeliveryState.CANCELLED)
    assert server.asked == []
