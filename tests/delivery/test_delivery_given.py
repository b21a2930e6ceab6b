"""Lines given again, in the outbox: where a delivery goes on, what a plain server is left, and who is told first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fault_sending import Send
from fault_server import Asked, FaultServer, Say, always, fault_server
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle, studio_at

from perfstudio.consent.reading import read_record
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.delivery_worker import DeliveryWorker
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault
from perfstudio.delivery.giving import Heard
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.sender import DeliveryPorts
from perfstudio.delivery.withdrawal_notices import ReceiverDirectory, tell_all
from perfstudio.model.consent import ConsentRecord, ConsentStatus
from perfstudio.model.delivery import DeliveryState, Studio
from rigs.waiting import until

S = DeliveryState
BACK = consent_event(2, ConsentStatus.WITHDRAWN, USES)
AGAIN = consent_event(3, ConsentStatus.RENEWED, USES)


@pytest.fixture
def record(bundle: Bundle) -> ConsentRecord:
    """The record with its lines taken back and given again."""
    signed = read_record((bundle.folder / "consent.json").read_bytes())
    return signed.model_copy(update={"events": (*signed.events, BACK, AGAIN)})


def back(outbox: Outbox, bundle: Bundle) -> None:
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, BACK)


def again(outbox: Outbox, bundle: Bundle, *, covers: bool = True) -> None:
    outbox.give(bundle.take_id, bundle.consent.record_id, AGAIN.seq, covers=covers, whole=covers)


@dataclass
class GivenAgain:
    """A take that arrived, its lines taken back and some given again; nobody has been told yet."""

    server: FaultServer
    outbox: Outbox
    record: ConsentRecord
    tuning: Tuning

    @property
    def studio(self) -> Studio:
        return studio_at(self.server.collection, self.server.url if self.server.level_b else None)

    def told(self, *records: ConsentRecord) -> list[tuple[bool, bool]]:
        """(whether something was given, whether it was confirmed) of what was to be told; `records` are the take's."""
        directory = ReceiverDirectory(lambda studio_id: self.studio, lambda studio: TOKEN, lambda take_id: records)
        return [(line.given, line.problem is None) for line in tell_all(self.outbox, directory, tuning=self.tuning)]


@pytest.fixture(params=[True])
def given(
    request: pytest.FixtureRequest, bundle: Bundle, outbox: Outbox, send: Send, *, quick: Tuning, record: ConsentRecord
) -> Iterator[GivenAgain]:
    """At a receiver of ours, or with the parameter `False` at a plain tus server."""
    with fault_server(level_b=request.param) as server:
        send(server)
        back(outbox, bundle)
        again(outbox, bundle, covers=False)
        yield GivenAgain(server, outbox, record, quick)


ROWS: dict[str, tuple[DeliveryState, str | None, bool, DeliveryState]] = {
    # where it stood, what the receiver is, whether it has heard that it was taken back
    "queued": (S.QUEUED, None, False, S.QUEUED),
    "half way": (S.SENDING, "B", False, S.QUEUED),
    "refused": (S.REFUSED, "B", False, S.QUEUED),
    "taken out": (S.CANCELLED, "B", False, S.CANCELLED),
    "arrived, never told": (S.DELIVERED, "B", False, S.QUEUED),
    "arrived, told": (S.DELIVERED, "B", True, S.QUEUED),
    "sent, told": (S.SENT, "A", True, S.QUEUED),
}


@pytest.mark.parametrize("row", ROWS)
def test_it_begins_anew_once_what_stands_covers_it(row: str, outbox: Outbox, bundle: Bundle) -> None:
    before, level, hears, after = ROWS[row]
    key = (bundle.take_id, STUDIO)
    outbox.enqueue(bundle)
    outbox.keep_upload(bundle, bundle.files[0], "https://up/1", None)
    if level is not None:
        outbox.note(*key, level=level)
    outbox.set_state(*key, before)
    back(outbox, bundle)
    assert outbox.stopped(*key)
    if hears:
        outbox.told(outbox.untold()[0])
    again(outbox, bundle, covers=False)
    assert outbox.stopped(*key), "a needed line is still off"
    assert outbox.statuses()[0].withdrawn_at is not None
    outbox.give(*key[:1], bundle.consent.record_id, AGAIN.seq + 1, covers=True, whole=True)
    (line,) = outbox.statuses()
    assert (line.state, line.reason, line.withdrawn_at, line.sent_at) == (after, None, None, None)
    due = [p.seq for p in outbox.ungiven()]
    assert due == ([AGAIN.seq, AGAIN.seq + 1] if hears else []), "what was taken back before is told before"
    if after is S.QUEUED:
        assert outbox.enqueue(bundle) is S.QUEUED, "nothing blocks it"


def test_a_line_that_stopped_nothing_leaves_it_where_it_is(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    outbox.set_state(bundle.take_id, STUDIO, S.DELIVERED)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, BACK, blocks=False)
    again(outbox, bundle)
    (line,) = outbox.statuses()
    assert (line.state, line.withdrawn_at) == (S.DELIVERED, None)
    assert line.sent_at is not None


def test_what_was_taken_back_first_then_the_longer_record_by_its_hash(given: GivenAgain) -> None:
    assert given.outbox.ungiven() == (), "what was taken back is told before"
    other_hash = Say(200, (("Content-Type", "application/json"),), b'{"record_id":"x","sha256":"y"}')
    given.server.fault = always(other_hash, "PUT")
    assert given.told(given.record) == [(False, True), (True, False)]
    given.server.fault = lambda asked: None
    assert given.told(given.record) == [(True, True)]
    assert given.told(given.record) == []


@pytest.mark.parametrize("given", [False], indirect=True)
def test_a_plain_server_is_left_the_record(given: GivenAgain) -> None:
    assert given.told(given.record) == [(False, True), (True, True)]
    assert given.server.files()["consent.json"] == given.record.canonical()


def test_it_is_told_before_another_take_is_sent_now(tmp_path: Path, send: Send, given: GivenAgain) -> None:
    before = given.server.count("PUT")
    send(given.server, make_bundle(tmp_path / "t", seed=9), records_of=lambda take_id: (given.record,))
    puts = [asked.path.split("/")[-1] for asked in given.server.asked if asked.method == "PUT"]
    assert given.record.record_id in puts[before]
    assert given.outbox.ungiven() == ()


def test_a_record_that_another_one_replaced_is_not_told_any_more(given: GivenAgain) -> None:
    assert given.told() == [(False, True)], "nobody has confirmed what was not told"
    assert len(given.server.withdrawals) == 1


def test_a_receiver_that_takes_the_record_for_none_is_not_asked_for_ever(given: GivenAgain) -> None:
    given.server.fault = always(Say(422), "PUT")
    assert given.told(given.record) == [(False, True), (True, False)]
    assert given.told(given.record) == []


def test_a_receiver_that_does_not_take_it_now_is_told_again_and_holds_up_nothing(
    tmp_path: Path, send: Send, given: GivenAgain
) -> None:
    record, server = given.record, given.server
    server.fault = lambda asked: Say(409) if asked.method == "PUT" and record.record_id in asked.path else None
    assert given.told(record) == [(False, True), (True, False)]
    assert given.told(record) == [(True, False)], "a person there may decide any day"
    send(server, make_bundle(tmp_path / "t", seed=9), records_of=lambda take_id: (record,))
    assert len(given.outbox.ungiven()) == 1
    server.fault = lambda asked: None
    assert given.told(record) == [(True, True)]
    assert given.outbox.ungiven() == ()


def test_the_courier_tells_again_once_it_was_decided(bundle: Bundle, given: GivenAgain) -> None:
    refused: list[str] = []

    def decided_later(asked: Asked) -> Say | None:
        if asked.method != "PUT" or len(refused) == 2:
            return None
        refused.append(asked.path)
        return Say(409)

    given.server.fault = decided_later
    ports = DeliveryPorts(
        bundle_of=lambda take, studio_id: bundle,
        studio_of=lambda studio_id: given.studio,
        token_of=lambda of: TOKEN,
        may_send=lambda take: True,
        on_receipt=lambda receipt: None,
        records_of=lambda take_id: (given.record,),
    )
    courier = DeliveryWorker(given.outbox, ports, tuning=given.tuning)
    until(lambda: len(refused) == 2 and given.outbox.ungiven() == (), "it was told again, more than once")
    assert courier.close(10.0)


def test_who_has_to_decide_first_is_asked_later_and_others_meanwhile() -> None:
    refused = Failure(DeliveryStep.JSON, Fault.STATUS, 409)
    assert Heard(waits=refused).leaves_open(blocks=True)
    assert Heard(due=False).leaves_open(blocks=True)
    assert not Heard().leaves_open(blocks=True)


def test_two_who_give_at_once_leave_one_line_to_tell(bundle: Bundle, outbox: Outbox) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    back(outbox, bundle)
    threads = [threading.Thread(target=again, args=(outbox, bundle)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outbox.told(outbox.untold()[0])
    assert len(outbox.ungiven()) == 1
    assert outbox.statuses()[0].state is S.QUEUED
