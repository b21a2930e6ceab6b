"""A whole delivery against a server that misbehaves: it arrives all the same, or it ends with the right reason."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fault_server import Asked, Fault, FaultServer, Reset, Say, Silence, always, fault_server, times, tus
from take_bundles import TOKEN, make_bundle, studio_at, write_papers

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver import deliver
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.model.delivery import DeliveryState, Receipt
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode
from perfstudio.model.take import FileEntry, FileRole

Send = Callable[..., Receipt]


@pytest.fixture
def send(bundle: Bundle, outbox: Outbox, quick: Tuning) -> Send:
    """Deliver the bundle to a fault server."""

    def run(
        server: FaultServer,
        take: Bundle = bundle,
        *,
        token: str = TOKEN,
        patience_s: float = 5.0,
        may_send: Callable[[], bool] = lambda: True,
        **options: object,
    ) -> Receipt:
        studio = studio_at(server.collection, server.url if server.level_b else None)
        return deliver(
            take, studio, token, outbox=outbox, may_send=may_send, patience_s=patience_s, tuning=quick, **options
        )  # type: ignore[arg-type]

    return run


def whole(server: FaultServer, bundle: Bundle) -> bool:
    """Every file arrived, byte for byte."""
    return server.files() == {f.name: (bundle.folder / f.name).read_bytes() for f in bundle.files}


def test_level_a_consent_first_manifest_last(bundle: Bundle, send: Send, outbox: Outbox) -> None:
    with fault_server() as server:
        receipt = send(server)
        assert (receipt.level, receipt.state) == ("A", "sent")
        order = [meta["filename"] for _, _, meta in server.uploads.values()]
        assert (order[0], order[-1]) == ("consent.json", "take.json")
        assert whole(server, bundle)
        meta = next(m for _, _, m in server.uploads.values() if m["filename"] == "take.mp4")
        assert (meta["take_id"], meta["sha256"]) == (bundle.take_id, bundle.file(FileRole.PICTURE).sha256)
        assert outbox.statuses()[0].state is DeliveryState.SENT


def test_level_b_receipt_is_compared(bundle: Bundle, send: Send, outbox: Outbox) -> None:
    with fault_server(level_b=True) as server:
        receipt = send(server)
        assert (receipt.level, receipt.state) == ("B", "accepted")
        paths = [(a.method, a.path.split("/")[2]) for a in server.asked if a.path.startswith("/v1")]
        assert paths == [("GET", "server"), ("PUT", "consents"), ("PUT", "takes"), ("GET", "takes")]
        assert outbox.statuses()[0].state is DeliveryState.DELIVERED
        for asked in server.asked:
            if asked.method == "PUT":
                assert asked.headers["content-digest"].startswith("sha-256=:")
                assert asked.headers["idempotency-key"]


PATCH_FAULTS: list[tuple[str, Callable[[], Fault]]] = [
    ("UPL-1 reset in the middle", lambda: times(3, Reset(100_000), "PATCH")),
    ("reset, nothing kept", lambda: times(2, Reset(100_000, keep=False), "PATCH")),
    ("UPL-2 409 once", lambda: times(1, tus(409), "PATCH")),
    ("UPL-5 423 locked", lambda: times(3, tus(423), "PATCH")),
    ("UPL-9 429", lambda: times(2, tus(429, Retry_After="0"), "PATCH")),
    ("500", lambda: times(3, tus(500), "PATCH")),
    ("503 for the head", lambda: times(3, tus(503), "HEAD")),
    (
        "502 with a page",
        lambda: times(3, Say(502, (("Content-Type", "text/html"),), b"<html>Bad gateway"), "PATCH", "POST"),
    ),
    ("UPL-4 460", lambda: times(1, tus(460), "PATCH")),
    ("UPL-4 460 three times", lambda: times(3, tus(460), "PATCH")),
    ("UPL-7 507 twice", lambda: times(2, tus(507), "PATCH")),
    ("UPL-11 silence", lambda: times(1, Silence(2.0), "PATCH")),
    ("lost answer to POST", lambda: times(1, Reset(0), "POST")),
    ("UPL-12 stuck for a while", lambda: times(2, tus(204, Upload_Offset="0"), "PATCH")),
    ("UPL-12 too big once", lambda: times(1, tus(204, Upload_Offset="999999999"), "PATCH")),
    ("UPL-6 404 at HEAD", lambda: times(1, tus(404), "HEAD")),
    ("UPL-6 410 at PATCH", lambda: times(1, tus(410), "PATCH")),
    ("consent call breaks", lambda: times(2, Reset(0), "PUT")),
    ("options unknown", lambda: always(Say(405), "OPTIONS")),
]


@pytest.mark.parametrize("level_b", [False, True], ids=["A", "B"])
@pytest.mark.parametrize("make_fault", [f for _, f in PATCH_FAULTS], ids=[n for n, _ in PATCH_FAULTS])
def test_it_arrives_all_the_same(make_fault: Callable[[], Fault], level_b: bool, bundle: Bundle, send: Send) -> None:
    with fault_server(make_fault(), level_b=level_b) as server:
        receipt = send(server)
        assert receipt.state == ("accepted" if level_b else "sent")
        expected = {f.name: (bundle.folder / f.name).read_bytes() for f in bundle.files}
        if level_b:
            del expected["consent.json"]
        assert server.files() == expected
        assert len(server.asked) < 80


FINAL: list[tuple[str, Fault, ErrorCode]] = [
    ("401", always(tus(401), "POST", "HEAD", "PATCH"), ErrorCode.TOKEN_WRONG),
    ("401 at PATCH only", always(tus(401), "PATCH"), ErrorCode.TOKEN_WRONG),
    ("403", always(Say(403, (), b"no more takes today"), "POST"), ErrorCode.RECEIVER_REFUSED),
    ("UPL-3 412", always(tus(412), "POST"), ErrorCode.RECEIVER_PROTOCOL),
    ("UPL-7 413 at POST", always(tus(413), "POST"), ErrorCode.RECEIVER_REFUSED),
    ("UPL-7 413 at PATCH for ever", always(tus(413), "PATCH"), ErrorCode.RECEIVER_REFUSED),
    ("422", always(tus(422), "POST"), ErrorCode.RECEIVER_REFUSED),
    ("404 collection", always(Say(404), "POST"), ErrorCode.RECEIVER_PROTOCOL),
    ("UPL-10 500 for ever", always(tus(500), "PATCH"), ErrorCode.RECEIVER_UNREACHABLE),
    ("UPL-7 507 for ever", always(tus(507), "POST"), ErrorCode.RECEIVER_REFUSED),
    (
        "UPL-18 captive portal",
        always(Say(200, (("Content-Type", "text/html"),), b"<html>"), "POST", "OPTIONS", "GET"),
        ErrorCode.RECEIVER_PROTOCOL,
    ),
    ("UPL-20 redirect", always(Say(302, (("Location", "http://127.0.0.1:9/"),)), "POST"), ErrorCode.RECEIVER_UNSAFE),
    ("UPL-20 location elsewhere", always(tus(201, Location="http://127.0.0.1:9/x"), "POST"), ErrorCode.RECEIVER_UNSAFE),
    ("UPL-12 stuck at 0", always(tus(204, Upload_Offset="0"), "PATCH"), ErrorCode.RECEIVER_PROTOCOL),
    ("too big for ever", always(tus(204, Upload_Offset="999999999"), "PATCH"), ErrorCode.RECEIVER_PROTOCOL),
    ("negative for ever", always(tus(204, Upload_Offset="-1"), "PATCH"), ErrorCode.RECEIVER_PROTOCOL),
    ("UPL-2 409 for ever", always(tus(409), "PATCH"), ErrorCode.RECEIVER_PROTOCOL),
    ("UPL-4 460 for ever", always(tus(460), "PATCH"), ErrorCode.RECEIPT_DIFFERS),
    (
        "wrong resource for ever",
        always(tus(200, Upload_Offset="0", Upload_Length="1"), "HEAD"),
        ErrorCode.RECEIVER_PROTOCOL,
    ),
]


@pytest.mark.parametrize(("fault", "code"), [(f, c) for _, f, c in FINAL], ids=[n for n, _, _ in FINAL])
def test_it_ends_with_a_reason_and_nothing_is_lost(
    fault: Fault, code: ErrorCode, bundle: Bundle, send: Send, outbox: Outbox
) -> None:
    waits_for_ever = code in (ErrorCode.RECEIVER_UNREACHABLE, ErrorCode.RECEIVER_REFUSED)
    with fault_server(fault) as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, patience_s=0.4 if waits_for_ever else 20.0)
        assert ended.value.code is code
        assert len(server.asked) < 250, "a tight loop"
        assert outbox.statuses()[0].state not in (DeliveryState.SENT, DeliveryState.DELIVERED)
        server.fault = lambda asked: None
        send(server)  # the same call later simply goes on
        assert whole(server, bundle)


def test_upl_8_revoked_in_the_middle_keeps_the_address(bundle: Bundle, send: Send, outbox: Outbox) -> None:
    calls = [0]

    def revoked(asked: Asked) -> Say | Reset | None:
        calls[0] += asked.method == "PATCH" and "mp4" in str(server.uploads[asked.path][2])
        if asked.method == "PATCH" and calls[0] == 1:
            return Reset(150_000)
        return tus(401) if calls[0] >= 1 else None

    with fault_server(revoked) as server:
        with pytest.raises(DeliveryError) as ended:
            send(server)
        assert ended.value.code is ErrorCode.TOKEN_WRONG
        server.fault = lambda asked: None
        send(server)
        assert whole(server, bundle)
        assert [m["filename"] for _, _, m in server.uploads.values()].count("take.mp4") == 1


def test_upl_13_dropped_bytes_are_found_by_the_receipt(bundle: Bundle, send: Send) -> None:
    with fault_server(level_b=True) as server:
        lies = [2]

        def mangle(data: bytes) -> bytes:
            if len(data) > 200_000 and lies[0] > 0:
                lies[0] -= 1
                return data[:1000] + bytes(1000) + data[2000:]
            return data

        server.mangle = mangle
        assert send(server).state == "accepted"
        assert server.files()["take.mp4"] == (bundle.folder / "take.mp4").read_bytes()
        assert server.count("POST") == 5  # three files, and the picture twice more


def test_upl_13_for_ever_is_never_delivered(send: Send, outbox: Outbox) -> None:
    with fault_server(level_b=True) as server:
        server.mangle = lambda data: data[:-1] + b"?"
        with pytest.raises(DeliveryError) as ended:
            send(server)
        assert ended.value.code is ErrorCode.RECEIPT_DIFFERS
        assert outbox.statuses()[0].state is DeliveryState.REFUSED


def test_t10_a_receipt_without_a_file_is_no_receipt(send: Send) -> None:
    def fault(asked: Asked) -> Say | None:
        if asked.method == "GET" and "takes" in asked.path:
            return Say(200, (("Content-Type", "application/json"),), b'{"state":"accepted","files":[]}')
        return None

    with fault_server(fault, level_b=True) as server, pytest.raises(DeliveryError) as ended:
        send(server)
    assert ended.value.code is ErrorCode.RECEIPT_DIFFERS


def test_rejected_take_says_why(send: Send) -> None:
    def fault(asked: Asked) -> Say | None:
        if asked.method == "GET" and "takes" in asked.path:
            body = json.dumps({"state": "rejected", "reason": "the  picture\nis black"}).encode()
            return Say(200, (("Content-Type", "application/json"),), body)
        return None

    with fault_server(fault, level_b=True) as server, pytest.raises(DeliveryError) as ended:
        send(server)
    assert ended.value.code is ErrorCode.RECEIVER_REFUSED
    assert ended.value.facts["reason"] == "the picture is black"


def test_level_b_that_falls_silent_is_not_level_a(send: Send, outbox: Outbox) -> None:
    with fault_server(level_b=True) as server:
        server.fault = always(tus(500), "PATCH")
        with pytest.raises(DeliveryError):
            send(server, patience_s=0.2)
        posts = server.count("POST")
        server.fault = always(Say(404), "GET")
        with pytest.raises(DeliveryError) as ended:
            send(server, patience_s=0.2)
        assert ended.value.code is ErrorCode.RECEIVER_UNREACHABLE
        assert server.count("POST") == posts


def test_404_for_v1_means_level_a(send: Send, bundle: Bundle, outbox: Outbox, quick: Tuning) -> None:
    with fault_server(level_b=False) as server:
        studio = studio_at(server.collection, server.url)
        receipt = deliver(bundle, studio, TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick)
        assert receipt.level == "A"


def test_upl_17_two_takes_that_begin_alike(tmp_path: Path, send: Send) -> None:
    head = bytes(128 << 10)
    one = make_bundle(tmp_path / "t", head=head, seed=1)
    two = make_bundle(tmp_path / "t", head=head, seed=2)
    twin = write_papers(_copy(one, tmp_path / "t" / "twin"), "0" * 26, one.files[:2])
    assert len({b.file_id(f) for b in (one, two, twin) for f in b.files}) == 12
    with fault_server() as server:
        for bundle in (one, two, twin):
            send(server, bundle)
        pictures = [bytes(d) for _, d, m in server.uploads.values() if m["filename"] == "take.mp4"]
        assert pictures == [(b.folder / "take.mp4").read_bytes() for b in (one, two, twin)]


def _copy(bundle: Bundle, folder: Path) -> Path:
    folder.mkdir()
    for name in ("take.mp4", "audio.flac"):
        (folder / name).write_bytes((bundle.folder / name).read_bytes())
    return folder


@pytest.mark.parametrize("how", ["changed", "shorter", "gone", "consent changed"])
def test_upl_16_changed_before_the_first_byte(how: str, bundle: Bundle, send: Send, outbox: Outbox) -> None:
    picture = bundle.folder / ("consent.json" if how == "consent changed" else "take.mp4")
    data = picture.read_bytes()
    if how == "gone":
        picture.unlink()
    else:
        picture.write_bytes(data[:-1] if how == "shorter" else data[:50] + b"!" + data[51:])
    with fault_server() as server:
        with pytest.raises(DeliveryError) as ended:
            send(server)
        assert ended.value.code is ErrorCode.FILE_CHANGED
        assert ended.value.facts["file"] == picture.name
        assert server.asked == []


@pytest.mark.parametrize("how", ["changed", "shorter", "gone", "replaced"])
def test_upl_16_changed_in_the_middle(how: str, bundle: Bundle, send: Send) -> None:
    picture = bundle.folder / "take.mp4"
    data = picture.read_bytes()

    def spoil() -> None:
        if how == "gone":
            picture.unlink()
        elif how == "replaced":
            picture.unlink()
            picture.write_bytes(data)
        else:
            picture.write_bytes(data[:100] if how == "shorter" else b"!" + data[1:])

    def fault(asked: Asked) -> Reset | None:
        if asked.method == "PATCH" and "mp4" in str(server.uploads[asked.path][2]) and picture.exists():
            server.fault = lambda asked: None
            spoil()
            return Reset(150_000)
        return None

    with fault_server(fault) as server:
        if how == "replaced":  # the same bytes under the same name are the same file
            send(server)
            assert server.files()["take.mp4"] == data
            return
        with pytest.raises(DeliveryError) as ended:
            send(server)
        assert ended.value.code is ErrorCode.FILE_CHANGED
        assert "take.json" not in server.files()


@pytest.mark.parametrize("size", [300_000, 18 * MIB], ids=["last chunk", "first chunk"])
def test_upl_16_changed_while_a_chunk_is_sent(size: int, tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "t", picture=size)
    picture = bundle.folder / "take.mp4"
    patches: list[Asked] = []

    def fault(asked: Asked) -> None:
        if asked.method == "PATCH" and "mp4" in str(server.uploads[asked.path][2]):
            patches.append(asked)
            with picture.open("r+b") as file:
                file.write(b"!")

    with fault_server(fault) as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, bundle)
        assert ended.value.code is ErrorCode.FILE_CHANGED
        assert len(patches) == 1
        assert "take.json" not in server.files()


def test_a_studio_that_moved_gets_new_uploads(bundle: Bundle, send: Send) -> None:
    with fault_server(always(tus(500), "PATCH")) as server, pytest.raises(DeliveryError):
        send(server, patience_s=0.2)
    with fault_server() as elsewhere:
        assert send(elsewhere).state == "sent"
        assert whole(elsewhere, bundle)


def test_no_consent_no_byte(bundle: Bundle, send: Send) -> None:
    with fault_server() as server:
        with pytest.raises(ConsentError) as refused:
            send(server, may_send=lambda: False)
        assert refused.value.code is ErrorCode.CONSENT_WITHDRAWN
        assert server.asked == []


def test_upl_22_withdrawn_in_the_middle(tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "big", picture=24 * MIB)
    with fault_server(slow_s=0.004) as server:
        with pytest.raises(ConsentError):
            send(server, bundle, may_send=lambda: server.received() < 2 * MIB)
        arrived = server.received()
        asked = len(server.asked)
        time.sleep(0.5)
        assert len(server.asked) == asked
        # a little was in the server's own receive buffer; what was in ours has been thrown away
        assert server.received() - arrived < MIB // 2
        assert server.received() < 20 * MIB


@pytest.mark.usefixtures("every_piece_told")
def test_stop_ends_it_and_it_goes_on_later(tmp_path: Path, send: Send, outbox: Outbox) -> None:
    bundle = make_bundle(tmp_path / "big", picture=24 * MIB)
    stop = threading.Event()

    def progress(state: DeliveryState, sent: int) -> None:
        if sent > 17 * MIB:
            stop.set()

    with fault_server() as server:
        with pytest.raises(TransferStoppedError):
            send(server, bundle, stop=stop, progress=progress)
        assert outbox.statuses()[0].state is DeliveryState.QUEUED
        before = sum(len(a.body) for a in server.asked)
        send(server, bundle)
        again = sum(len(a.body) for a in server.asked) - before
        assert whole(server, bundle)
        assert again < 24 * MIB


def test_chunks_are_halved_for_small_servers(tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "big", picture=9 * MIB)

    def small(asked: Asked) -> Say | None:
        return tus(413) if asked.method == "PATCH" and int(asked.headers["content-length"]) > 3 * MIB else None

    with fault_server(small) as server:
        send(server, bundle)
        assert whole(server, bundle)


def test_checksum_goes_along_when_offered(bundle: Bundle, send: Send) -> None:
    with fault_server(extensions="creation,checksum") as server:
        send(server)
        sums = [a.headers["upload-checksum"] for a in server.asked if a.method == "PATCH"]
        assert all(s.startswith("sha256 ") for s in sums)
        server.extensions = "creation"
        assert len(sums) == 4


def test_empty_file_arrives(tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "t", sound=0)
    with fault_server() as server:
        send(server, bundle)
        assert whole(server, bundle)


def test_receiver_gone(bundle: Bundle, send: Send) -> None:
    with fault_server() as server:
        pass
    with pytest.raises(DeliveryError) as ended:
        send(server, patience_s=0.2)
    assert ended.value.code is ErrorCode.RECEIVER_UNREACHABLE


def test_token_missing(bundle: Bundle, send: Send) -> None:
    with fault_server() as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, token="")
        assert ended.value.code is ErrorCode.TOKEN_MISSING
        assert server.asked == []


def test_a_path_in_a_file_name_is_no_bundle(bundle: Bundle, send: Send) -> None:
    odd = FileEntry(role=FileRole.THUMBNAIL, name="../../etc/passwd", size=1, sha256="0" * 64)
    with fault_server() as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, replace(bundle, files=(*bundle.files, odd)))
        assert ended.value.code is ErrorCode.BUNDLE_INVALID
        assert server.asked == []
