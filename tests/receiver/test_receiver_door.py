"""The receiver's door: nothing without the token, and nothing that can be read back or guessed."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import requests
from receiver_visitor import TUS, Visitor
from take_bundles import STUDIO, TOKEN

from perfstudio.model.delivery import Studio
from perfstudio.receiver import wrong_tokens
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from rigs.systems import no_wine


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A receiver that everybody is turned away from."""
    settings = ReceiverSettings(studio_id=STUDIO)
    with Receiver(tmp_path_factory.mktemp("in"), token=TOKEN, settings=settings) as running:
        yield running


WRONG = (
    None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", f"Bearer x{TOKEN}",
    f"Bearer {TOKEN[:-1]}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/server"), ("PUT", "/v1/takes/x"), ("POST", "/files"), ("OPTIONS", "/files"), ("HEAD", "/files/x"),
     ("PATCH", "/files/x"), ("DELETE", "/files/x"), ("GET", "/"), ("GET", "/files/x"), ("GET", "/nowhere")],
)  # fmt: skip
def test_t11_nothing_without_the_token(method: str, path: str, shut: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_tokens, "FREE", 1000)  # each is answered at once: how late is asked elsewhere
    with requests.Session() as session:
        for authorization in WRONG:
            headers = {**TUS, **({} if authorization is None else {"Authorization": authorization})}
            answer = session.request(method, shut.url + path, headers=headers, data=b"x", timeout=60)
            assert answer.status_code == 401, authorization


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
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=60) as sock:
        sock.sendall(head.encode())
        answer = b""
        while piece := sock.recv(1000):  # it ends: the connection is closed without waiting for the body
            answer += piece
    assert b" 401 " in answer
    assert b"100 Continue" not in answer
    assert visitor.offset(url) == 0


@no_wine("it lists no connections")
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
    studio = Studio.model_validate(requests.get(receiver.url + "/studio.json", timeout=60).json())
    assert (studio.id, studio.tus, studio.base) == (STUDIO, receiver.url + "/files", receiver.url)
