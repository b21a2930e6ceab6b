"""A take is delivered when the receiver has shown that it has the bytes, and signed for them; whatever else it says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from fault_sending import Send
from fault_server import Asked, FaultServer, Say, fault_server
from take_bundles import STUDIO, STUDIO_KEY, TOKEN

from perfstudio import durable
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, Evidence
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.model.delivery import Arrival, DeliveryState, Receipt
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.model.proof import SaltedFile, TakeProof
from perfstudio.model.take_reading import read_take
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.texts.errors import sentence

JSON = (("Content-Type", "application/json"),)
OTHER = SigningKey.generate()
Lie = Callable[[FaultServer, str, str], Say]
"""What is answered for (server, take, salt) in place of the honest proof."""


def say(proof: TakeProof, cut: int | None = None) -> Say:
    return Say(200, JSON, json.dumps(proof.to_json()).encode()[:cut])


def told(change: Callable[[TakeProof], dict[str, Any]]) -> Lie:
    """Signed anew with the studio's own key: the lie is in what it says."""
    return lambda server, take, salt: say(
        (proof := server.proof(take, salt)).model_copy(update=change(proof)).signed(STUDIO_KEY)
    )


def receipt_with(**changes: Any) -> Lie:
    return told(lambda proof: {"receipt": proof.receipt.model_copy(update=changes).signed(STUDIO_KEY)})


def unsalted(proof: TakeProof) -> tuple[SaltedFile, ...]:
    """The announced hashes once more, by one who threw the bytes away."""
    return tuple(SaltedFile(name=file.name, sha256=file.sha256) for file in proof.receipt.files)


def other_hash(proof: TakeProof) -> dict[str, Any]:
    files = tuple(file.model_copy(update={"sha256": "ab" * 32}) for file in proof.receipt.files)
    return {"receipt": proof.receipt.model_copy(update={"files": files}).signed(STUDIO_KEY)}


LIES: dict[str, tuple[Lie, str]] = {
    "echo of what was announced": (told(lambda proof: {"files": unsalted(proof)}), "bytes_not_there"),
    "one file less": (told(lambda proof: {"files": proof.files[:-1]}), "bytes_not_there"),
    "one file twice": (told(lambda proof: {"files": (*proof.files, proof.files[0])}), "bytes_not_there"),
    "another key": (lambda server, take, salt: say(server.proof(take, salt, OTHER)), "studios_other_key"),
    "another key inside": (
        told(lambda proof: {"receipt": proof.receipt.signed(OTHER)}), "studios_other_key"
    ),
    "no signature": (
        lambda server, take, salt: say(server.proof(take, salt).model_copy(update={"signature": None})),
        "not_its_signature",
    ),
    "changed after signing": (
        lambda server, take, salt: say(server.proof(take, salt).model_copy(update={"files": ()})), "not_its_signature"
    ),
    "a receipt changed after signing": (
        told(lambda proof: {"receipt": proof.receipt.model_copy(update={"receipt_id": "2"})}), "not_its_signature"
    ),
    "an answer to another salt": (lambda server, take, salt: say(server.proof(take, "0" * 64)), "of_another_time"),
    "an answer to another salt, named anew": (
        lambda server, take, salt: say(
            server.proof(take, "0" * 64).model_copy(update={"salt": salt}).signed(STUDIO_KEY)
        ),
        "bytes_not_there",
    ),
    "another take": (receipt_with(take_id="01m8nq5gm4p49tbsdcz58qttae"), "about_another_take"),
    "another record": (receipt_with(record_id="0" * 8 + "-0000" * 3 + "-" + "0" * 12), "about_another_take"),
    "no record": (receipt_with(record_id=None), "about_another_take"),
    "another studio": (receipt_with(studio_id="other-lab"), "about_another_take"),
    "level A": (receipt_with(level="A"), "about_another_take"),
    "sent, not accepted": (receipt_with(state="sent"), "about_another_take"),
    "other hashes": (told(other_hash), "of_other_files"),
    "fewer files": (
        told(lambda proof: {"receipt": proof.receipt.model_copy(update={"files": ()}).signed(STUDIO_KEY)}),
        "of_other_files",
    ),
    "cut off": (lambda server, take, salt: say(server.proof(take, salt), cut=-40), "not_json"),
    "doubled keys": (
        lambda server, take, salt: Say(
            200, JSON, b'{"salt":"", ' + json.dumps(server.proof(take, salt).to_json()).encode()[1:]
        ),
        "not_json",
    ),
    "only the receipt": (
        lambda server, take, salt: Say(200, JSON, json.dumps(server.proof(take, salt).receipt.to_json()).encode()),
        "not_json",
    ),
    "nothing": (lambda server, take, salt: Say(200, JSON, b""), "not_json"),
    "a list": (lambda server, take, salt: Say(200, JSON, b"[]"), "not_json"),
    "accepted, in one word": (lambda server, take, salt: Say(200, JSON, b'{"state":"accepted"}'), "not_json"),
}  # fmt: skip


@dataclass
class Asking:
    """Answers the call for a proof in place of the server, which is honest otherwise; `salts` is what it was asked."""

    server: FaultServer
    outbox: Outbox
    bundle: Bundle
    answer: Callable[[str], Say | None]
    salts: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Say | None:
        if not asked.path.endswith("/proof"):
            return None
        salt = self.outbox.noted(self.bundle.take_id, STUDIO)[2]
        assert salt is not None, "kept before it is asked with"
        self.salts.append(salt)
        return self.answer(salt)


@pytest.mark.parametrize("name", LIES)
def test_no_lie_makes_a_delivery(name: str, bundle: Bundle, outbox: Outbox, send: Send) -> None:
    lie, detail = LIES[name]
    kept: list[Arrival] = []
    with fault_server(level_b=True) as server:
        asking = Asking(server, outbox, bundle, lambda salt: lie(server, bundle.take_id, salt))
        server.fault = asking
        with pytest.raises(DeliveryError) as ended:
            send(server, on_receipt=kept.append)
        code = ErrorCode.RECEIVER_PROTOCOL if detail == "not_json" else ErrorCode.RECEIPT_UNPROVEN
        assert (ended.value.code, ended.value.facts["detail"]) == (code, detail)
        assert "Your take is safe" in sentence(ended.value) or "your take is safe" in sentence(ended.value)
        status = outbox.statuses()[0]
        assert (kept, status.state, status.sent_at) == ([], DeliveryState.REFUSED, None)
        if detail != "not_json":
            assert len(set(asking.salts)) == len(asking.salts), "each salt is asked with once"


def test_an_answer_that_never_comes_leaves_the_take_waiting_and_is_asked_for_again(
    bundle: Bundle, outbox: Outbox, send: Send, quick: Tuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    honest = durable.sha256_salted

    def counted(file: BinaryIO, salt: bytes, tick: Callable[[], object]) -> tuple[str, str]:
        read.append(Path(file.name).name)
        return honest(file, salt, tick)

    monkeypatch.setattr("perfstudio.delivery.bundle.sha256_salted", counted)
    brief = replace(quick, pace=replace(quick.pace, most_s=60.0), timeouts=replace(quick.timeouts, verify_s=0.2))
    evidence = Evidence()
    monkeypatch.setattr("perfstudio.delivery.sender.Evidence", lambda: evidence)  # one run of the program
    with fault_server(level_b=True) as server:
        asking = Asking(server, outbox, bundle, lambda salt: Say(202, JSON, b'{"state":"reading"}'))
        server.fault = asking
        with pytest.raises(DeliveryError) as ended:
            send(server, tuning=brief)
        assert ended.value.code is ErrorCode.RECEIVER_UNFINISHED
        assert outbox.statuses()[0].state is DeliveryState.WAITING
        assert outbox.statuses()[0].sent_at is None
        times = len(asking.salts)
        assert times > 2
        asking.answer = lambda salt: None
        assert send(server).state == "accepted"
        assert len(set(asking.salts)) == 1, "the same salt, so that nothing is read anew"
        assert sorted(read) == sorted(file.name for file in bundle.files), "ours are read once"


def test_the_truth_after_a_lie_is_believed(bundle: Bundle, outbox: Outbox, send: Send) -> None:
    kept: list[Arrival] = []
    with fault_server(level_b=True) as server:
        lie = LIES["echo of what was announced"][0]
        server.fault = Asking(server, outbox, bundle, lambda salt: lie(server, bundle.take_id, salt))
        with pytest.raises(DeliveryError):
            send(server)
        server.fault = lambda asked: None
        assert [send(server, on_receipt=kept.append)] == kept
    assert outbox.statuses()[0].state is DeliveryState.DELIVERED


@pytest.mark.parametrize("status", [404, 405, 410, 429, 500, 503, 507])
def test_who_cannot_prove_it_now_is_asked_again(status: int, bundle: Bundle, outbox: Outbox, send: Send) -> None:
    with fault_server(level_b=True) as server:
        server.fault = Asking(server, outbox, bundle, lambda salt: Say(status, body=b"not now"))
        with pytest.raises(DeliveryError):
            send(server, patience_s=0.05)
        assert outbox.statuses()[0].state is DeliveryState.WAITING
        server.fault = lambda asked: None
        assert send(server).state == "accepted"


def test_consent_taken_back_before_the_proof_is_no_delivery(bundle: Bundle, outbox: Outbox, send: Send) -> None:
    given = [True]

    def take_back(salt: str) -> Say:
        given[0] = False
        return Say(202, JSON, b'{"state":"reading"}')

    with fault_server(level_b=True) as server, pytest.MonkeyPatch.context() as patched:
        patched.setattr("perfstudio.delivery.transfer.GUARD_EVERY_S", 0.0)
        server.fault = Asking(server, outbox, bundle, take_back)
        with pytest.raises(ConsentError):
            send(server, may_send=lambda: given[0])
    assert outbox.statuses()[0].state is DeliveryState.CANCELLED
    assert outbox.statuses()[0].sent_at is None


def test_a_label_that_is_changed_while_the_receiver_reads_does_not_undo_the_delivery(
    bundle: Bundle, outbox: Outbox, send: Send
) -> None:
    paper = bundle.folder / "take.json"

    def change(salt: str) -> None:
        paper.write_bytes(read_take(paper.read_bytes()).model_copy(update={"note": "later"}).canonical())

    with fault_server(level_b=True) as server:
        server.fault = Asking(server, outbox, bundle, change)
        receipt = send(server)
    assert {(f.name, f.sha256) for f in receipt.files} == {(f.name, f.sha256) for f in bundle.files}


def test_a_receiver_of_ours_is_believed_over_a_restart_between(bundle: Bundle, outbox: Outbox, tmp_path: Path) -> None:
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(keep_free=1 << 20))
    stop = threading.Event()
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as first, pytest.MonkeyPatch.context() as patched:
        asked = ReceiverApi.prove

        def once(calls: ReceiverApi, take_id: str, salt: str) -> TakeProof | None:
            stop.set()
            return asked(calls, take_id, salt)

        patched.setattr(ReceiverApi, "prove", once)
        with pytest.raises(TransferStoppedError):
            deliver(bundle, first.studio(), TOKEN, outbox=outbox, may_send=lambda: True, stop=stop)
    assert outbox.statuses()[0].state is DeliveryState.QUEUED
    salt = outbox.noted(bundle.take_id, STUDIO)[2]
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as second:
        receipt = deliver(bundle, second.studio(), TOKEN, outbox=outbox, may_send=lambda: True)
        assert isinstance(receipt, Receipt)
        assert receipt.is_signed_by(second.key.public_key)
        assert receipt.canonical() == (tmp_path / "in" / bundle.take_id / "receipt.json").read_bytes()
    assert outbox.noted(bundle.take_id, STUDIO)[2] == salt
