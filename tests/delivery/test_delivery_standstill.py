"""Nothing stands still for ever: what is there goes on from there, what does not get on ends, what is slow is slow."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
from fault_sending import Send, whole
from fault_server import Asked, Fault, FaultServer, Say, Silence, fault_server, times, tus
from take_bundles import STUDIO, make_bundle

from perfstudio.delivery import deadline, how_far
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.how_far import HowFar
from perfstudio.delivery.http import Timeouts
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import CHUNK_FLOOR, MIB
from perfstudio.delivery.send_queue import unsent
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import DeliveryError, ErrorCode
from rigs.waiting import until


def once_past(server: FaultServer, offset: int, answers: list[Say]) -> Fault:
    """These answers, one after the other, to a PATCH at `offset` or later."""

    def fault(asked: Asked) -> Say | None:
        at = int(asked.headers.get("upload-offset", 0))
        return answers.pop(0) if answers and asked.method == "PATCH" and at >= offset else None

    return fault


@pytest.mark.parametrize("status", [404, 409, 423, 460, 500])
def test_what_the_receiver_has_is_not_sent_again(status: int, tmp_path: Path, send: Send, outbox: Outbox) -> None:
    """Three refusals in a row, in the middle: the next try asks for the offset, and goes on there."""
    bundle = make_bundle(tmp_path / "t", picture=1_500_000)
    with fault_server() as server:
        outbox.enqueue(bundle)
        outbox.note(bundle.take_id, STUDIO, chunk=500_000)
        server.fault = once_past(server, 500_000, [replace(tus(status), read=0)] * 3)
        send(server, bundle)
        assert whole(server, bundle)
        assert server.received() <= 1.01 * bundle.size


@pytest.mark.parametrize("most", [1, 1000])
def test_a_receiver_that_asks_for_small_bites_gets_no_crumbs(most: int, tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "t", picture=700_000)
    answer = b'{"state":"awaiting_upload","max_chunk":%d}' % most
    with fault_server(level_b=True) as server:
        server.fault = lambda asked: announced(server, asked, answer)
        send(server, bundle)
        sent = [len(asked.body) for asked in server.asked if asked.method == "PATCH"]
    assert max(sent) == CHUNK_FLOOR
    assert len(sent) < 10


def announced(server: FaultServer, asked: Asked, answer: bytes) -> Say | None:
    """The honest server keeps what was announced; the answer is ours."""
    if asked.method != "PUT" or "/takes/" not in asked.path:
        return None
    plain = Say(200, (("Content-Type", "application/json"),), answer)
    server.takes.setdefault(asked.path, Announced(asked))
    return plain


class Announced(dict[str, object]):
    """What was announced, read when it is asked for: the body comes after the fault has answered."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def __getitem__(self, key: str) -> object:
        return json.loads(bytes(self._asked.body))[key]


@pytest.mark.parametrize("share", [0.0001, 0.05])
def test_a_receiver_that_keeps_next_to_nothing_ends_it(share: float, tmp_path: Path, send: Send) -> None:
    """It takes a byte (or a little) of every chunk, for ever: that is no delivery."""
    bundle = make_bundle(tmp_path / "t", picture=900_000)
    with fault_server() as server:
        server.mangle = lambda data: data[: max(1, round(len(data) * share))]
        with pytest.raises(DeliveryError) as ended:
            send(server, bundle, patience_s=20.0)
        assert ended.value.code is ErrorCode.RECEIVER_PROTOCOL
        assert server.received() < 12 * bundle.size


def test_a_receiver_that_keeps_half_of_each_chunk_gets_smaller_ones(tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "t", picture=3 * MIB)
    with fault_server() as server:
        server.mangle = lambda data: data[: len(data) // 2] if len(data) > CHUNK_FLOOR else data
        send(server, bundle, patience_s=20.0)
        assert whole(server, bundle)
        assert server.received() < 3 * bundle.size


def test_a_slow_line_is_not_a_stalled_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for an answer is over three times while bytes still leave; then none do, and that is a stall."""
    waits = iter([9000, 8000, 6000, 5000])
    monkeypatch.setattr(deadline, "unsent", lambda sockets: next(waits, 5000))
    watch = deadline.DeadlineWatch()
    began_s = monotonic()
    with watch.limit(0.05):
        until(lambda: watch.expired)
    assert monotonic() - began_s >= 0.2
    monkeypatch.setattr(deadline, "unsent", lambda sockets: None)
    with watch.limit(0.01):
        until(lambda: watch.expired)  # where the system does not say, time decides


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say what has not left yet")
def test_the_system_says_what_has_not_left_yet() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as here:
        there, _ = door.accept()
        with there:
            assert unsent([here]) == 0
            here.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while here.send(bytes(65536)):
                    pass
            full = unsent([here])
            assert full
            until(lambda: len(there.recv(1 << 20)) and (unsent([here]) or 0) < full)
    assert unsent([here]) is None, "a closed one says nothing"


def test_interim_answers_without_end_are_an_answer_that_makes_no_sense(bundle: Bundle, send: Send) -> None:
    endless = Say(100, (), b"\r\n".join([b"HTTP/1.1 100 Continue", b"", b""]) * 200)
    with fault_server(times(1000, endless, "OPTIONS")) as server, pytest.raises(DeliveryError) as ended:
        send(server, bundle, patience_s=5.0)
    assert ended.value.code is ErrorCode.RECEIVER_PROTOCOL


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_while_nothing_moves_the_end_of_the_wait_is_told(
    method: str, bundle: Bundle, send: Send, quick: Tuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(how_far, "QUIET_S", 0.1)
    monkeypatch.setattr(how_far, "LOOK_S", 0.05)
    told: list[HowFar] = []
    short = replace(quick, timeouts=Timeouts(connect_s=0.5, answer_s=0.5, last_answer_s=0.8, stall_s=0.5))
    with fault_server(times(1, Silence(5.0), method)) as server:
        send(server, bundle, quiet=told.append, tuning=short)
        assert whole(server, bundle)
    waits = [now.left_s for now in told if now.left_s is not None]
    assert any(later < before for before, later in pairwise(waits)), "it comes nearer; bytes that still left put it off"
    assert max(waits) <= 1.3
    assert max(now.read for now in told) == bundle.size, "its files were read first"


def test_a_receiver_that_checks_for_long_is_waited_for_aloud(
    bundle: Bundle, send: Send, quick: Tuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(how_far, "QUIET_S", 0.1)
    monkeypatch.setattr(how_far, "LOOK_S", 0.05)
    told: list[HowFar] = []
    states: list[DeliveryState] = []
    report = Say(200, (("Content-Type", "application/json"),), b'{"state":"verifying","files":[]}')
    patient = replace(quick, timeouts=replace(quick.timeouts, verify_s=0.6))
    with fault_server(level_b=True) as server:
        server.fault = lambda asked: report if asked.method == "GET" and "/takes/" in asked.path else None
        with pytest.raises(DeliveryError) as ended:
            send(server, bundle, tuning=patient, patience_s=0.0, quiet=told.append, progress=noted(states))
    assert ended.value.code is ErrorCode.RECEIVER_UNFINISHED
    assert states[-1] is DeliveryState.VERIFYING
    waits = [now.left_s for now in told if now.left_s is not None]
    assert min(waits) <= 0.6, "a busy machine waits aloud for single answers, too"


def noted(states: list[DeliveryState]) -> Callable[[DeliveryState, int], None]:
    return lambda state, sent: states.append(state)
