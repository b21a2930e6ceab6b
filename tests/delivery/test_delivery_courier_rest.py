"""The background worker at rest: paused, signed out, without a network, while a take rolls, and closed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from courier_desk import Desk
from fault_server import FaultServer, Say, Silence, always
from take_bundles import STUDIO, TOKEN, make_bundle

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.policy import MIB
from perfstudio.model.delivery import DeliveryState
from rigs.waiting import stays, until


def test_upl_8_one_sign_in_for_all(tmp_path: Path, desk: Desk, server: FaultServer) -> None:
    one, two = (make_bundle(tmp_path / "t", seed=n) for n in range(2))
    server.fault = always(Say(401), "GET", "PUT", "POST", "PATCH", "HEAD")
    courier = desk.queue(one, two)
    desk.until(two, DeliveryState.PAUSED)
    desk.until(one, DeliveryState.PAUSED)
    assert len(server.asked) == 1  # not one more attempt
    courier.wake()
    stays(lambda: len(server.asked) == 1, 0.2)
    server.fault = lambda asked: None
    courier.signed_in(STUDIO)
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
    desk.deliver(bundle)


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
