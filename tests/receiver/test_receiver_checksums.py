"""Checksums from the first byte of an upload: what is kept between requests, read after a restart, and taken back."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import STUDIO, TOKEN

from perfstudio.model.delivery import FROM_START
from perfstudio.model.take import FileRole
from perfstudio.receiver import checksums
from perfstudio.receiver.checksums import RunningHash
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from rigs.waiting import stays, until

SETTINGS = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(idle_s=1.0, keep_free=1 << 20))
Reading = Callable[[RunningHash, Path, int], bool]


class Sender:
    """Sends one file with checksums of one kind or another."""

    def __init__(self, visitor: Visitor, role: FileRole = FileRole.PICTURE, url: str = "") -> None:
        self.visitor, self.data = visitor, visitor.data(role)
        self.url = url or visitor.begin(role)

    def send(self, start: int, end: int, algorithm: str = FROM_START, *, wrong: bool = False) -> requests.Response:
        """These bytes, and what their checksum says."""
        heads = {} if not algorithm else {"Upload-Checksum": self.checksum(start, end, algorithm, wrong=wrong)}
        return self.visitor.patch(self.url, self.data[start:end], start, **heads)

    def checksum(self, start: int, end: int, algorithm: str = FROM_START, *, wrong: bool = False) -> str:
        of = self.data[:end] if algorithm == FROM_START else self.data[start:end]
        made = hashlib.new("sha1" if algorithm == "sha1" else "sha256", of + b"!" * wrong)
        return f"{algorithm} {base64.b64encode(made.digest()).decode()}"

    def offset(self) -> int:
        return self.visitor.offset(self.url)


class Reads:
    """What is read from the disk for checksums: how much, and how long that takes."""

    def __init__(self, read: Reading) -> None:
        self.read, self.bytes, self.begun, self.go = read, 0, threading.Event(), threading.Event()
        self.go.set()

    def __call__(self, running: RunningHash, part: Path, end: int) -> bool:
        self.begun.set()
        self.go.wait()
        before = running.size
        done = self.read(running, part, end)
        self.bytes += running.size - before
        return done


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """Counted, and held up by whoever clears `go`."""
    made = Reads(RunningHash.read_on)

    def read_on(running: RunningHash, part: Path, end: int) -> bool:
        return made(running, part, end)

    monkeypatch.setattr(RunningHash, "read_on", read_on)
    yield made
    made.go.set()


def restarted(running: Receiver, visitor: Visitor, tmp_path: Path) -> Receiver:
    """Another one on the same folder."""
    assert running.stop()
    visitor.receiver = Receiver(tmp_path / "in", token=TOKEN, settings=SETTINGS)
    return visitor.receiver


def test_it_is_offered_and_right_and_wrong_are_told_apart(visitor: Visitor, reads: Reads) -> None:
    offered = visitor.ask("OPTIONS", "/files").headers["Tus-Checksum-Algorithm"]
    assert offered == "sha256,sha1,sha256-from-start"
    sender, at = Sender(visitor), 0
    for end in (1, 70_000, 70_001, 262_144, 300_000):
        assert sender.send(at, end, wrong=True).status_code == 460
        assert sender.offset() == at
        assert sender.send(at, end).status_code == 204
        at = end
    assert reads.bytes == 0, "everything was hashed when it came"


def test_the_checksum_of_the_request_alone_is_not_that_from_the_start(visitor: Visitor) -> None:
    sender = Sender(visitor)
    assert sender.send(0, 1000).status_code == 204
    alone = sender.checksum(1000, 2000, "sha256").replace("sha256 ", f"{FROM_START} ")
    assert visitor.patch(sender.url, sender.data[1000:2000], 1000, **{"Upload-Checksum": alone}).status_code == 460
    for strange in (f"{FROM_START} !!", FROM_START, "sha256-from AAAA", "SHA256-FROM-START AAAA"):
        heads = {"Upload-Checksum": strange}
        assert visitor.patch(sender.url, sender.data[1000:2000], 1000, **heads).status_code in (400, 460)
    assert sender.offset() == 1000


def test_it_stands_beside_other_checksums_and_what_was_cut_off(visitor: Visitor, reads: Reads) -> None:
    """Whatever came before: what came from a sender that broke off is known, what came otherwise is read once."""
    sender = Sender(visitor)
    assert sender.send(0, 10_000).status_code == 204
    heads = {"Upload-Checksum": sender.checksum(10_000, 300_000)}
    with visitor.patching(sender.url, sender.data[10_000:], 23_456, start=10_000, **heads):
        until(lambda: sender.send(10_000, 10_001).status_code == 423, "somebody writes")
    until(lambda: sender.offset() == 33_456)
    assert sender.send(33_456, 50_000).status_code == 204
    assert reads.bytes == 0
    assert sender.send(50_000, 60_000, "sha256").status_code == 204
    assert sender.send(60_000, 65_000, "sha1", wrong=True).status_code == 460
    assert sender.send(60_000, 70_000, "").status_code == 204
    assert sender.send(70_000, 80_000, wrong=True).status_code == 460
    assert sender.send(70_000, 80_000).status_code == 204
    assert reads.bytes == 20_000 + 10_000, "what came without it, and what was wrong because of that"
    assert sender.send(80_000, 300_000).status_code == 204


def test_bytes_that_came_wrong_before_are_found(visitor: Visitor) -> None:
    """Without a checksum they were kept: the next one from the start says so, and the file as a whole never passes."""
    sender = Sender(visitor)
    assert visitor.patch(sender.url, b"?" + sender.data[1:1000]).status_code == 204
    assert sender.send(1000, 2000).status_code == 460
    assert sender.offset() == 1000


def test_after_a_restart_what_is_there_is_read_once(
    visitor: Visitor, receiver: Receiver, tmp_path: Path, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "READ_AT_ONCE", 7000)
    monkeypatch.setattr(checksums, "_PIECE", 1000)
    sender = Sender(visitor)
    assert sender.send(0, 100_000).status_code == 204
    with restarted(receiver, visitor, tmp_path):
        assert sender.send(100_000, 150_000, wrong=True).status_code == 460
        assert sender.offset() == 100_000
        assert reads.bytes == 150_000
        assert sender.send(100_000, 150_000).status_code == 204
        assert sender.send(150_000, 300_000).status_code == 204
        assert reads.bytes == 150_000
        for role in (FileRole.SOUND, FileRole.MANIFEST):
            other = Sender(visitor, role)
            assert other.send(0, len(other.data)).status_code == 204
        assert visitor.settled()["state"] == "accepted"


def test_while_it_reads_others_are_answered_and_nothing_is_lost_when_nobody_waits(
    visitor: Visitor, receiver: Receiver, tmp_path: Path, reads: Reads
) -> None:
    sender = Sender(visitor)
    assert sender.send(0, 100_000).status_code == 204
    with restarted(receiver, visitor, tmp_path), ThreadPoolExecutor(1) as beside:
        reads.go.clear()
        heads = {"Upload-Checksum": sender.checksum(100_000, 150_000)}
        with visitor.patching(sender.url, sender.data[100_000:150_000], 50_000, start=100_000, **heads):
            assert reads.begun.wait(60)
        assert sender.send(150_000, 160_000).status_code == 423
        assert visitor.ask("GET", "/v1/server").status_code == 200
        reads.go.set()
        answer = beside.submit(until, lambda: sender.send(150_000, 160_000).status_code != 423)
        assert answer.result()
        assert sender.offset() == 160_000
        assert reads.bytes == 150_000, "whoever asked first had gone; what was read is known"


def test_what_is_taken_back_while_it_is_read_is_gone(
    visitor: Visitor, receiver: Receiver, tmp_path: Path, reads: Reads
) -> None:
    sender = Sender(visitor)
    assert sender.send(0, 100_000).status_code == 204
    with restarted(receiver, visitor, tmp_path), ThreadPoolExecutor(1) as beside:
        reads.go.clear()
        answer = beside.submit(sender.send, 100_000, 150_000)
        assert reads.begun.wait(60)
        assert visitor.ask("DELETE", sender.url).status_code == 204
        reads.go.set()
        assert answer.result().status_code == 410
        assert list((tmp_path / "in").rglob("*.part")) == []


def test_a_file_that_may_be_cut_back_is_not_verified(
    visitor: Visitor, receiver: Receiver, tmp_path: Path, reads: Reads
) -> None:
    """All its bytes are there, and whoever brought them waits to hear whether they are right."""
    for role in (FileRole.SOUND, FileRole.MANIFEST):
        other = Sender(visitor, role)
        assert other.send(0, len(other.data)).status_code == 204
    sender = Sender(visitor)
    assert sender.send(0, 100_000).status_code == 204
    with restarted(receiver, visitor, tmp_path), ThreadPoolExecutor(1) as beside:
        reads.go.clear()
        answer = beside.submit(sender.send, 100_000, 300_000, wrong=True)
        assert reads.begun.wait(60)
        assert visitor.announce().status_code == 200
        stays(lambda: visitor.report()["state"] == "verifying", 0.2, "nobody looks at it")
        reads.go.set()
        assert answer.result().status_code == 460
        assert sender.offset() == 100_000
        assert sender.send(100_000, 300_000).status_code == 204
        assert visitor.settled()["state"] == "accepted"


def test_two_uploads_at_once_know_each_their_own(visitor: Visitor, reads: Reads) -> None:
    picture = Sender(visitor)
    sound = Sender(visitor, FileRole.SOUND)
    for start in range(0, 90_000, 30_000):
        assert picture.send(start, start + 30_000).status_code == 204
        assert sound.send(start, start + 30_000, wrong=start == 30_000).status_code == (460 if start == 30_000 else 204)
        if start == 30_000:
            assert sound.send(start, start + 30_000).status_code == 204
    other = Sender(visitor)  # the same file anew: nothing is known of it
    assert other.send(0, 300_000, wrong=True).status_code == 460
    assert other.send(0, 300_000).status_code == 204
    assert reads.bytes == 0
