"""The window's worker and the command line: one loop, so what befalls a take ends alike in both."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_server import Asked, FaultServer, Say, fault_server
from take_bundles import STUDIO, TOKEN, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.delivery_worker import DeliveryWorker
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.sender import DeliveryPorts
from perfstudio.model.delivery import DeliveryState, DeliveryStatus, Receipt
from perfstudio.model.errors import ConsentError, ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.take_reading import read_take
from perfstudio.texts.states import delivery_state

SOON_S = 30.0
REST = (DeliveryState.WAITING, DeliveryState.PAUSED, DeliveryState.REFUSED, DeliveryState.CANCELLED)
ENDED = (*REST, DeliveryState.DELIVERED)


class Desk:
    """What the program around a delivery says and hears."""

    def __init__(self, outbox: Outbox, server: FaultServer, tuning: Tuning, bundle: Bundle) -> None:
        self.outbox, self.server, self.tuning, self.bundle = outbox, server, tuning, bundle
        self.studio = studio_at(server.collection, server.url)
        self.token: str | None = TOKEN
        self.may_send: Callable[[], bool] = lambda: True
        self.why_not = ErrorCode.CONSENT_WITHDRAWN
        self.keep: Callable[[Receipt], None] = lambda receipt: None

    def status(self) -> DeliveryStatus:
        status = self.outbox.status(self.bundle.take_id, STUDIO)
        assert status is not None
        return status


Way = Callable[[Desk], DeliveryStatus]


def by_window(desk: Desk) -> DeliveryStatus:
    """Where the take first comes to rest."""
    rested = threading.Event()
    seen: list[DeliveryStatus] = []

    def heard(status: DeliveryStatus) -> None:
        if status.state in ENDED:
            seen.append(status)
            rested.set()

    folder = desk.bundle.folder
    ports = DeliveryPorts(
        bundle_of=lambda take, studio: read_bundle(folder, studio),
        studio_of=lambda _: desk.studio,
        token_of=lambda _: desk.token,
        may_send=lambda _: desk.may_send(),
        why_not=lambda _: ConsentError(desk.why_not),
        on_status=heard,
        on_receipt=desk.keep,
    )
    desk.outbox.enqueue(desk.bundle)
    desk.outbox.retry(desk.bundle.take_id, STUDIO)
    courier = DeliveryWorker(desk.outbox, ports, tuning=desk.tuning)
    try:
        assert rested.wait(SOON_S)
    finally:
        assert courier.close(10.0)
    return seen[0]


def by_verb(desk: Desk) -> DeliveryStatus:
    """The same, by the command line with no patience at all."""
    with contextlib.suppress(PerfstudioError):
        deliver(
            read_bundle(desk.bundle.folder, STUDIO),
            desk.studio,
            desk.token,
            outbox=desk.outbox,
            may_send=desk.may_send,
            on_receipt=desk.keep,
            patience_s=0.0,
            tuning=desk.tuning,
        )
    return desk.status()


@pytest.fixture(params=[by_window, by_verb])
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


@pytest.fixture
def desk(outbox: Outbox, quick: Tuning, bundle: Bundle) -> Iterator[Desk]:
    with fault_server(level_b=True) as server:
        yield Desk(outbox, server, quick, bundle)


def relabel(folder: Path) -> None:
    paper = folder / "take.json"
    manifest = read_take(paper.read_bytes())
    paper.write_bytes(manifest.model_copy(update={"note": manifest.note + "!"}).canonical())


def test_a_label_changed_in_mid_transfer_waits_and_goes_along(desk: Desk, way: Way) -> None:
    """The label changes while the picture is under way: take.json comes last, and is read anew."""

    def fault(asked: Asked) -> None:
        if asked.method == "PATCH" and "mp4" in str(desk.server.uploads[asked.path][2]):
            desk.server.fault = lambda asked: None
            relabel(desk.bundle.folder)

    desk.server.fault = fault
    status = way(desk)
    assert (status.state, status.reason) == (DeliveryState.WAITING, None)
    assert way(desk).state is DeliveryState.DELIVERED
    assert desk.server.files()["take.json"] == (desk.bundle.folder / "take.json").read_bytes()


def test_the_command_line_with_patience_needs_no_second_call(desk: Desk) -> None:
    def fault(asked: Asked) -> None:
        if asked.method == "PATCH":
            desk.server.fault = lambda asked: None
            relabel(desk.bundle.folder)

    desk.server.fault = fault
    deliver(
        desk.bundle,
        desk.studio,
        TOKEN,
        outbox=desk.outbox,
        may_send=lambda: True,
        patience_s=SOON_S,
        tuning=desk.tuning,
    )
    assert desk.server.files()["take.json"] == (desk.bundle.folder / "take.json").read_bytes()
    assert desk.status().state is DeliveryState.DELIVERED


def test_a_picture_changed_is_refused(desk: Desk, way: Way) -> None:
    picture = desk.bundle.folder / "take.mp4"
    picture.write_bytes(b"!" + picture.read_bytes()[1:])
    status = way(desk)
    assert (status.state, status.reason) == (DeliveryState.REFUSED, ErrorCode.FILE_CHANGED)


def test_why_a_take_may_not_go_is_noted(desk: Desk) -> None:
    desk.may_send, desk.why_not = lambda: False, ErrorCode.CONSENT_KEY_GONE
    status = by_window(desk)
    assert (status.state, status.reason) == (DeliveryState.CANCELLED, ErrorCode.CONSENT_KEY_GONE)
    assert delivery_state(status.state, status.reason) == "removed"


def test_a_consent_that_ends_in_the_middle_cancels(desk: Desk, way: Way) -> None:
    stands = [True]
    desk.may_send = lambda: stands[0]

    def fault(asked: Asked) -> None:
        if asked.method == "PATCH":
            stands[0] = False

    desk.server.fault = fault
    status = way(desk)
    assert (status.state, status.reason) == (DeliveryState.CANCELLED, ErrorCode.CONSENT_WITHDRAWN)
    assert "take.json" not in desk.server.files()
    stands[0], desk.server.fault = True, lambda asked: None
    assert way(desk).state is DeliveryState.DELIVERED, "it was given again, and asked for again"


def test_without_a_token_it_waits_for_one(desk: Desk, way: Way) -> None:
    desk.token = None
    status = way(desk)
    assert (status.state, status.reason) == (DeliveryState.PAUSED, ErrorCode.TOKEN_MISSING)
    assert desk.server.asked == []


def test_without_a_place_for_the_receipt_nothing_counts_as_delivered(desk: Desk, way: Way) -> None:
    def full(receipt: Receipt) -> None:
        raise LibraryError(ErrorCode.DISK_FULL, folder="x", free_mb=0, needed_mb=1)

    desk.keep = full
    status = way(desk)
    assert (status.state, status.reason) == (DeliveryState.REFUSED, ErrorCode.DISK_FULL)
    kept: list[Receipt] = []
    desk.keep = kept.append
    assert way(desk).state is DeliveryState.DELIVERED
    assert len(kept) == 1


def test_what_has_arrived_stays_so_when_it_is_asked_for_again_in_vain(desk: Desk) -> None:
    """The label was changed since: the receiver keeps the version that it has confirmed, and that is no refusal."""
    arrived = by_verb(desk)
    assert arrived.state is DeliveryState.DELIVERED
    relabel(desk.bundle.folder)
    for answer in (Say(409, (), b"another version of this take was accepted"), Say(500)):
        desk.server.fault = lambda asked, answer=answer: answer if asked.method == "PUT" else None
        again = by_verb(desk)
        assert (again.state, again.reason, again.sent_at) == (DeliveryState.DELIVERED, None, arrived.sent_at)
