"""The tus client alone against a server that misbehaves: one request, one outcome, never "complete" by mistake."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_server import Asked, Fault, FaultServer, Say, Silence, always, fault_server, tus

from perfstudio.delivery import failure
from perfstudio.delivery.failure import TransferError
from perfstudio.delivery.http import HttpClient, Reply, Timeouts, http_date, retry_after, words_of
from perfstudio.delivery.tus import Abilities, TusClient, encode_metadata
from perfstudio.model.errors import DeliveryError, ErrorCode

TOKEN = "canary-7f3a9c"
DATA = bytes(range(256)) * 40
SHORT = Timeouts(connect_s=1.0, answer_s=0.6, last_answer_s=0.6, stall_s=0.6)


def client(server: FaultServer) -> TusClient:
    return TusClient(HttpClient(server.collection, TOKEN, timeouts=SHORT), server.collection)


def send(tus_client: TusClient, url: str, offset: int = 0) -> int:
    return tus_client.send(
        url,
        io.BytesIO(DATA),
        offset=offset,
        length=len(DATA) - offset,
        size=len(DATA),
        checksum=None,
        tick=lambda sent: None,
    )


def upload(server: FaultServer) -> tuple[TusClient, str]:
    c = client(server)
    return c, c.create(len(DATA), {"filename": "take.mp4"}).url


def test_create_head_send() -> None:
    with fault_server() as server:
        c, url = upload(server)
        assert c.offset(url, len(DATA)) == 0
        assert send(c, url) == len(DATA)
        assert c.offset(url, len(DATA)) == len(DATA)
        assert server.files()["take.mp4"] == DATA
        c.terminate(url)
        c.terminate(url)  # gone already counts as done
        assert not server.uploads


def test_abilities() -> None:
    with fault_server(extensions="creation,checksum") as server:
        assert client(server).abilities() == Abilities(checksum="sha256")
        server.extensions = "creation,termination"
        assert client(server).abilities() == Abilities(checksum=None)
        server.fault = always(Say(405), "OPTIONS")
        assert client(server).abilities() == Abilities()


BAD_OFFSETS: list[tuple[str, Say]] = [
    ("too big", tus(204, Upload_Offset="99999999")),
    ("one more than was sent", tus(204, Upload_Offset=str(len(DATA) + 1))),
    ("negative", tus(204, Upload_Offset="-1")),
    ("text", tus(204, Upload_Offset="all of it")),
    ("empty", tus(204, Upload_Offset="")),
    ("float", tus(204, Upload_Offset="10240.0")),
    ("hex", tus(204, Upload_Offset="0x2800")),
    ("other digits", tus(204, Upload_Offset="１０")),
    ("huge", tus(204, Upload_Offset="9" * 400)),
    ("back", tus(204, Upload_Offset="0")),
    ("not tus at all", Say(204)),
    ("html", Say(200, (("Content-Type", "text/html"),), b"<html>Welcome to the hotel</html>")),
    ("redirect", Say(307, (("Location", "http://127.0.0.1:9/x"),))),
]


@pytest.mark.parametrize("answer", [a for _, a in BAD_OFFSETS], ids=[n for n, _ in BAD_OFFSETS])
def test_upl_12_bad_offset_is_an_error(answer: Say) -> None:
    if any(not value.isascii() for _, value in answer.headers):
        answer = Say(answer.status, tuple((n, v.encode().decode("latin-1")) for n, v in answer.headers))
    with fault_server() as server:
        c, url = upload(server)
        server.fault = always(answer, "PATCH")
        with pytest.raises(TransferError) as stopped:
            send(c, url)
        assert stopped.value.failure.fault in (
            failure.Fault.PROTOCOL,
            failure.Fault.NO_PROGRESS,
            failure.Fault.PORTAL,
            failure.Fault.UNSAFE,
        )
        assert server.count("PATCH") == 1


def test_204_without_offset_asks_again() -> None:
    def fault(asked: Asked) -> Say | None:
        if asked.method != "PATCH":
            return None
        server.uploads[asked.path][1].extend(DATA[:1000])
        return tus(204)

    with fault_server() as server:
        c, url = upload(server)
        server.fault = fault
        assert send(c, url) == 1000  # what HEAD says, not what was sent


@pytest.mark.parametrize(
    "answer",
    [
        tus(200, Upload_Offset="99999999", Upload_Length=str(len(DATA))),
        tus(200, Upload_Offset="5", Upload_Length="6"),
        tus(200, Upload_Offset="-5", Upload_Length=str(len(DATA))),
        tus(200, Upload_Length=str(len(DATA))),
        Say(200, (("Content-Type", "text/html"),), b"<html>"),
    ],
)
def test_head_that_makes_no_sense(answer: Say) -> None:
    with fault_server() as server:
        c, url = upload(server)
        server.fault = always(answer, "HEAD")
        with pytest.raises(TransferError):
            c.offset(url, len(DATA))


@pytest.mark.parametrize(
    "answer",
    [tus(201), tus(200, Location="/files/1"), tus(500, Location="/files/1"), Say(302, (("Location", "/files/1"),))],
)
def test_create_that_makes_no_sense(answer: Say) -> None:
    with fault_server(always(answer, "POST")) as server, pytest.raises(TransferError):
        client(server).create(1, {})


@pytest.mark.parametrize("how", ["https://{}/files/1", "http://{}/files/1", "//{}/files/1"])
@pytest.mark.parametrize("status", [201, 301, 302, 303, 307, 308])
def test_upl_20_other_host_sees_nothing(how: str, status: int) -> None:
    with fault_server() as other, fault_server() as server:
        server.fault = always(tus(status, Location=how.format(other.url.removeprefix("http://"))), "POST")
        with pytest.raises((TransferError, DeliveryError)):
            client(server).create(len(DATA), {"filename": "x"})
        assert other.asked == []


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_upl_20_redirects_are_not_followed(method: str, status: int) -> None:
    with fault_server() as other, fault_server() as server:
        c, url = upload(server)
        server.fault = always(tus(status, Location=other.url + "/files/1"), method)
        calls: dict[str, Callable[[], object]] = {
            "HEAD": lambda: c.offset(url, len(DATA)),
            "PATCH": lambda: send(c, url),
            "OPTIONS": c.abilities,
            "DELETE": lambda: c.terminate(url),
        }
        with pytest.raises(TransferError):
            calls[method]()
        assert other.asked == []


def test_a_stored_address_elsewhere_is_never_asked() -> None:
    with fault_server() as other, fault_server() as server, pytest.raises(DeliveryError) as refused:
        client(server).offset(other.collection + "/1", 5)
    assert refused.value.code is ErrorCode.RECEIVER_UNSAFE
    assert other.asked == []


@pytest.mark.parametrize(
    "fault",
    [
        always(Silence(5.0), "PATCH"),
        always(Say(204, (("Tus-Resumable", "1.0.0"), ("Upload-Offset", str(len(DATA)))), drip_s=0.3), "PATCH"),
        always(Say(200, (("X", "y" * 50),), b"z" * 100, drip_s=0.3), "PATCH"),
    ],
    ids=["silence", "slow headers", "slow everything"],
)
def test_upl_11_slow_answers_end(fault: Fault) -> None:
    with fault_server() as server:
        c, url = upload(server)
        server.fault = fault
        with pytest.raises(TransferError) as stopped:
            send(c, url)
        assert stopped.value.failure.fault is failure.Fault.STALLED


def test_upl_11_a_reader_that_stops_reading_ends() -> None:
    with fault_server() as server:
        c, url = upload(server)
        server.fault = always(Silence(8.0), "PATCH")
        size = 64 << 20
        with pytest.raises(TransferError) as stopped:
            c.send(url, _Endless(), offset=0, length=size, size=size, checksum=None, tick=lambda sent: None)
        assert stopped.value.failure.fault is failure.Fault.STALLED


class _Endless(io.RawIOBase):
    def seek(self, at: int, how: int = 0) -> int:
        return at

    def readinto(self, room: memoryview) -> int:
        return len(room)


def test_a_huge_answer_is_cut() -> None:
    with fault_server() as server:
        c, url = upload(server)
        server.fault = always(Say(403, (), b"x" * (3 << 20)), "DELETE")
        with pytest.raises(TransferError) as stopped:
            c.terminate(url)
        assert stopped.value.failure.detail == "answer_too_long"


def test_crd_8_environment_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with fault_server() as server:
        upload(server)
        assert [a.headers["authorization"] for a in server.asked] == [f"Bearer {TOKEN}"]


def test_cookies_are_not_kept() -> None:
    with fault_server() as server:
        c, url = upload(server)
        server.fault = always(Say(200, (("Set-Cookie", "a=b; Path=/"), ("Tus-Resumable", "1.0.0"))), "OPTIONS")
        c.abilities()
        c.offset(url, len(DATA))
        assert "cookie" not in server.asked[-1].headers


def test_t15_token_is_in_no_repr_and_no_exception() -> None:
    with fault_server(always(Say(500), "POST")) as server:
        c = client(server)
        with pytest.raises(TransferError) as stopped:
            c.create(1, {})
        wire = HttpClient(server.collection, TOKEN)
        seen = [repr(c), repr(wire), repr(stopped.value), str(stopped.value), repr(stopped.value.failure)]
        assert stopped.value.__cause__ is None
        assert TOKEN not in " ".join(seen)


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX: y", "ä", "\x00", "x" * 9000])
def test_impossible_tokens_are_refused(token: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        HttpClient("https://up.example", token)
    assert refused.value.code is ErrorCode.TOKEN_WRONG
    assert token not in repr(refused.value) or not token


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("17", 17.0),
        ("0", 0.0),
        ("999999", 3600.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e3", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 3600.0),
        ("９", None),
    ],
)
def test_upl_9_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": text}) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 30 Nov 77777777202699999999 11:10:39 GMT", "99999999999 Nov 2026 11:10:39 GMT", "Nov",
        "Mon, 30 Nov 2026 11:10:39 +99999999999999", "Mon, 30 Nov 9999 23:59:59 -9999", "\u00b2", "-5", ",", "1e9",
    ],
)  # fmt: skip
def test_dates_of_a_header_that_are_none(text: str) -> None:
    assert http_date(text) is None
    assert retry_after({"Retry-After": text}) is None


def test_words_of_a_server_are_made_harmless() -> None:
    reply = Reply(403, {}, b"No <b>more</b>\n\x1b[31mtakes\x00 today " + b"x" * 500, "")
    words = words_of(reply)
    assert words.startswith("No b more /b [31mtakes today")
    assert len(words) <= 200
    assert not set(words) & {"<", ">", "\x1b", "\n", "\x00"}


def test_metadata() -> None:
    assert encode_metadata({"filename": "a", "role": "ü"}) == "filename YQ==,role w7w="
    with pytest.raises(ValueError, match="keys"):
        encode_metadata({"two words": "x"})
    with pytest.raises(ValueError, match="longer"):
        encode_metadata({"a": "x" * 4000})
