"""Telling receivers that consent was taken back: who has confirmed, who has not, and nobody waits for somebody else."""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from fault_sending import Send
from fault_server import Asked, FaultServer, Reset, Say, Silence, always, fault_server, tus
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle, studio_at

from perfstudio.consent.reading import read_record
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.withdrawal import RecordsOf
from perfstudio.delivery.withdrawal_notices import NoticeOutcome, ReceiverDirectory, tell_all
from perfstudio.model.consent import ConsentRecord, ConsentStatus
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.delivery import DeliveryState, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode

WITHDRAWN = consent_event(2, ConsentStatus.WITHDRAWN, USES)
JSON = (("Content-Type", "application/json"),)
PORTAL = Say(200, (("Content-Type", "text/html"),), b"<html>Room number?</html>")


def directory(
    *studios: Studio, token: str | None = TOKEN, records_of: RecordsOf = lambda take_id: ()
) -> ReceiverDirectory:
    def of(studio_id: str) -> Studio:
        for studio in studios:
            if studio.id == studio_id:
                return studio
        raise DeliveryError(ErrorCode.STUDIO_UNKNOWN, studio=studio_id)

    return ReceiverDirectory(of, lambda studio: token, records_of)


def here(server: FaultServer) -> Studio:
    return studio_at(server.collection, server.url if server.level_b else None)


def take_back(outbox: Outbox, bundle: Bundle) -> None:
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)


def problems(told: tuple[NoticeOutcome, ...]) -> list[ErrorCode | None]:
    return [line.problem.code if line.problem else None for line in told]


def test_it_is_told_once_and_said_who_has_confirmed(bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        (told,) = tell_all(outbox, directory(here(server)), tuning=quick)
        assert (told.take_id, told.studio_id, told.studio_name) == (bundle.take_id, STUDIO, "Small Lab")
        assert told.reply is not None
        assert (told.problem, told.is_open, told.reply.word) == (None, False, DeletionWord.DELETED)
        assert outbox.statuses()[0].told_at is not None
        assert tell_all(outbox, directory(here(server)), tuning=quick) == ()
        assert len(server.withdrawals) == 1


def other_hash(asked: Asked) -> Say | None:
    body = json.dumps({"record_id": "x", "sha256": hashlib.sha256(b"another act").hexdigest()}).encode()
    return Say(200, JSON, body) if asked.path.endswith("/withdrawals") else None


ANSWERS = {
    "a portal's page": always(PORTAL, "POST", "GET"),
    "a page that is not there": always(Say(404), "POST", "GET"),
    "gone": always(Say(410), "POST", "GET"),
    "an empty yes": always(Say(200), "POST"),
    "nothing to say": always(Say(204), "POST"),
    "the hash of another act": other_hash,
    "trouble": always(tus(500), "POST"),
    "no token of ours": always(Say(401), "POST"),
    "a broken line": always(Reset(0), "POST"),
    "silence": always(Silence(30.0), "POST"),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_what_is_no_confirmation(what: str, bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        server.fault = ANSWERS[what]
        told = tell_all(outbox, directory(here(server)), tuning=quick)
        assert None not in problems(told)
        assert len(outbox.untold()) == 1
        assert outbox.statuses()[0].untold
        server.fault = lambda asked: None
        assert problems(tell_all(outbox, directory(here(server)), tuning=quick)) == [None]


@pytest.mark.parametrize("says", [404, 410])
def test_a_receiver_that_does_not_know_the_record_is_brought_it_and_then_told(
    says: int, bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    """It has lost its papers, and may still hold the take: "not found" is nothing that it was told."""
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        before = len(server.asked)

        def forgetful(asked: Asked) -> Say | None:
            knows = any(a.method == "PUT" and bundle.consent.record_id in a.path for a in server.asked[before:])
            return None if knows or asked.method != "POST" else Say(says)

        server.fault = forgetful
        assert None not in problems(tell_all(outbox, directory(here(server)), tuning=quick))
        assert [line.untold for line in outbox.statuses()] == [True], "there was no record to bring"
        papers = read_record((bundle.folder / "consent.json").read_bytes())
        told = tell_all(outbox, directory(here(server), records_of=lambda take_id: (papers,)), tuning=quick)
        assert problems(told) == [None]
        assert len(server.withdrawals) == 1
        assert outbox.untold() == ()


def forgot(asked: Asked) -> Say | None:
    """A receiver that knows no record any more, and is one."""
    return Say(404) if asked.path.endswith("/withdrawals") else None


def another_record(bundle: Bundle) -> tuple[ConsentRecord, ConsentRecord]:
    """The record that a take stands on now, and the one whose place it took."""
    replaced = read_record((bundle.folder / "consent.json").read_bytes())
    newer = str(uuid.uuid4())
    return replaced.model_copy(update={"record_id": newer, "replaces": replaced.record_id}), replaced


def test_a_record_that_another_one_replaced_is_brought_too(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        server.fault = lambda asked: forgot(asked) if asked.method == "POST" and not brought(server) else None

        def brought(server: FaultServer) -> bool:
            return [a.method for a in server.asked].count("PUT") > before

        before = server.count("PUT")
        told = tell_all(
            outbox, directory(here(server), records_of=lambda take_id: another_record(bundle)), tuning=quick
        )
        assert problems(told) == [None]
        assert [line.reply.word for line in told if line.reply] == [DeletionWord.DELETED]


def test_a_record_that_is_lost_at_both_ends_is_said_so_and_blocks_nothing(
    tmp_path: Path, bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        with_newer = directory(here(server), records_of=lambda take_id: another_record(bundle)[:1])
        server.fault = always(Say(404), "POST", "GET")
        assert None not in problems(tell_all(outbox, with_newer, tuning=quick)), "whoever that is: no receiver"
        server.fault = forgot
        (told,) = tell_all(outbox, with_newer, tuning=quick)
        assert told.reply is not None
        assert (told.problem, told.is_open, told.reply.word) == (None, False, DeletionWord.LOST)
        assert outbox.statuses()[0].told_at is None, "nobody was told"
        assert send(server, make_bundle(tmp_path / "t", seed=9)).state == "accepted"


def test_a_studio_that_has_calls_now_is_told_by_them_of_what_it_got_as_a_plain_server(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    with fault_server() as server:
        send(server)
        take_back(outbox, bundle)
        server.level_b = True
        (told,) = tell_all(outbox, directory(here(server)), tuning=quick)
        assert (told.problem, len(server.withdrawals)) == (None, 1)
        assert told.is_open, "that a message was left is no answer of a studio that can give one"
        assert "withdrawal.json" in server.files(), "it lies where the take lies"


def test_a_studio_that_was_not_told_gets_no_byte_of_another_take(
    tmp_path: Path, bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        other, before = make_bundle(tmp_path / "t", seed=9), server.count("PATCH")
        server.fault = lambda asked: tus(500) if asked.path.endswith("/withdrawals") else None
        with pytest.raises(DeliveryError) as waits:
            send(server, other, patience_s=0.2)
        assert waits.value.code is ErrorCode.WITHDRAWAL_UNTOLD
        line = outbox.status(other.take_id, STUDIO)
        assert line is not None
        assert (line.state, line.reason) == (DeliveryState.WAITING, ErrorCode.WITHDRAWAL_UNTOLD)
        assert server.count("PATCH") == before
        server.fault = lambda asked: None
        assert send(server, other).state == "accepted"
        assert len(server.withdrawals) == 1
        ways = [asked.path.split("/")[-1] for asked in server.asked if asked.method in ("POST", "PATCH")]
        assert ways.index("withdrawals") < len(ways) - 1


def test_a_dead_receiver_holds_up_nobody(tmp_path: Path, outbox: Outbox, quick: Tuning) -> None:
    """Asked once, however many withdrawals it has to hear of; the others are told all the same."""
    takes = [make_bundle(tmp_path / "t", seed=n, studio="dead-lab") for n in range(3)]
    takes.append(make_bundle(tmp_path / "t", seed=9))
    for take in takes:
        outbox.enqueue(take)
        outbox.note(take.take_id, take.studio_id, level="B")
        take_back(outbox, take)
    with fault_server(always(Silence(60.0), "POST"), level_b=True) as dead, fault_server(level_b=True) as alive:
        known = directory(studio_at(dead.collection, dead.url, "dead-lab"), here(alive))
        slow = replace(quick, timeouts=replace(quick.timeouts, answer_s=60.0))
        told = tell_all(outbox, known, tuning=slow, patience_s=0.5)
        assert len(dead.asked) == 1
        assert len(alive.withdrawals) == 1
    assert {t.studio_id: t.problem is None for t in told} == {"dead-lab": False, STUDIO: True}
    assert len(outbox.untold()) == 3


def test_what_is_missing_here_is_named(bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        nobody = tell_all(outbox, directory(), tuning=quick)
        assert problems(nobody) == [ErrorCode.STUDIO_UNKNOWN]
        assert problems(tell_all(outbox, directory(here(server), token=None), tuning=quick)) == [
            ErrorCode.TOKEN_MISSING
        ]
        assert server.withdrawals == []
        other = tell_all(outbox, directory(here(server)), take_id="another", tuning=quick)
        assert other == ()


def test_a_plain_server_is_left_the_act_even_when_the_outbox_is_younger(
    bundle: Bundle, outbox: Outbox, quick: Tuning
) -> None:
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN, studio_ids=[STUDIO])
    with fault_server() as server:
        assert problems(tell_all(outbox, directory(here(server)), tuning=quick)) == [None]
        assert list(server.files()) == ["withdrawal.json"]


def test_told_beside_a_transfer_of_another_take(bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning) -> None:
    """Another process holds the turn for as long as it likes: telling does not wait for it."""
    with fault_server(level_b=True) as server:
        send(server)
        take_back(outbox, bundle)
        held, done = threading.Event(), threading.Event()

        def other() -> None:
            with outbox.turn(5.0):
                held.set()
                done.wait(60)

        thread = threading.Thread(target=other)
        thread.start()
        assert held.wait(10)
        try:
            assert problems(tell_all(outbox, directory(here(server)), tuning=quick)) == [None]
        finally:
            done.set()
            thread.join()


def test_taken_back_while_it_is_sent_is_told(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning, tmp_path: Path
) -> None:
    """The race: a withdrawal from elsewhere while this process sends."""
    with fault_server(level_b=True) as server, Outbox(tmp_path / "home" / "outbox.db") as elsewhere:

        def progress(state: DeliveryState, sent: int) -> None:
            if not elsewhere.untold():
                take_back(elsewhere, bundle)

        with pytest.raises(Exception, match="consent_withdrawn"):
            send(server, progress=progress)
        assert problems(tell_all(elsewhere, directory(here(server)), tuning=quick)) == [None]
        assert len(server.withdrawals) == 1
