"""What a session is to the courier: folders, tokens, what it heard; and a receiver that fails as it is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_server import FaultServer, fault_server
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.delivery_worker import DeliveryWorker
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.delivery.sender import DeliveryPorts
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.delivery import DeliveryState, DeliveryStatus, Receipt, Studio
from rigs.waiting import until

WITHDRAWN = consent_event(2, ConsentStatus.WITHDRAWN, USES)


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

    def queue(self, *bundles: Bundle) -> DeliveryWorker:
        """A courier that has all of them before the first one leaves."""
        courier = self.start(paused=True)
        for bundle in bundles:
            self.add(bundle)
        courier.resume()
        return courier

    def deliver(self, *bundles: Bundle) -> DeliveryWorker:
        """The same, once they are there."""
        courier = self.queue(*bundles)
        for bundle in bundles:
            self.until(bundle, DeliveryState.DELIVERED)
        return courier

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
