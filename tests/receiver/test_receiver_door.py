"""The receiver from outside, byte by byte: who may in, what is kept, what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle

from perfstudio.delivery.bundle import Bundle
from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode, LibraryError
from perfstudio.model.take import FileRole
from perfstudio.receiver.serve import Receiver, Settings
from perfstudio.receiver.takes import AfterWithdrawal, Limits

TUS = {"Tus-Resumable": "1.0.0"}
STREAM = {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Visitor:
    """Speaks plain HTTP to a receiver."""

    receiver: Receiver
    bundle: Bundle
    token: str | None = TOKEN

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {**TUS, **options.pop("headers", {})}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        url = path if path.startswith("http") else self.receiver.url + path
        return requests.request(method, url, headers=headers, timeout=20, allow_redirects=False, **options)

    def consent(self) -> requests.Response:
        data = (self.bundle.folder / "consent.json").read_bytes()
        return self.ask("PUT", f"/v1/consents/{self.bundle.consent.record_id}", data=data)

    def announce(self, **changes: Any) -> requests.Response:
        plain = {**self.bundle.announcement().to_json(), **changes}
        return self.ask("PUT", f"/v1/takes/{self.bundle.take_id}", data=json.dumps(plain))

    def create(self, role: FileRole = FileRole.PICTURE, size: int | None = None, **meta: str) -> requests.Response:
        file = self.bundle.file(role)
        pairs = {**self.bundle.metadata(file), **meta}
        text = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
        headers = {"Upload-Length": str(file.size if size is None else size), "Upload-Metadata": text}
        return self.ask("POST", "/files", headers=headers)

    def begin(self, role: FileRole = FileRole.PICTURE) -> str:
        assert self.consent().status_code in (200, 201)
        assert self.announce().status_code in (200, 201)
        answer = self.create(role)
        assert answer.status_code == 201
        return answer.headers["Location"]

    def patch(self, url: str, data: bytes, offset: int = 0, **headers: str) -> requests.Response:
        return self.ask("PATCH", url, data=data, headers={**STREAM, "Upload-Offset": str(offset), **headers})

    def offset(self, url: str) -> int:
        return int(self.ask("HEAD", url).headers["Upload-Offset"])

    def data(self, role: FileRole = FileRole.PICTURE) -> bytes:
        return (self.bundle.folder / self.bundle.file(role).name).read_bytes()

    def report(self) -> dict[str, Any]:
        return dict(self.ask("GET", f"/v1/takes/{self.bundle.take_id}").json())

    def deliver(self) -> None:
        for role in (FileRole.PICTURE, FileRole.SOUND, FileRole.MANIFEST):
            assert self.patch(self.begin(role), self.data(role)).status_code == 204

    def settled(self) -> dict[str, Any]:
        for _ in range(400):
            report = self.report()
            if report["state"] not in ("verifying", "uploading"):
                return report
            time.sleep(0.02)
        raise AssertionError(report)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    settings = Settings(studio_id=STUDIO, limits=Limits(idle_s=1.0, keep_free=1 << 20))
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as running:
        yield running


@pytest.fixture
def visitor(receiver: Receiver, tmp_path: Path) -> Visitor:
    return Visitor(receiver, make_bundle(tmp_path / "takes"))


# the door


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", f"Bearer x{TOKEN}",
     f"Bearer {TOKEN[:-1]}"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/server"), ("PUT", "/v1/takes/x"), ("POST", "/files"), ("OPTIONS", "/files"), ("HEAD", "/files/x"),
     ("PATCH", "/files/x"), ("DELETE", "/files/x"), ("GET", "/"), ("GET", "/files/x"), ("GET", "/nowhere")],
)  # fmt: skip
def test_t11_nothing_without_the_token(method: str, path: str, authorization: str | None, receiver: Receiver) -> None:
    headers = {**TUS, **({} if authorization is None else {"Authorization": authorization})}
    answer = requests.request(method, receiver.url + path, headers=headers, data=b"x", timeout=10)
    assert answer.status_code == 401


def test_t11_two_tokens_are_no_token(receiver: Receiver) -> None:
    head = f"GET /v1/server HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", receiver.port)) as sock:
        sock.sendall(head.encode())
        assert b" 401 " in sock.recv(200)


def test_token_is_checked_before_the_body_is_read(visitor: Visitor, receiver: Receiver) -> None:
    url = visitor.begin()
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nTus-Resumable: 1.0.0\r\n"
        "Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: 300000\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as sock:
        sock.sendall(head.encode())
        answer = b""
        while piece := sock.recv(1000):  # it ends: the connection is closed without waiting for the body
            answer += piece
    assert b" 401 " in answer
    assert b"100 Continue" not in answer
    assert visitor.offset(url) == 0


def test_loopback_by_default(receiver: Receiver) -> None:
    connections = [c for c in _listening() if c[1] == receiver.port]
    assert connections == [("127.0.0.1", receiver.port)]


def _listening() -> list[tuple[str, int]]:
    import psutil

    return [(c.laddr.ip, c.laddr.port) for c in psutil.Process().net_connections() if c.status == "LISTEN"]


def test_nothing_can_be_read_back(visitor: Visitor) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data())
    for path in (
        url,
        f"/{visitor.bundle.take_id}/take.mp4",
        "/files",
        f"/v1/consents/{visitor.bundle.consent.record_id}",
    ):
        answer = visitor.ask("GET", path)
        assert answer.status_code in (404, 405)
        assert visitor.data()[:64] not in answer.content


def test_addresses_cannot_be_guessed(visitor: Visitor) -> None:
    ids = {visitor.begin().rsplit("/", 1)[-1] for _ in range(20)}
    assert len(ids) == 20
    assert min(len(i) for i in ids) >= 32
    assert not any(visitor.bundle.take_id in i for i in ids)


def test_studio_json_is_public_and_right(receiver: Receiver) -> None:
    studio = Studio.model_validate(requests.get(receiver.url + "/studio.json", timeout=10).json())
    assert (studio.id, studio.tus, studio.base) == (STUDIO, receiver.url + "/files", receiver.url)


# tus


def test_options(visitor: Visitor) -> None:
    headers = visitor.ask("OPTIONS", "/files").headers
    assert (headers["Tus-Version"], headers["Tus-Extension"]) == ("1.0.0", "creation,checksum,termination")


def test_pieces_add_up(visitor: Visitor) -> None:
    url, data = visitor.begin(), visitor.data()
    for at in range(0, len(data), 77_777):
        piece = data[at : at + 77_777]
        answer = visitor.patch(url, piece, at)
        assert (answer.status_code, int(answer.headers["Upload-Offset"])) == (204, at + len(piece))
    assert visitor.offset(url) == len(data)


@pytest.mark.parametrize("offset", [1, 5, 300_000, 999_999_999])
def test_wrong_offset(offset: int, visitor: Visitor) -> None:
    url = visitor.begin()
    assert visitor.patch(url, b"x", offset).status_code == 409
    assert visitor.offset(url) == 0


def test_checksum(visitor: Visitor) -> None:
    url, data = visitor.begin(), visitor.data()
    for algorithm, size in (("sha256", 1000), ("sha1", 5000)):
        at = visitor.offset(url)
        piece = data[at : at + size]
        wrong = base64.b64encode(hashlib.new(algorithm, b"other").digest()).decode()
        assert visitor.patch(url, piece, at, **{"Upload-Checksum": f"{algorithm} {wrong}"}).status_code == 460
        assert visitor.offset(url) == at
        right = base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()
        assert visitor.patch(url, piece, at, **{"Upload-Checksum": f"{algorithm} {right}"}).status_code == 204
    for strange in ("md5 AAAA", "sha256 !!", "sha256"):
        assert visitor.patch(url, b"x", 6000, **{"Upload-Checksum": strange}).status_code in (400, 460)
    assert visitor.offset(url) == 6000


def test_more_than_announced(visitor: Visitor) -> None:
    url, data = visitor.begin(), visitor.data()
    assert visitor.patch(url, data + b"!").status_code == 413
    assert visitor.offset(url) == 0

    def endless() -> Iterator[bytes]:
        yield data[:1000]
        yield data

    assert visitor.ask("PATCH", url, data=endless(), headers={**STREAM, "Upload-Offset": "0"}).status_code == 413
    assert visitor.offset(url) <= len(data)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Content-Type": "text/plain"}, 415),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "ten"}, 400),
        ({"Upload-Offset": "9" * 30}, 400),
    ],
)
def test_strange_patches(headers: dict[str, str], status: int, visitor: Visitor) -> None:
    url = visitor.begin()
    assert visitor.patch(url, b"x", **headers).status_code == status
    assert visitor.offset(url) == 0


def test_unknown_upload(visitor: Visitor) -> None:
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = {**STREAM, "Upload-Offset": "0"}
        assert visitor.ask(method, "/files/never", headers=headers, data=b"").status_code == 404


def test_one_writer_at_a_time_and_silence_ends(visitor: Visitor, receiver: Receiver) -> None:
    url, data = visitor.begin(), visitor.data()
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nTus-Resumable: 1.0.0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as sock:
        sock.sendall(head.encode() + data[:1000])
        for _ in range(100):
            if visitor.patch(url, b"x", 0).status_code == 423:
                break
            time.sleep(0.01)
        else:
            pytest.fail("two writers")
        assert b" 408 " in sock.recv(1000)  # silent for longer than idle_s
    assert visitor.offset(url) == 1000  # what came is kept
    assert visitor.patch(url, data[1000:], 1000).status_code == 204


def test_cut_in_the_middle_is_kept(visitor: Visitor, receiver: Receiver) -> None:
    url, data = visitor.begin(), visitor.data()
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nTus-Resumable: 1.0.0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", receiver.port)) as sock:
        sock.sendall(head.encode() + data[:123_456])
    for _ in range(300):
        if visitor.offset(url) == 123_456:
            break
        time.sleep(0.02)
    assert visitor.patch(url, data[123_456:], 123_456).status_code == 204


def test_delete_forgets_the_bytes(visitor: Visitor, receiver: Receiver, tmp_path: Path) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data()[:1000])
    assert visitor.ask("DELETE", url).status_code == 204
    assert visitor.ask("HEAD", url).status_code == 404
    assert list((tmp_path / "in").rglob("*.part")) == []


def test_same_file_again_replaces_the_first_upload(visitor: Visitor) -> None:
    first = visitor.begin()
    visitor.patch(first, visitor.data()[:1000])
    second = visitor.begin()
    assert visitor.ask("HEAD", first).status_code == 404
    assert visitor.offset(second) == 0


@pytest.mark.parametrize(
    ("meta", "status"),
    [({"file_id": "x"}, 403), ({"take_id": "../../etc"}, 403), ({"take_id": "0" * 26}, 403), ({"file_id": ""}, 422)],
)
def test_only_announced_files(meta: dict[str, str], status: int, visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.create(**meta).status_code == status


def test_announced_size_counts(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.create(size=5).status_code == 409
    assert visitor.create(size=1 << 50).status_code == 413


# level B


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


def test_missing_fields_are_named(visitor: Visitor) -> None:
    plain = json.loads((visitor.bundle.folder / "consent.json").read_bytes())
    del plain["subject"], plain["public_key"]
    answer = visitor.ask("PUT", f"/v1/consents/{visitor.bundle.consent.record_id}", data=json.dumps(plain))
    assert (answer.status_code, answer.text) == (422, "wrong or missing: subject, public_key")


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
    for _ in range(300):
        if other.report()["files"]:
            break
        time.sleep(0.02)
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
        {stat.S_IMODE(p.stat().st_mode) for p in paths if p.is_dir()},
        {stat.S_IMODE(p.stat().st_mode) for p in paths if p.is_file()},
    )
    assert modes == ({0o700}, {0o600})


# inspection


def test_inspection_decides(tmp_path: Path) -> None:
    seen: list[list[str]] = []
    verdicts = [("the picture is black", "no voice"), ()]

    def inspect(folder: Path) -> tuple[str, ...]:
        assert folder.name == bundle.take_id
        seen.append(sorted(f.name for f in folder.iterdir()))
        return verdicts[len(seen) - 1]

    bundle = make_bundle(tmp_path / "takes")
    with Receiver(tmp_path / "in", token=TOKEN, inspect=inspect, settings=Settings(studio_id=STUDIO)) as receiver:
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

    with Receiver(tmp_path / "in", token=TOKEN, inspect=inspect) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.deliver()
        assert visitor.settled()["state"] == "rejected"


# withdrawal


def withdraw(visitor: Visitor, *uses: Any) -> requests.Response:
    event = consent_event(2, ConsentStatus.WITHDRAWN, tuple(uses or USES))
    path = f"/v1/consents/{visitor.bundle.consent.record_id}/withdrawals"
    return visitor.ask("POST", path, data=canonical_bytes(event.to_json()))


def test_withdrawn_while_it_comes(visitor: Visitor, tmp_path: Path) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data()[:1000])
    assert withdraw(visitor).status_code == 200
    assert visitor.ask("HEAD", url).status_code == 404
    assert visitor.announce().status_code == 403
    assert visitor.create().status_code == 403
    assert list((tmp_path / "in").rglob("*.part")) == []


def test_withdrawn_in_the_middle_of_a_patch(visitor: Visitor, receiver: Receiver, tmp_path: Path) -> None:
    url, data = visitor.begin(), visitor.data()
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nTus-Resumable: 1.0.0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as sock:
        sock.sendall(head.encode() + data[:1000])
        time.sleep(0.2)
        assert withdraw(visitor).status_code == 200
        sock.sendall(data[1000:])
        assert b" 410 " in sock.recv(1000)
    assert list((tmp_path / "in").rglob("*.part")) == []
    assert not (tmp_path / "in" / visitor.bundle.take_id).exists()


@pytest.mark.parametrize("after", AfterWithdrawal)
def test_withdrawn_after_it_was_accepted(after: AfterWithdrawal, tmp_path: Path) -> None:
    settings = Settings(studio_id=STUDIO, after_withdrawal=after)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.deliver()
        visitor.settled()
        bundle = tmp_path / "in" / visitor.bundle.take_id
        assert withdraw(visitor, USES[1]).status_code == 200  # one use of two: marked, and it stays
        assert json.loads((bundle / "withdrawal.json").read_text())[0]["use_ids"] == [USES[1]]
        assert withdraw(visitor, USES[0]).status_code == 200
        assert not bundle.exists()
        assert withdraw(visitor, USES[0]).status_code == 200
        left = list((tmp_path / "in").rglob("take.mp4"))
        assert len(left) == (1 if after is AfterWithdrawal.SET_ASIDE else 0)
        assert visitor.announce().status_code == 403


def test_withdrawing_what_never_came(visitor: Visitor) -> None:
    assert withdraw(visitor).status_code == 404
    visitor.consent()
    path = f"/v1/consents/{visitor.bundle.consent.record_id}/withdrawals"
    given = canonical_bytes(consent_event(2, ConsentStatus.GIVEN, USES).to_json())
    assert visitor.ask("POST", path, data=given).status_code == 422


# disk, port, folder


def test_upl_23_no_room_is_said(tmp_path: Path) -> None:
    limits = Limits(keep_free=shutil.disk_usage(tmp_path).free + (1 << 40))
    with Receiver(tmp_path / "in", token=TOKEN, settings=Settings(limits=limits)) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.consent()
        assert visitor.announce().status_code == 507


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def test_upl_23_disk_full_in_the_middle(tiny_disk: Path, tmp_path: Path) -> None:
    settings = Settings(studio_id=STUDIO, limits=Limits(keep_free=-(1 << 30)))
    with Receiver(tiny_disk / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes", picture=500_000, sound=1000))
        url = visitor.begin()
        answer = visitor.patch(url, visitor.data())
        assert (answer.status_code, answer.text) == (507, "the receiver's disk is full")
        kept = visitor.offset(url)
        assert 0 < kept < 256 << 10
        subprocess.run(["mount", "-o", "remount,size=4m", str(tiny_disk)], check=True)
        assert visitor.patch(url, visitor.data()[kept:], kept).status_code == 204
        for role in (FileRole.SOUND, FileRole.MANIFEST):
            visitor.patch(visitor.begin(role), visitor.data(role))
        assert visitor.settled()["state"] == "accepted"


def test_port_taken(receiver: Receiver, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as refused:
        Receiver(tmp_path / "other", port=receiver.port, token=TOKEN)
    assert (refused.value.code, refused.value.facts["port"]) == (ErrorCode.PORT_TAKEN, receiver.port)
    Receiver(tmp_path / "other", token=TOKEN).stop()


def test_folder_in_use(receiver: Receiver, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as refused:
        Receiver(tmp_path / "in", token=TOKEN)
    assert refused.value.code is ErrorCode.FOLDER_IN_USE
    receiver.stop()
    Receiver(tmp_path / "in", token=TOKEN).stop()


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError) as refused:
        Receiver(tmp_path / "file", token=TOKEN)
    assert refused.value.code is ErrorCode.FOLDER_NOT_WRITABLE


def test_stop_ends_a_request_in_flight(visitor: Visitor, receiver: Receiver, tmp_path: Path) -> None:
    url, data = visitor.begin(), visitor.data()
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nTus-Resumable: 1.0.0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as sock:
        sock.sendall(head.encode() + data[:5000])
        time.sleep(0.2)
        assert receiver.stop(15.0)
    with Receiver(tmp_path / "in", token=TOKEN, settings=Settings(studio_id=STUDIO)) as again:
        later = Visitor(again, visitor.bundle)
        assert later.offset(url) == 5000
        assert later.patch(url, data[5000:], 5000).status_code == 204


def test_upl_23_what_was_abandoned_goes(tmp_path: Path) -> None:
    bundles = [make_bundle(tmp_path / "takes", seed=n) for n in range(3)]
    with Receiver(tmp_path / "in", token=TOKEN, settings=Settings(studio_id=STUDIO)) as receiver:
        old, young, done = (Visitor(receiver, bundle) for bundle in bundles)
        for visitor in (old, young):
            visitor.patch(visitor.begin(), visitor.data()[:1000])
        done.deliver()
        done.settled()
    coming = tmp_path / "in" / ".receiver" / "takes"
    for take in (old, done):
        for place in (coming / take.bundle.take_id, *(coming / take.bundle.take_id).rglob("*")):
            os.utime(place, (0, 0))
    with Receiver(tmp_path / "in", token=TOKEN, settings=Settings(studio_id=STUDIO)) as receiver:
        assert [part.parent.name for part in coming.rglob("*.part")] == [young.bundle.take_id]
        assert Visitor(receiver, old.bundle).ask("GET", f"/v1/takes/{old.bundle.take_id}").status_code == 404
        assert Visitor(receiver, done.bundle).report()["state"] == "accepted"
