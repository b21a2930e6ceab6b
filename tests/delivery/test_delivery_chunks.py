"""What stands behind one answer of a receiver: how much, its checksum, and what is learnt when it was too much."""

from __future__ import annotations

import base64
import hashlib
import io
import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from fault_sending import Send, whole
from fault_server import Asked, Say, fault_server, tus
from take_bundles import make_bundle, noise

from perfstudio.delivery.checksum_ahead import STEP, ChecksumAhead
from perfstudio.delivery.chunk_reader import PIECE, PIECE_MOST, QUICK_IN_A_ROW, FileSlice
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferStoppedError
from perfstudio.delivery.how_far import SilenceWatch
from perfstudio.delivery.policy import CHUNK_LEAST, CHUNK_MOST, CHUNK_START, LONG_CHUNK_S, MIB, growth, largest_after
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import DeliveryError, ErrorCode

DATA = noise(5, 5 * MIB + 7)


class Held(io.BytesIO):
    """A disk that does not answer until it is let go."""

    def __init__(self) -> None:
        super().__init__(DATA)
        self.go = threading.Event()

    def readinto(self, room: object) -> int:
        self.go.wait()
        return super().readinto(room)  # type: ignore[arg-type]


def header(start: int, length: int) -> str:
    return f"sha256 {base64.b64encode(hashlib.sha256(DATA[start : start + length]).digest()).decode()}"


def test_every_chunk_has_its_own_checksum_whatever_was_hashed_ahead() -> None:
    chance = random.Random(3)
    with ChecksumAhead(io.BytesIO(DATA), "sha256") as ahead:
        for _ in range(60):
            start = chance.randrange(len(DATA))
            wanted = min(chance.choice((1, 1000, STEP, 3 * STEP, 3 * STEP + 5)), len(DATA) - start)
            if chance.random() < 0.7:
                planned = min(chance.choice((wanted, 2 * wanted, STEP, 10)), len(DATA) - start)
                ahead.begin(start, planned, chance.choice((wanted, 10_000)))
            length, checksum = ahead.take(start, wanted, lambda: None)
            assert 0 < length <= wanted
            assert checksum == header(start, length)


def test_what_is_not_hashed_yet_goes_later() -> None:
    """At least so much as makes a chunk: more is not waited for."""
    with ChecksumAhead(io.BytesIO(DATA), "sha256") as ahead:
        ahead.begin(0, 2 * STEP)
        assert ahead.take(0, len(DATA), lambda: None) == (2 * STEP, header(0, 2 * STEP))


def test_nobody_waits_for_the_thread_and_a_stop_is_heard() -> None:
    held = Held()
    heard = threading.Event()

    def stop() -> None:
        heard.set()
        held.go.set()
        raise TransferStoppedError

    with ChecksumAhead(held, "sha256") as ahead:
        ahead.begin(0, len(DATA))
        with pytest.raises(TransferStoppedError):
            ahead.take(0, len(DATA), stop)
        assert heard.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == "delivery-checksum"]


def test_a_file_that_became_shorter_is_told_by_its_name() -> None:
    with ChecksumAhead(io.BytesIO(DATA), "sha256", name="take.mp4") as ahead:
        ahead.begin(MIB, len(DATA))
        with pytest.raises(DeliveryError) as ended:
            ahead.take(MIB, len(DATA), lambda: None)
    assert ended.value.code is ErrorCode.FILE_CHANGED
    assert ended.value.facts["file"] == "take.mp4"


def test_a_receiver_that_asks_for_none_gets_none_and_no_file_is_read() -> None:
    with ChecksumAhead(Held(), None) as ahead:
        ahead.begin(0, MIB)
        assert ahead.take(0, 700, lambda: None) == (700, None)


def test_a_file_that_goes_at_once_was_hashed_already() -> None:
    digest = hashlib.sha256(DATA).hexdigest()
    with ChecksumAhead(Held(), "sha256", whole=(len(DATA), digest)) as ahead:
        assert ahead.take(0, len(DATA), lambda: None) == (len(DATA), header(0, len(DATA)))
    with ChecksumAhead(io.BytesIO(DATA), "sha1", whole=(len(DATA), digest)) as ahead:
        assert ahead.take(0, len(DATA), lambda: None)[1] != header(0, len(DATA))


def test_pieces_are_the_file_and_grow_only_where_they_go_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s, sizes = 0.0, []
    monkeypatch.setattr("perfstudio.delivery.chunk_reader.monotonic", lambda: now_s)
    come = bytearray()
    for piece in FileSlice(io.BytesIO(DATA), 3, len(DATA) - 3, lambda sent: None):
        come += piece
        sizes.append(len(piece))
        now_s += 0.001 if len(come) < 3 * MIB else 0.5
    assert come == DATA[3:]
    assert sizes[: QUICK_IN_A_ROW + 1] == [PIECE] * QUICK_IN_A_ROW + [2 * PIECE]
    assert max(sizes) == PIECE_MOST
    assert sizes[-2] == PIECE


def test_a_chunk_grows_as_far_as_some_seconds_go() -> None:
    assert [growth(took_s) for took_s in (0.0, LONG_CHUNK_S / 4.1, LONG_CHUNK_S / 3, LONG_CHUNK_S)] == [16, 4, 2, 1]


def test_the_largest_chunk_is_what_went_through() -> None:
    reset = Failure(DeliveryStep.PATCH, Fault.RESET)
    too_large = Failure(DeliveryStep.PATCH, Fault.STATUS, 413)
    big, good = 128 * MIB, 64 * MIB
    assert largest_after(reset, big, good, CHUNK_MOST) == good
    assert largest_after(reset, good, good, CHUNK_MOST) == CHUNK_MOST  # it was not the size
    assert largest_after(reset, CHUNK_START, 0, CHUNK_MOST) == CHUNK_MOST
    assert largest_after(too_large, big, good, CHUNK_MOST) == good
    assert largest_after(too_large, CHUNK_START, 0, CHUNK_MOST) == CHUNK_START // 2
    assert largest_after(too_large, CHUNK_LEAST, 0, CHUNK_MOST) == CHUNK_LEAST
    assert largest_after(Failure(DeliveryStep.HEAD, Fault.RESET), big, good, CHUNK_MOST) == CHUNK_MOST


def test_a_limit_is_met_once(tmp_path: Path, send: Send) -> None:
    """What lies between takes no more than 1.2 MB at once: the line is quick, and still more is not tried again."""
    bundle = make_bundle(tmp_path / "t", picture=6 * MIB)
    refused: list[int] = []

    def fault(asked: Asked) -> Say | None:
        length = int(asked.headers.get("content-length", 0))
        if asked.method != "PATCH" or length <= 1_200_000:
            return None
        refused.append(length)
        return replace(tus(413), read=0)

    with fault_server(fault) as server:
        send(server, bundle)
        assert whole(server, bundle)
        assert server.received() <= 1.01 * bundle.size
    assert refused == [6 * MIB, 3 * MIB, 3 * MIB // 2]


def test_progress_is_not_told_for_every_piece(tmp_path: Path, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfstudio.delivery.speed.EVERY_S", 3600.0)
    told: list[int] = []
    tell = SilenceWatch.sent

    def heard(self: SilenceWatch, state: DeliveryState, sent: int) -> None:
        told.append(sent)
        tell(self, state, sent)

    monkeypatch.setattr(SilenceWatch, "sent", heard)
    bundle = make_bundle(tmp_path / "t", picture=6 * MIB)
    with fault_server() as server:
        send(server, bundle)
    assert told[-1] == bundle.size
    assert len(told) <= 4 * len(bundle.files)
