"""Lines given again, in the outbox: where a delivery goes on, what a plain server is left, and who is told first."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fault_sending import Send
from fault_server import FaultServer, Say, always, fault_server
from take_bundles import STUDIO, TOKEN, USES, consent_event, studio_at

from perfstudio.consent.reading import read_record
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.withdrawal_notices import ReceiverDirectory, tell_all
from perfstudio.model.consent import ConsentRecord, ConsentStatus
from perfstudio.model.delivery import DeliveryState

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


def again(outbox: Outbox, bundle: Bundle, *, ended: bool = True, covers: bool = True) -> None:
    outbox.give(bundle.take_id, bundle.consent.record_id, AGAIN.seq, covers=covers, ended=(BACK.seq,) if ended else ())


def told(outbox: Outbox, server: FaultServer, record: ConsentRecord | None, quick: Tuning) -> list[tuple[bool, bool]]:
    studio = studio_at(server.collection, server.url if server.level_b else None)
    directory = ReceiverDirectory(lambda studio_id: studio, lambda studio: TOKEN, lambda take_id: record)
    return [(line.given, line.problem is None) for line in tell_all(outbox, directory, tuning=quick)]


ROWS = {
    # where it stood, what the receiver is; whether it was told that it was taken back, and could then keep it
    "queued": (S.QUEUED, None, False, True, S.QUEUED),
    "half way": (S.SENDING, "B", False, True, S.QUEUED),
    "refused": (S.REFUSED, "B", False, True, S.QUEUED),
    "taken out": (S.CANCELLED, "B", False, True, S.CANCELLED),
    "arrived, never told": (S.DELIVERED, "B", False, True, S.DELIVERED),
    "arrived, told, kept": (S.DELIVERED, "B", True, False, S.DELIVERED),
    "arrived, told, let go": (S.DELIVERED, "B", True, True, S.QUEUED),
    "sent, never told": (S.SENT, "A", False, True, S.SENT),
    "sent, told: every file was deleted": (S.SENT, "A", True, False, S.QUEUED),
}


@pytest.mark.parametrize("row", ROWS)
def test_it_goes_on_where_it_stands(row: str, outbox: Outbox, bundle: Bundle) -> None:
    before, level, hears, ends, after = ROWS[row]
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
    again(outbox, bundle, ended=ends, covers=False)
    assert outbox.stopped(*key), "a needed line is still off"
    again(outbox, bundle, ended=ends)
    (line,) = outbox.statuses()
    assert (line.state, line.reason, line.withdrawn_at) == (after, None, None)
    assert (line.sent_at is not None) == (after in (S.SENT, S.DELIVERED))
    assert [p.seq for p in outbox.ungiven()] == ([AGAIN.seq] if level is not None else [])
    if after is S.QUEUED:
        assert outbox.enqueue(bundle) is S.QUEUED, "nothing blocks it"
    if hears:
        assert outbox.upload_urls(*key) == ()


def test_the_longer_record_first_and_only_with_its_hash(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning, *, record: ConsentRecord
) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        back(outbox, bundle)
        again(outbox, bundle)
        assert outbox.untold() == (), "what was taken back waits until the receiver knows that it was given again"
        other_hash = Say(200, (("Content-Type", "application/json"),), b'{"record_id":"x","sha256":"y"}')
        server.fault = always(other_hash, "PUT")
        assert told(outbox, server, record, quick) == [(True, False)]
        server.fault = lambda asked: None
        assert told(outbox, server, record, quick) == [(True, True), (False, True)]
        assert told(outbox, server, record, quick) == []


def test_a_plain_server_is_left_the_record(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning, *, record: ConsentRecord
) -> None:
    with fault_server() as server:
        send(server)
        back(outbox, bundle)
        again(outbox, bundle)
        assert told(outbox, server, record, quick) == [(True, True), (False, True)]
        assert server.files()["consent.json"] == record.canonical()


def test_a_record_that_another_one_replaced_is_not_told_any_more(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        back(outbox, bundle)
        again(outbox, bundle)
        assert told(outbox, server, None, quick) == [(False, True)], "nobody has confirmed what was not told"
        assert len(server.withdrawals) == 1


def test_a_receiver_that_takes_the_record_for_none_hears_what_was_taken_back(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning, *, record: ConsentRecord
) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        back(outbox, bundle)
        again(outbox, bundle)
        server.fault = always(Say(409), "PUT")
        assert told(outbox, server, record, quick)[0] == (True, False)
        assert told(outbox, server, record, quick) == [(False, True)]


def test_what_is_expected_is_forgotten_once_it_is_noted(bundle: Bundle, outbox: Outbox, tmp_path: Path) -> None:
    for note in (back, again):
        outbox.expect(bundle.take_id)
        with Outbox(tmp_path / "home" / "outbox.db") as elsewhere:
            assert elsewhere.expected() == (bundle.take_id,)
        note(outbox, bundle)
        assert outbox.expected() == ()


def test_two_who_give_at_once_leave_one_line_to_tell(bundle: Bundle, outbox: Outbox) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    back(outbox, bundle)
    threads = [threading.Thread(target=again, args=(outbox, bundle)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outbox.ungiven()) == 1
    assert outbox.statuses()[0].state is S.QUEUED
