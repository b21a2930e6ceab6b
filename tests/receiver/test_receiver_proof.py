"""Receipts are signed, and who brought a take is shown that its bytes are here: a salt that only they can answer."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import STUDIO, TOKEN, make_bundle

from perfstudio.model.delivery import Receipt
from perfstudio.model.proof import TakeProof
from perfstudio.model.reading import read_document
from perfstudio.receiver import prover
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from rigs.waiting import until

SALT, OTHER = "5a" * 32, "a5" * 32


def ask(visitor: Visitor, salt: str = SALT) -> requests.Response:
    return visitor.ask("POST", f"/v1/takes/{visitor.bundle.take_id}/proof", data=json.dumps({"salt": salt}))


def answered(visitor: Visitor, salt: str = SALT) -> requests.Response:
    return until(lambda: [said] if (said := ask(visitor, salt)).status_code != 202 else [], look_s=0.01)[0]


def read(answer: requests.Response) -> TakeProof:
    assert answer.status_code == 200, answer.text
    return read_document(answer.content, TakeProof, limit=1 << 20)


def come(visitor: Visitor, tmp_path: Path) -> Path:
    visitor.deliver()
    assert visitor.settled()["state"] == "accepted"
    return tmp_path / "in" / visitor.bundle.take_id


def test_a_proof_is_over_receipt_salt_and_bytes_also_after_a_restart(visitor: Visitor, tmp_path: Path) -> None:
    folder, key = come(visitor, tmp_path), visitor.receiver.key.public_key
    proof = read(answered(visitor))
    assert proof.is_signed_by(key)
    assert proof.receipt.is_signed_by(key)
    assert proof.receipt.canonical() == (folder / "receipt.json").read_bytes(), "the receiver's own signed bytes"
    bundle = visitor.bundle
    assert (proof.receipt.take_id, proof.receipt.studio_id) == (bundle.take_id, STUDIO)
    assert proof.receipt.record_id == bundle.consent.record_id
    salted = {f.name: hashlib.sha256(bytes.fromhex(SALT) + (bundle.folder / f.name).read_bytes()) for f in bundle.files}
    assert {f.name: f.sha256 for f in proof.files} == {name: digest.hexdigest() for name, digest in salted.items()}

    assert ask(visitor).content == answered(visitor).content, "the same salt is answered from what is kept"
    other = read(answered(visitor, OTHER))
    assert {f.sha256 for f in other.files}.isdisjoint(f.sha256 for f in proof.files)
    visitor.receiver.stop()
    with Receiver(folder.parent, token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as again:
        visitor.receiver = again
        assert read(ask(visitor, OTHER)) == other, "and over a restart"


def test_there_is_no_proof_of_what_is_not_here(visitor: Visitor, tmp_path: Path) -> None:
    assert ask(visitor).status_code == 404
    visitor.begin()
    assert ask(visitor).status_code == 409
    folder = come(visitor, tmp_path)
    assert ask(visitor, "short").status_code == 422
    picture = folder / "take.mp4"
    picture.write_bytes(picture.read_bytes()[:-1] + b"?")
    refused = answered(visitor)
    assert (refused.status_code, refused.text) == (409, "take.mp4 no longer lies there as it came")
    picture.unlink()
    assert answered(visitor).status_code == 409


def test_a_receipt_from_before_the_key_is_signed_once_its_bytes_were_read(visitor: Visitor, tmp_path: Path) -> None:
    folder, key = come(visitor, tmp_path), visitor.receiver.key.public_key
    paper = folder / "receipt.json"
    signed = read_document(paper.read_bytes(), Receipt, limit=1 << 20)
    plain = {k: v for k, v in signed.to_json().items() if k not in ("signature", "public_key", "record_id")}
    paper.write_text(json.dumps(plain))
    assert read(answered(visitor)).receipt == signed
    assert read_document(paper.read_bytes(), Receipt, limit=1 << 20).is_signed_by(key)


class Held:
    """Reading again stands still until it is let go; how often it began is counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.began: list[str] = []
        honest = prover.sha256_salted

        def held(file: BinaryIO, salt: bytes, tick: Any) -> tuple[str, str]:
            self.began.append(salt.hex())
            assert self.go.wait(30)
            return honest(file, salt, tick)

        monkeypatch.setattr(prover, "sha256_salted", held)


def test_a_sender_does_not_make_it_read_without_end(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    come(visitor, tmp_path)
    second = replace(visitor, bundle=make_bundle(visitor.bundle.folder.parent / "more"))
    come(second, tmp_path)
    held = Held(monkeypatch)
    assert ask(visitor).status_code == 202
    until(lambda: held.began)
    assert [ask(visitor, OTHER).status_code, ask(second).status_code, ask(visitor).status_code] == [202, 202, 202]
    assert set(held.began) == {SALT}, "one take of one performer at a time"
    held.go.set()
    assert answered(visitor).status_code == 200
    for number in range(prover.MOST_SALTS - 1):
        assert answered(visitor, f"{number:064x}").status_code == 200
    assert ask(visitor, OTHER).status_code == 429
    assert ask(visitor, f"{prover.MOST_SALTS - 2:064x}").status_code == 200, "what is kept costs nothing"
    assert answered(second).status_code == 200


def test_the_end_of_the_receiver_does_not_wait_for_a_reading(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = come(visitor, tmp_path)
    began = threading.Event()

    def endless(file: BinaryIO, salt: bytes, tick: Any) -> tuple[str, str]:
        began.set()
        return until(tick)

    with monkeypatch.context() as patched:
        patched.setattr(prover, "sha256_salted", endless)
        assert ask(visitor).status_code == 202
        assert began.wait(10)
        assert visitor.receiver.stop()
    with Receiver(folder.parent, token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as again:
        visitor.receiver = again
        assert read(answered(visitor)).is_signed_by(again.key.public_key)
