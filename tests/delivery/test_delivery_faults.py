"""A whole delivery against a server that misbehaves: it arrives all the same, or it ends with the right reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from fault_sending import Send, whole
from fault_server import Asked, Fault, Reset, Say, Silence, always, fault_server, times, tus
from take_bundles import make_bundle

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import DeliveryError, ErrorCode

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


ONLY_IN_B = {"consent call breaks"}
IN_BOTH = {
    "UPL-1 reset in the middle", "500", "UPL-4 460", "UPL-7 507 twice", "lost answer to POST", "UPL-6 404 at HEAD",
}  # fmt: skip
"""Level B sends its files as level A does: what breaks there is seen again in these, and all of it as soak."""


def at_each_level(name: str, make_fault: Callable[[], Fault]) -> list[ParameterSet]:
    ordinary = {False: name not in ONLY_IN_B, True: name in ONLY_IN_B | IN_BOTH}
    return [
        pytest.param(make_fault, level_b, id=f"{name}-{'AB'[level_b]}", marks=() if here else pytest.mark.soak)
        for level_b, here in ordinary.items()
    ]


@pytest.mark.parametrize(("make_fault", "level_b"), [case for fault in PATCH_FAULTS for case in at_each_level(*fault)])
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
    ("UPL-7 507 for ever", always(tus(507), "POST"), ErrorCode.RECEIVER_FULL),
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


def waits_for_ever(name: str, code: ErrorCode) -> bool:
    """Whether only the sender's patience ends it."""
    return code in (ErrorCode.RECEIVER_UNREACHABLE, ErrorCode.RECEIVER_FULL)


@pytest.mark.parametrize(
    ("fault", "code", "patience_s"),
    [(fault, code, 0.4 if waits_for_ever(name, code) else 20.0) for name, fault, code in FINAL],
    ids=[name for name, _, _ in FINAL],
)
def test_it_ends_with_a_reason_and_nothing_is_lost(
    fault: Fault, code: ErrorCode, bundle: Bundle, send: Send, outbox: Outbox, *, patience_s: float
) -> None:
    with fault_server(fault) as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, patience_s=patience_s)
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


def test_a_studio_that_moved_gets_new_uploads(bundle: Bundle, send: Send) -> None:
    with fault_server(always(tus(500), "PATCH")) as server, pytest.raises(DeliveryError):
        send(server, patience_s=0.2)
    with fault_server() as elsewhere:
        assert send(elsewhere).state == "sent"
        assert whole(elsewhere, bundle)


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


def test_receiver_gone(bundle: Bundle, send: Send) -> None:
    with fault_server() as server:
        pass
    with pytest.raises(DeliveryError) as ended:
        send(server, patience_s=0.2)
    assert ended.value.code is ErrorCode.RECEIVER_UNREACHABLE
