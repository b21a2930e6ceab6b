"""Uploads byte by byte: pieces, offsets, sums, one writer at a time, and what was never announced."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from receiver_visitor import STREAM, Visitor
from take_bundles import STUDIO, TOKEN, plain_bundle

from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.receiver.tokens import Tokens
from rigs.waiting import stays, until


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
    with visitor.patching(url, data, 1000) as sock:
        until(lambda: visitor.patch(url, b"x", 0).status_code == 423, "somebody writes", 1.0)
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
    until(lambda: visitor.offset(url) == 123_456, look_s=0.02)
    assert visitor.patch(url, data[123_456:], 123_456).status_code == 204


def test_an_offset_is_told_when_what_was_on_its_way_has_come(visitor: Visitor) -> None:
    """A sender that was cut off asks at once; what still lies in its computer is not sent again."""
    url, data, told = visitor.begin(), visitor.data(), []
    asks = threading.Thread(target=lambda: told.append(visitor.offset(url)))
    with visitor.patching(url, data, 1000) as sock:
        until(lambda: visitor.patch(url, b"x", 0).status_code == 423, "somebody writes")
        asks.start()
        stays(lambda: not told, 0.1, "it waits")
        sock.sendall(data[1000:5000])
    asks.join()
    assert told == [5000]


def test_a_connection_that_is_half_dead_holds_nothing_up_once_its_sender_is_here_again(tmp_path: Path) -> None:
    """The line broke and nobody told the receiver, which would wait for the old connection for a long time."""
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(idle_s=3600.0, keep_free=1 << 20))
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, plain_bundle(tmp_path / "takes"))
        url, data = visitor.begin(), visitor.data()
        other = Visitor(receiver, visitor.bundle, Tokens(ReceiverLayout(tmp_path / "in")).add("somebody else"))
        with visitor.patching(url, data, 1000):
            until(lambda: other.patch(url, b"x", 0).status_code == 423, "somebody writes")
            stays(lambda: other.patch(url, b"x", 0).status_code == 423, 1.2, "nobody ends what another one sends")
            assert visitor.offset(url) == 1000
            assert visitor.patch(url, data[1000:], 1000).status_code == 204


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
