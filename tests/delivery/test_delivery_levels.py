"""Levels A and B: what is sent in which order, and which receipt is believed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fault_sending import Send, whole
from fault_server import Asked, Say, always, fault_server, tus
from take_bundles import STUDIO_KEY, TOKEN, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.outbox import Outbox
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.take import FileRole
from perfstudio.texts.errors import sentence

JSON = (("Content-Type", "application/json"),)


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
        assert receipt.is_signed_by(STUDIO_KEY.public_key)
        paths = [(a.method, a.path.split("/")[2]) for a in server.asked if a.path.startswith("/v1")]
        assert paths == [("GET", "server"), ("PUT", "consents"), ("PUT", "takes"), ("GET", "takes"), ("POST", "takes")]
        assert outbox.statuses()[0].state is DeliveryState.DELIVERED
        for asked in server.asked:
            if asked.method == "PUT" or asked.path.endswith("/proof"):
                assert asked.headers["content-digest"].startswith("sha-256=:")
                assert asked.headers["idempotency-key"]


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
        assert server.count("POST") == 6  # three files, the picture twice more, and the proof


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


def test_a_receiver_that_never_ends_checking_is_left_waiting(send: Send, outbox: Outbox, quick: Tuning) -> None:
    def fault(asked: Asked) -> Say | None:
        if asked.method == "GET" and "takes" in asked.path:
            return Say(200, (("Content-Type", "application/json"),), b'{"state":"verifying"}')
        return None

    brief = replace(quick, pace=replace(quick.pace, most_s=60.0), timeouts=replace(quick.timeouts, verify_s=0.2))
    with fault_server(fault, level_b=True) as server, pytest.raises(DeliveryError) as ended:
        send(server, tuning=brief)
    assert ended.value.code is ErrorCode.RECEIVER_UNFINISHED
    assert outbox.statuses()[0].state is DeliveryState.WAITING
    assert outbox.statuses()[0].reason is ErrorCode.RECEIVER_UNFINISHED


@pytest.mark.parametrize("status", [408, 409, 423, 500])
def test_who_refuses_may_have_kept_what_came_first(status: int, bundle: Bundle, send: Send, outbox: Outbox) -> None:
    """A receiver that finds its sender too slow answers 408, and has what had come: no lie about bytes of others."""
    refused: list[str] = []

    def fault(asked: Asked) -> Say | None:
        if asked.method != "PATCH" or refused or int(asked.headers["content-length"]) < 2000:
            return None
        refused.append(asked.path)
        return replace(tus(status), keep=1000)

    with fault_server(fault) as server:
        assert send(server).state == "sent"
        offsets = [a.headers["upload-offset"] for a in server.asked if (a.method, a.path) == ("PATCH", refused[0])]
        assert offsets[:2] == ["0", "1000"]
        assert whole(server, bundle)
    assert outbox.statuses()[0].state is DeliveryState.SENT


def echo(bundle: Bundle) -> Say:
    """A report with every hash as it was announced."""
    files = [{"file_id": f.file_id, "sha256": f.sha256, "size": f.size} for f in bundle.announcement().files]
    return Say(200, JSON, json.dumps({"state": "accepted", "files": files}).encode())


@pytest.mark.parametrize("word", ["accepted", "verifying"])
def test_accepted_without_a_byte_is_no_delivery(word: str, bundle: Bundle, send: Send, outbox: Outbox) -> None:
    def fault(asked: Asked) -> Say | None:
        if "takes" not in asked.path:
            return None
        return Say(200, JSON, json.dumps({"state": word}).encode()) if asked.method == "PUT" else echo(bundle)

    with fault_server(fault, level_b=True) as server, pytest.raises(DeliveryError) as ended:
        send(server)
    assert (ended.value.code, ended.value.facts["detail"]) == (ErrorCode.RECEIVER_PROTOCOL, "never_sent")
    assert outbox.statuses()[0].state is DeliveryState.REFUSED
    assert outbox.statuses()[0].sent_at is None


@pytest.mark.parametrize("level_b", [True, False])
def test_an_address_that_is_full_before_a_byte_went_is_no_delivery(
    level_b: bool, bundle: Bundle, send: Send, outbox: Outbox
) -> None:
    """Killed after the address was kept; then the server says that everything is there."""
    outbox.enqueue(bundle)
    with fault_server(level_b=level_b) as server:
        for file in bundle.in_order():
            outbox.keep_upload(bundle, file, f"{server.collection}/full", None)

        def full(asked: Asked) -> Say | None:
            said = next(sizes) if asked.method == "HEAD" and asked.path.endswith("/full") else None
            return tus(200, Upload_Offset=str(said)) if said is not None else None

        order = bundle.in_order()[1:] if level_b else bundle.in_order()
        sizes = iter([file.size for file in order])
        server.fault = full
        send(server)
        assert {f.name for f in bundle.files} - set(server.files()) <= ({"consent.json"} if level_b else set())


def test_a_full_address_for_ever_is_never_delivered(send: Send, bundle: Bundle, outbox: Outbox) -> None:
    """Every PATCH is refused, and every HEAD says that the file is there."""
    sizes: dict[str, str] = {}

    def fault(asked: Asked) -> Say | None:
        if asked.method == "PATCH":
            return tus(409)
        if asked.method == "HEAD":
            sizes.setdefault(asked.path, str(next(iter(server.uploads.get(asked.path, (0, b"", {}))))))
            return tus(200, Upload_Offset=sizes[asked.path])
        return None

    with fault_server(level_b=True) as server:
        server.fault = fault
        with pytest.raises(DeliveryError):
            send(server)
    assert outbox.statuses()[0].state is not DeliveryState.DELIVERED


def test_a_studio_that_moved_is_sent_everything_anew(send: Send, bundle: Bundle, outbox: Outbox) -> None:
    with fault_server(level_b=True) as before:
        send(before)
    with fault_server(level_b=True) as after:
        yes = Say(200, JSON, b'{"state":"accepted"}')
        after.fault = lambda asked: yes if asked.method == "PUT" and "takes" in asked.path else None
        after.takes[f"/v1/takes/{bundle.take_id}"] = bundle.announcement().to_json()
        outbox.set_state(bundle.take_id, "small-lab", DeliveryState.QUEUED)
        assert send(after).state == "accepted"
        assert after.files()["take.mp4"] == (bundle.folder / "take.mp4").read_bytes()


def test_rejected_take_says_why(send: Send) -> None:
    def fault(asked: Asked) -> Say | None:
        if asked.method == "GET" and "takes" in asked.path:
            body = json.dumps({"state": "rejected", "reason": "the  picture\nis \x1b[31mbl\u202eack\ud800"}).encode()
            return Say(200, (("Content-Type", "application/json"),), body)
        return None

    with fault_server(fault, level_b=True) as server, pytest.raises(DeliveryError) as ended:
        send(server)
    assert ended.value.code is ErrorCode.RECEIVER_REFUSED
    assert ended.value.facts["reason"] == "the picture is [31mbl ack"


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


def test_a_base_means_level_b_also_at_first_contact(bundle: Bundle, outbox: Outbox, quick: Tuning) -> None:
    """Somebody else answers, or half of it is down: no byte goes, and it is tried again."""
    with fault_server(level_b=False) as server:
        studio = studio_at(server.collection, server.url)
        with pytest.raises(DeliveryError) as ended:
            deliver(bundle, studio, TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick, patience_s=0.2)
        assert ended.value.code is ErrorCode.RECEIVER_UNREACHABLE
        assert outbox.statuses()[0].state is DeliveryState.WAITING
        assert not server.uploads
        server.level_b = True
        assert deliver(bundle, studio, TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick).level == "B"


def test_without_a_key_nothing_goes_and_a_newer_document_mends_it(
    bundle: Bundle, outbox: Outbox, quick: Tuning
) -> None:
    with fault_server(level_b=True) as server:
        studio = studio_at(server.collection, server.url)
        keyless = studio.model_copy(update={"public_key": None})
        with pytest.raises(DeliveryError) as ended:
            deliver(bundle, keyless, TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick)
        assert ended.value.code is ErrorCode.STUDIO_KEYLESS
        assert "Small Lab" in sentence(ended.value)
        assert outbox.statuses()[0].state is DeliveryState.PAUSED
        assert not server.asked
        assert deliver(bundle, studio, TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick).state == "accepted"
