"""Deleted is what a studio has signed: a table of answers that are no statement, and what is kept of one that is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fault_sending import Send
from fault_server import Asked, FaultServer, Say, fault_server
from take_bundles import STUDIO, STUDIO_KEY, TOKEN, USES, consent_event, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deletion_check import AskedDeletion, flaw
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.withdrawal_notices import NoticeOutcome, ReceiverDirectory, tell_all
from perfstudio.model.base import sha256_hex
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.deletion import DeletionStatement, DeletionWord, ExportHeld
from perfstudio.model.delivery import Studio
from perfstudio.model.jws import SigningKey

W = DeletionWord
ACT = consent_event(2, ConsentStatus.WITHDRAWN, USES)
LINE = consent_event(2, ConsentStatus.WITHDRAWN, USES[1:])
STRANGER = SigningKey.generate()
Answer = Callable[[FaultServer, str, bytes], dict[str, Any]]


def told(outbox: Outbox, studio: Studio, tuning: Tuning) -> NoticeOutcome:
    (outcome,) = tell_all(outbox, ReceiverDirectory(lambda _: studio, lambda _: TOKEN), tuning=tuning)
    return outcome


def lies(answer: Answer) -> Callable[[FaultServer], Callable[[Asked], Say | None]]:
    """A server that answers so to a withdrawal, and is honest otherwise."""

    def of(server: FaultServer) -> Callable[[Asked], Say | None]:
        body = ACT.canonical()

        def fault(asked: Asked) -> Say | None:
            if not asked.path.endswith("/withdrawals"):
                return None
            said = answer(server, asked.path.split("/")[3], body)
            return Say(200, (("Content-Type", "application/json"),), json.dumps(said).encode())

        return fault

    return of


def without(*names: str) -> Answer:
    return lambda server, record, body: {k: v for k, v in server.deleted(record, body).items() if k not in names}


def changed(**changes: Any) -> Answer:
    return lambda server, record, body: server.deleted(record, body, **changes)


def altered(server: FaultServer, record: str, body: bytes) -> dict[str, Any]:
    said = server.deleted(record, body)
    said["statements"][0]["deleted_at"] = "2020-01-01T00:00:00Z"
    return said


ANSWERS: dict[str, tuple[Answer, DeletionWord]] = {
    "says nothing of deleting": (without("state", "statements"), W.SILENT),
    "deleted, and nothing signed": (without("statements"), W.UNPROVEN),
    "signed by another": (changed(key=STRANGER), W.UNPROVEN),
    "of another take": (changed(take_id="0" * 26), W.UNPROVEN),
    "of another studio": (changed(studio_id="other-lab"), W.UNPROVEN),
    "of another record": (changed(record_id="0" * 8 + "-0000-0000-0000-" + "0" * 12), W.UNPROVEN),
    "of another act": (changed(act_sha256="0" * 64), W.UNPROVEN),
    "of other lines": (changed(use_ids=USES[:1]), W.UNPROVEN),
    "altered": (altered, W.UNPROVEN),
    "no statement at all": (lambda s, r, b: without("statements")(s, r, b) | {"statements": [{"a": 1}]}, W.UNPROVEN),
    "it keeps it": (lambda s, r, b: without("statements")(s, r, b) | {"state": "kept"}, W.KEPT),
    "a person has to look": (lambda s, r, b: without("statements")(s, r, b) | {"state": "waits"}, W.WAITS),
    "a person said no": (lambda s, r, b: without("statements")(s, r, b) | {"state": "dismissed"}, W.DISMISSED),
}


def test_nothing_but_a_statement_of_the_studio_says_deleted(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    """Every answer leaves it told and open; then the honest one closes it, and its bytes are kept."""
    held = (ExportHeld(name="set 1", noted_at=utc_now()),)
    with fault_server(level_b=True) as server:
        send(server)
        studio = studio_at(server.collection, server.url)
        outbox.withdraw(bundle.take_id, bundle.consent.record_id, ACT)
        for name, (answer, word) in ANSWERS.items():
            server.fault = lies(answer)(server)
            outcome = told(outbox, studio, quick)
            assert outcome.reply is not None, name
            assert (outcome.problem, outcome.reply.word, outcome.is_open) == (None, word, True), name
            (line,) = outbox.statuses()
            assert (line.untold, line.unfinished, line.deleted_at) == (False, True, None), name
        keyless = studio.model_copy(update={"public_key": None})
        server.fault = lies(changed(exports=held))(server)
        outcome = told(outbox, keyless, quick)
        assert outcome.reply is not None
        assert (outcome.reply.word, outcome.is_open) == (W.KEYLESS, True)
        first_told = outbox.statuses()[0].told_at
        assert not told(outbox, studio, quick).is_open
    (line,) = outbox.statuses()
    assert (line.unfinished, line.word, line.exports) == (False, W.DELETED, ("set 1",))
    assert line.deleted_at is not None
    assert line.told_at == first_told
    (note,) = outbox.withdrawals_of(bundle.take_id)
    assert note.reply is not None
    statement = DeletionStatement.model_validate_json(note.reply.statement or b"")
    asked = AskedDeletion(studio, bundle.take_id, bundle.consent.record_id, ACT)
    assert (statement.is_signed_by(STUDIO_KEY.public_key), flaw(statement, asked)) == (True, "")
    assert outbox.unfinished() == ()


def test_lines_that_the_take_can_do_without_leave_nothing_open(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    with fault_server(level_b=True) as server:
        send(server)
        outbox.withdraw(bundle.take_id, bundle.consent.record_id, LINE, blocks=False)
        server.fault = lies(lambda s, r, b: {"record_id": r, "sha256": sha256_hex(LINE.canonical()), "state": "kept"})(
            server
        )
        outcome = told(outbox, studio_at(server.collection, server.url), quick)
    assert outcome.reply is not None
    assert (outcome.reply.word, outcome.is_open) == (W.KEPT, False)
    (line,) = outbox.statuses()
    assert (line.partly, line.unfinished, line.word) == (True, False, W.KEPT)


def test_a_plain_server_is_done_with_when_it_was_left_the_message(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning
) -> None:
    with fault_server() as server:
        send(server)
        outbox.withdraw(bundle.take_id, bundle.consent.record_id, ACT)
        outcome = told(outbox, studio_at(server.collection), quick)
    assert outcome.reply is not None
    assert (outcome.reply.word, outcome.is_open) == (W.LEFT, False)


def test_an_outbox_of_an_earlier_version_asks_for_no_statement_of_what_was_told(tmp_path: Path, bundle: Bundle) -> None:
    with Outbox(tmp_path / "outbox.db") as outbox:
        outbox.enqueue(bundle)
        outbox.note(bundle.take_id, STUDIO, level="B")
        outbox.withdraw(bundle.take_id, bundle.consent.record_id, ACT)
        outbox.told(outbox.untold()[0])
        outbox._sql.execute("UPDATE withdrawals SET asks=NULL, word=NULL")
        assert outbox.unfinished() == ()
        (line,) = outbox.statuses()
        assert (line.unfinished, line.word) == (False, None)
