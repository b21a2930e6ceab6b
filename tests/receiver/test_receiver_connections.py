"""Who opens connections and says nothing, drips, or guesses: shuts nobody out and holds nothing for ever."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from receiver_visitor import TUS, Visitor
from take_bundles import STUDIO, TOKEN, make_bundle

from perfstudio.receiver import auth, connections, wrong_tokens
from perfstudio.receiver.body import PATIENCE_S, SLOWEST, too_slow
from perfstudio.receiver.connections import HEAD_S, HEARD_S, MOST
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.wrong_tokens import FREE, LONGEST_S, MOST_ADDRESSES, WrongTokens
from rigs.certificates import self_signed
from rigs.waiting import until

HALF_A_HEAD = b"GET /v1/server HTTP/1.1\r\nHost: x\r\nAuthorization: Bear"


@contextlib.contextmanager
def silent(receiver: Receiver, number: int, said: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that say no more than this."""
    with contextlib.ExitStack() as opened:
        lines = []
        for _ in range(number):
            line = opened.enter_context(socket.create_connection(("127.0.0.1", receiver.port), timeout=60))
            line.sendall(said)
            lines.append(line)
        yield lines


def ended(line: socket.socket) -> bool:
    """Whether the other end has closed it."""
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@pytest.mark.parametrize("said", [b"", HALF_A_HEAD], ids=["nothing", "half a head"])
def test_silent_connections_shut_nobody_out(visitor: Visitor, receiver: Receiver, said: bytes) -> None:
    with silent(receiver, MOST + 10, said) as lines:
        assert visitor.ask("GET", "/v1/server").status_code == 200
        until(lambda: sum(map(ended, lines)) >= 10, "those who waited longest to be let go")


class Line:
    """A connection, its loop, its transport and its timer, for the bookkeeping alone."""

    def __init__(self, address: str, name: str, clock: list[float]) -> None:
        self.address, self.name, self.loop, self.transport = address, name, self, self
        self._clock = clock
        self.ends_at: float | None = None

    def time(self) -> float:
        return self._clock[0]

    def call_at(self, moment: float, *_: object) -> Line:
        self.ends_at = moment
        return self

    def cancel(self) -> None:
        self.ends_at = None


def test_the_longest_of_the_address_that_holds_most_is_given_up() -> None:
    clock = [100.0]
    waiting = connections.Waiting(most=4)
    came = {}
    for address, name in (("b", "honest"), ("a", "first"), ("a", "second"), ("a", "third"), ("c", "late")):
        came[name] = Line(address, name, clock)
        waiting.add(came[name], answered=False)  # type: ignore[arg-type]
        clock[0] += 0.25
    ends = {name: line.ends_at for name, line in came.items()}
    assert ends.pop("first") == 100.25 + HEARD_S, "what it sent may not have been read yet"
    assert min(ends.values()) == 100.0 + HEAD_S
    waiting.remove(came["first"])  # type: ignore[arg-type]  # it was heard in time
    assert came["first"].ends_at is None
    assert len(waiting) == 4


def test_a_head_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    with Receiver(tmp_path / "in", token=TOKEN) as receiver, silent(receiver, 3, HALF_A_HEAD) as lines:
        until(lambda: all(map(ended, lines)), "all to be let go")


def test_a_request_that_takes_its_time_is_not_waiting(tmp_path: Path) -> None:
    """A body under way is no silent connection, however many of those there are."""
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        url, data = visitor.begin(), visitor.data()
        with visitor.patching(url, data, sent=1000) as line, silent(receiver, MOST + 10, b"") as lines:
            until(lambda: sum(map(ended, lines)) >= 10, "those who waited longest to be let go")
            line.sendall(data[1000:])
            assert b" 204 " in line.recv(200)


def test_more_at_once_than_are_worked_on_are_told_to_come_back(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = visitor.begin()
    monkeypatch.setattr(auth, "MOST_AT_ONCE", 1)
    with visitor.patching(url, visitor.data(), sent=1000) as line:
        until(lambda: visitor.ask("GET", "/v1/server").status_code == 503)
        assert int(visitor.ask("GET", "/v1/server").headers["Retry-After"]) > 0
        line.sendall(visitor.data()[1000:])
        assert b" 204 " in line.recv(200)
    assert visitor.ask("GET", "/v1/server").status_code == 200


def test_a_drip_is_no_delivery() -> None:
    assert not too_slow(0, PATIENCE_S)
    assert too_slow(int(SLOWEST * 100) - 1, 100.0)
    assert not too_slow(int(SLOWEST * 100), 100.0)


def test_wrong_tokens_are_answered_later_and_later(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_tokens, "LONGEST_S", 0.05)
    headers = {**TUS, "Authorization": "Bearer wrong"}
    answers = [requests.get(receiver.url + "/v1/server", headers=headers, timeout=60) for _ in range(FREE + 3)]
    assert {answer.status_code for answer in answers} == {401}
    right = {**TUS, "Authorization": f"Bearer {TOKEN}"}
    assert requests.get(receiver.url + "/v1/server", headers=right, timeout=60).status_code == 200


def test_how_late_a_wrong_token_is_answered() -> None:
    wrong = WrongTokens()
    assert [wrong.wait_s("a", 0.0) for _ in range(FREE)] == [0.0] * FREE
    waits = []
    while (wait := wrong.wait_s("a", 0.0)) is not None:
        waits.append(wait)
    assert waits == sorted(set(waits))
    assert LONGEST_S < waits[-1] < 3 * LONGEST_S, "what is owed is bounded"
    assert wrong.wait_s("b", 0.0) == 0.0, "nobody else waits for it"
    later = 0.0
    for _ in range(100):
        later += wrong.wait_s("a", later) or LONGEST_S
    assert later > 80 * LONGEST_S, "a hundred guesses take a quarter of an hour"


def test_addresses_are_forgotten_when_there_are_too_many() -> None:
    wrong = WrongTokens()
    for number in range(MOST_ADDRESSES + 100):
        wrong.wait_s(str(number), 0.0)
    assert len(wrong) == MOST_ADDRESSES


@pytest.fixture
def protected(tmp_path: Path) -> Iterator[tuple[Receiver, Path]]:
    """A receiver that serves https, and the certificate to trust."""
    pem, key = self_signed(tmp_path)
    settings = ReceiverSettings(studio_id=STUDIO, tls=(pem, key))
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        yield receiver, pem


def asked(receiver: Receiver, pem: Path) -> int:
    url = f"https://127.0.0.1:{receiver.port}/v1/server"
    return requests.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60, verify=str(pem)).status_code


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n"])
def test_handshakes_that_never_speak_shut_nobody_out(said: bytes, protected: tuple[Receiver, Path]) -> None:
    receiver, pem = protected
    with silent(receiver, MOST + 10, said) as lines:
        assert asked(receiver, pem) == 200
        until(lambda: sum(map(ended, lines)) >= 10, "those who waited longest to be let go")


def test_a_handshake_has_a_time(protected: tuple[Receiver, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    receiver, pem = protected
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    with silent(receiver, 3, b"") as lines:
        until(lambda: all(map(ended, lines)), "all to be let go")
    monkeypatch.undo()
    assert asked(receiver, pem) == 200


def test_a_protected_connection_that_then_stays_silent_is_let_go(
    protected: tuple[Receiver, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver, pem = protected
    context = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    plain = socket.create_connection(("127.0.0.1", receiver.port), timeout=60)
    with (
        context.wrap_socket(plain, server_hostname="127.0.0.1") as line,
        contextlib.suppress(ConnectionError, ssl.SSLEOFError),
    ):
        assert line.recv(1) == b""
