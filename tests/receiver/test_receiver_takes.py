"""Level B: which consents, announcements and files are accepted, inspected, kept private or refused."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from receiver_visitor import Visitor
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle

from perfstudio.model.consent import ConsentStatus
from perfstudio.receiver.admission import Admission
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from rigs.systems import mode_of, private
from rigs.waiting import until


def test_it_is_accepted(visitor: Visitor, tmp_path: Path) -> None:
    assert visitor.consent().status_code == 201
    assert visitor.consent().status_code == 200
    assert visitor.announce().status_code == 201
    assert visitor.announce().json()["state"] == "awaiting_upload"
    visitor.deliver()
    report = visitor.settled()
    assert report["state"] == "accepted"
    assert {(f["file_id"], f["sha256"]) for f in report["files"]} == {
        (f.file_id, f.sha256) for f in visitor.bundle.announcement().files
    }
    folder = tmp_path / "in" / visitor.bundle.take_id
    assert sorted(f.name for f in folder.iterdir()) == [
        "audio.flac", "consent.json", "receipt.json", "take.json", "take.mp4"
    ]  # fmt: skip
    assert visitor.announce().json()["state"] == "accepted"  # idempotent
    assert (
        visitor.announce(files=[{**visitor.bundle.announcement().files[0].to_json(), "sha256": "0" * 64}]).status_code
        == 409
    )


def test_no_consent_no_announcement(visitor: Visitor) -> None:
    assert visitor.announce().status_code == 403
    assert visitor.create().status_code == 403


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"x" * (5 << 20)])
def test_what_is_no_consent(data: bytes, visitor: Visitor) -> None:
    answer = visitor.ask("PUT", f"/v1/consents/{visitor.bundle.consent.record_id}", data=data)
    assert answer.status_code in (413, 422)


def test_a_field_that_stands_twice_is_refused(visitor: Visitor) -> None:
    """What one reader takes for the first and another for the last is nobody's consent."""
    data = (visitor.bundle.folder / "consent.json").read_bytes()
    twice = b'{"record_id":"x",' + data[1:]
    answer = visitor.ask("PUT", f"/v1/consents/{visitor.bundle.consent.record_id}", data=twice)
    assert (answer.status_code, answer.text) == (422, "wrong or missing: record_id (duplicate key)")


def test_missing_fields_are_named(visitor: Visitor) -> None:
    plain = json.loads((visitor.bundle.folder / "consent.json").read_bytes())
    del plain["subject"], plain["public_key"]
    answer = visitor.ask("PUT", f"/v1/consents/{visitor.bundle.consent.record_id}", data=json.dumps(plain))
    assert (answer.status_code, answer.text) == (422, "wrong or missing: subject (missing), and 1 more")


def test_another_record_under_the_same_id(visitor: Visitor) -> None:
    visitor.consent()
    path = f"/v1/consents/{visitor.bundle.consent.record_id}"
    plain = json.loads((visitor.bundle.folder / "consent.json").read_bytes())
    more = {**plain, "events": [*plain["events"], consent_event(2, ConsentStatus.RENEWED, USES).to_json()]}
    assert visitor.ask("PUT", path, data=json.dumps(more)).status_code == 200  # acts were appended
    assert visitor.ask("PUT", path, data=json.dumps(plain)).status_code == 409  # acts were cut off
    other = {**more, "subject": {**plain["subject"], "signed_name": "Somebody Else"}}
    assert visitor.ask("PUT", path, data=json.dumps(other)).status_code == 409


def test_content_digest_is_checked(visitor: Visitor) -> None:
    data = (visitor.bundle.folder / "consent.json").read_bytes()
    headers = {"Content-Digest": "sha-256=:AAAA:"}
    path = f"/v1/consents/{visitor.bundle.consent.record_id}"
    assert visitor.ask("PUT", path, data=data, headers=headers).status_code == 400


@pytest.mark.parametrize("name", ["../x.mp4", "/etc/passwd", "take.mp4/../../x", "con.mp4", "TAKE.MP4", "receipt.json"])
def test_names_are_the_roles_own(name: str, visitor: Visitor) -> None:
    visitor.consent()
    file = visitor.bundle.announcement().files[0].to_json()
    assert visitor.announce(files=[{**file, "filename": name}]).status_code == 422
    assert visitor.announce(files=[{**file, "role": "receipt", "filename": "receipt.json"}]).status_code == 422
    assert visitor.announce(files=[file, {**file, "file_id": visitor.bundle.consent.record_id}]).status_code == 422


@pytest.mark.parametrize("take_id", ["x", "0" * 25, "..%2f..%2fetc", "%2e%2e", "O" * 26])
def test_take_ids_are_take_ids(take_id: str, visitor: Visitor) -> None:
    visitor.consent()
    data = json.dumps(visitor.bundle.announcement().to_json())
    assert visitor.ask("PUT", f"/v1/takes/{take_id}", data=data).status_code in (404, 422)


def test_t10_swapped_bytes_are_not_accepted(visitor: Visitor) -> None:
    visitor.deliver()
    visitor.settled()
    other = Visitor(visitor.receiver, make_bundle(visitor.bundle.folder.parent, seed=5))
    url = other.begin()
    other.patch(url, b"!" + other.data()[1:])
    until(lambda: other.report()["files"], look_s=0.02)
    report = other.report()
    assert report["state"] == "awaiting_upload"
    wrong = hashlib.sha256(b"!" + other.data()[1:]).hexdigest()
    assert [f["sha256"] for f in report["files"]] == [wrong]
    assert other.ask("HEAD", url).status_code == 404
    other.deliver()
    assert other.settled()["state"] == "accepted"


def test_everything_is_private(visitor: Visitor, tmp_path: Path) -> None:
    old = os.umask(0o000)
    try:
        visitor.deliver()
        visitor.settled()
        Visitor(visitor.receiver, make_bundle(tmp_path / "t2", seed=2)).begin()
    finally:
        os.umask(old)
    paths = [tmp_path / "in", *(tmp_path / "in").rglob("*")]
    assert len(paths) > 12
    modes = (
        {mode_of(p) for p in paths if p.is_dir()},
        {mode_of(p) for p in paths if p.is_file()},
    )
    assert modes == ({private(0o700)}, {private(0o600)})


def test_inspection_decides(tmp_path: Path) -> None:
    seen: list[list[str]] = []
    verdicts = [("the picture is black", "no voice"), ()]

    def inspect(folder: Path) -> tuple[str, ...]:
        assert folder.name == bundle.take_id
        seen.append(sorted(f.name for f in folder.iterdir()))
        return verdicts[len(seen) - 1]

    bundle = make_bundle(tmp_path / "takes")
    with Receiver(
        tmp_path / "in", token=TOKEN, admission=Admission(bundle=inspect), settings=ReceiverSettings(studio_id=STUDIO)
    ) as receiver:
        visitor = Visitor(receiver, bundle)
        visitor.deliver()
        report = visitor.settled()
        assert (report["state"], report["reason"]) == ("rejected", "the picture is black; no voice")
        assert not (tmp_path / "in" / bundle.take_id).exists()
        assert list((tmp_path / "in").rglob("take.mp4")) == []
        visitor.deliver()  # somebody asked for it again
        assert visitor.settled()["state"] == "accepted"
    assert seen == [["audio.flac", "consent.json", "take.json", "take.mp4"]] * 2


def test_an_inspection_that_fails_accepts_nothing(tmp_path: Path) -> None:
    def inspect(folder: Path) -> tuple[str, ...]:
        raise ZeroDivisionError

    with Receiver(tmp_path / "in", token=TOKEN, admission=Admission(bundle=inspect)) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.deliver()
        assert visitor.settled()["state"] == "rejected"
