"""Checksums from the first byte of a file: made while it is proved, sent where they are offered, and given up where a
server that offers them cannot do with them.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_sending import Send, whole
from fault_server import Asked, FaultServer, Reset, Say, fault_server, tus
from take_bundles import STUDIO, TOKEN, make_bundle, noise

from perfstudio.delivery import bundle as bundles
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.beginnings import EVERY, Beginnings, ChecksumFromStart, hash_beginnings
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.checksum_ahead import ChecksumAhead
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.http import VERIFIED_PER_S, HttpClient
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.model.delivery import FROM_START, DeliveryState
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.receiver.checksums import BodyCheck, RunningHash
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits

DATA = noise(5, 5 * MIB + 7)
EVERYTHING = f"sha1,sha256,{FROM_START}"


def algorithms(server: FaultServer) -> list[str]:
    """Of every PATCH, in their order."""
    return [a.headers.get("upload-checksum", "").split(" ")[0] for a in server.asked if a.method == "PATCH"]


def in_chunks_of(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However quick the line is."""
    for name in ("CHUNK_START", "CHUNK_MOST"):
        monkeypatch.setattr(f"perfstudio.delivery.transfer.{name}", size)


@pytest.mark.parametrize("size", [0, 1, EVERY - 1, EVERY, EVERY + 1, 4 * EVERY, len(DATA)])
def test_every_end_has_its_digest(size: int) -> None:
    data, chance, ticks = DATA[:size], random.Random(size), []
    made = hash_beginnings(io.BytesIO(data), lambda: ticks.append(0))
    assert (made.size, made.whole) == (size, hashlib.sha256(data).hexdigest())
    assert len(ticks) == -(-size // MIB)
    for _ in range(40 if size else 0):
        start = chance.choice((0, chance.randrange(size), chance.randrange(size) // EVERY * EVERY))
        wanted = chance.choice((1, EVERY - 1, EVERY, 3 * EVERY + 5, size))
        end = made.end(start, min(wanted, size - start))
        assert start < end <= min(start + max(wanted, EVERY), size)
        assert end == size or end % EVERY == 0
        assert made.digest(end) == hashlib.sha256(data[:end]).digest()


def test_reading_can_be_stopped() -> None:
    def stop() -> None:
        raise TransferStoppedError

    with pytest.raises(TransferStoppedError):
        hash_beginnings(io.BytesIO(DATA), stop)


@pytest.mark.parametrize(
    ("offered", "expected"),
    [(EVERYTHING, FROM_START), (FROM_START, FROM_START), ("sha1,sha256", "sha256"), ("sha1", "sha1"), ("md5", "")],
)
def test_the_best_that_is_offered_is_sent_and_is_right(
    offered: str, expected: str, tmp_path: Path, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several chunks, the second of which is cut off at an odd place and kept so far."""
    bundle = make_bundle(tmp_path / "t", picture=MIB + 90_001, sound=1000)
    in_chunks_of(300_000, monkeypatch)
    broken: list[Asked] = []

    def fault(asked: Asked) -> Reset | None:
        if asked.method == "PATCH" and int(asked.headers["upload-offset"]) > 0 and not broken:
            broken.append(asked)
            return Reset(after=77_777)
        return None

    with fault_server(fault, extensions="creation,checksum", algorithms=offered) as server:
        send(server, bundle)
        assert whole(server, bundle)
        assert set(algorithms(server)) == {expected}
        assert server.refused == 0
        patches = [asked for asked in server.asked if asked.method == "PATCH"]
        assert server.received() < bundle.size + 100_000
        sizes = {f.size for f in bundle.files}
        ends = [int(a.headers["upload-offset"]) + int(a.headers["content-length"]) for a in patches]
        assert expected != FROM_START or all(end % EVERY == 0 or end in sizes for end in ends)
        assert any(int(asked.headers["upload-offset"]) % EVERY for asked in patches)


def test_nothing_is_hashed_while_it_is_sent_and_no_file_twice(
    tmp_path: Path, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(file: io.BufferedReader, tick: Callable[[], object]) -> Beginnings:
        made = hash_beginnings(file, tick)
        read.append(made.size)
        return made

    def never(*given: object) -> None:
        raise AssertionError("hashed beside the sending")

    monkeypatch.setattr(bundles, "hash_beginnings", counted)
    monkeypatch.setattr(ChecksumAhead, "begin", never)
    monkeypatch.setattr(ChecksumAhead, "take", never)
    bundle = make_bundle(tmp_path / "t", picture=2 * MIB)
    breaks = [Reset(300_000), Reset(100_000, keep=False)]
    with fault_server(
        lambda asked: breaks.pop() if asked.method == "PATCH" and breaks else None,
        extensions="creation,checksum",
        algorithms=EVERYTHING,
    ) as server:
        send(server, bundle)
        assert whole(server, bundle)
    assert sorted(read) == sorted(f.size for f in bundle.files)


@pytest.mark.parametrize("status", [400, 460])
@pytest.mark.parametrize(
    ("offered", "then"), [(EVERYTHING, "sha256"), (f"sha1,{FROM_START}", "sha1"), (FROM_START, "")]
)
def test_who_offers_it_and_cannot_do_with_it_gets_another(
    status: int, offered: str, then: str, bundle: Bundle, send: Send
) -> None:
    def fault(asked: Asked) -> Say | None:
        ours = asked.headers.get("upload-checksum", "").startswith(FROM_START)
        return tus(status) if asked.method == "PATCH" and ours else None

    with fault_server(fault, extensions="creation,checksum", algorithms=offered) as server:
        send(server, bundle)
        assert whole(server, bundle)
        first, *others = algorithms(server)
        assert (first, set(others)) == (FROM_START, {then})
        assert server.refused == 0, "it was right all the same"


def test_who_refuses_every_checksum_is_given_up(bundle: Bundle, send: Send) -> None:
    with fault_server(
        lambda asked: tus(460) if asked.method == "PATCH" else None,
        extensions="creation,checksum",
        algorithms=EVERYTHING,
    ) as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, bundle, patience_s=20.0)
        assert ended.value.code is ErrorCode.RECEIPT_DIFFERS
        assert server.count("PATCH") < 12


def test_only_the_first_answer_may_take_as_long_as_reading_what_is_there() -> None:
    """A receiver that was started anew has to read it; what is sent from the first byte on asks for nothing."""
    of = hash_beginnings(io.BytesIO(DATA))
    fresh, resumed = ChecksumFromStart(of), ChecksumFromStart(of)
    assert (fresh.take(0, MIB, lambda: None)[0], fresh.read_s) == (MIB, 0.0)
    assert resumed.take(3 * MIB + 5, MIB, lambda: None)[0] == MIB - 5
    assert resumed.read_s == (3 * MIB + 5) / VERIFIED_PER_S
    resumed.take(4 * MIB, MIB, lambda: None)
    assert resumed.read_s == 0.0


def receiver_at(tmp_path: Path, port: int = 0) -> Receiver:
    """Ours."""
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(keep_free=1 << 20))
    return Receiver(tmp_path / "in", port=port, token=TOKEN, settings=settings)


@pytest.mark.usefixtures("every_piece_told")
def test_ours_is_sent_it_and_a_restart_costs_one_reading(
    tmp_path: Path, outbox: Outbox, quick: Tuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = make_bundle(tmp_path / "t", picture=6 * MIB)
    in_chunks_of(MIB, monkeypatch)
    seen, read, waits, stop = [], [], [], threading.Event()
    begin, read_on, allow = BodyCheck.__init__, RunningHash.read_on, HttpClient.allow

    def begun(self: BodyCheck, expected: tuple[str, bytes] | None, part: Path, start: int, known: RunningHash) -> None:
        seen.append((expected or ("",))[0])
        begin(self, expected, part, start, known)

    def counted(self: RunningHash, part: Path, end: int) -> bool:
        before = self.size
        done = read_on(self, part, end)
        read.append(self.size - before)
        return done

    def allowed(self: HttpClient, seconds: float) -> None:
        waits.append(seconds)
        allow(self, seconds)

    monkeypatch.setattr(BodyCheck, "__init__", begun)
    monkeypatch.setattr(RunningHash, "read_on", counted)
    monkeypatch.setattr(HttpClient, "allow", allowed)

    def progress(state: DeliveryState, sent: int) -> None:
        if sent > 3 * MIB and not read:
            stop.set()

    with receiver_at(tmp_path) as first, pytest.raises(TransferStoppedError):
        deliver(bundle, first.studio(), TOKEN, outbox=outbox, may_send=lambda: True, stop=stop, progress=progress)
    assert not read
    (there,) = [part.stat().st_size for part in (tmp_path / "in").rglob("*.part") if part.stat().st_size > 90_000]
    stop.clear()
    waits.clear()
    with receiver_at(tmp_path, first.port) as again:
        deliver(bundle, again.studio(), TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick, patience_s=60.0)
    assert set(seen) == {FROM_START}
    assert there <= sum(read) <= there + 2 * MIB
    assert quick.timeouts.answer_s + there / VERIFIED_PER_S in waits
    assert (tmp_path / "in" / bundle.take_id / "take.mp4").read_bytes() == (bundle.folder / "take.mp4").read_bytes()


@pytest.mark.usefixtures("every_piece_told")
def test_a_file_that_changed_and_looks_untouched_is_refused_and_named(
    tmp_path: Path, outbox: Outbox, quick: Tuning
) -> None:
    """Same size, same time: what was proved is not what leaves, and the receiver takes none of it."""
    bundle = make_bundle(tmp_path / "t", picture=2 * MIB)
    picture = bundle.folder / "take.mp4"
    times = picture.stat()

    def progress(state: DeliveryState, sent: int) -> None:
        if sent < MIB:
            with picture.open("r+b") as file:
                file.seek(MIB)
                file.write(bytes(1000))
            os.utime(picture, ns=(times.st_atime_ns, times.st_mtime_ns))

    with receiver_at(tmp_path) as receiver:
        with pytest.raises(DeliveryError) as ended:
            deliver(
                bundle, receiver.studio(), TOKEN, outbox=outbox, may_send=lambda: True, progress=progress,
                tuning=quick, patience_s=60.0,
            )  # fmt: skip
        assert ended.value.code is ErrorCode.FILE_CHANGED
        assert ended.value.facts["file"] == "take.mp4"
        assert not (tmp_path / "in" / bundle.take_id).exists()
