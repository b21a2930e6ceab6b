"""Whole deliveries to our own receiver, in processes that are killed the hard way."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from killed_sender import kill_sender_at, settled, sleeping_sender
from receiver_process import ENDED, ReceiverProcess, receiver_process
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.delivery.withdrawal import tell
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.delivery import DeliveryState, Receipt
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.take import FileRole
from perfstudio.model.take_reading import read_take
from rigs.systems import WINE
from rigs.waiting import stays

CANARY = "canary-41c7d0e9"


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[ReceiverProcess]:
    """A running receiver."""
    with receiver_process(tmp_path / "studio") as running:
        yield running


@pytest.fixture
def send(receiver: ReceiverProcess, outbox: Outbox, quick: Tuning) -> Callable[..., Receipt]:
    """Deliver to it."""

    def run(bundle: Bundle, token: str = TOKEN, patience_s: float = 20.0, **options: object) -> Receipt:
        return deliver(
            bundle,
            receiver.studio(),
            token,
            outbox=outbox,
            may_send=lambda: True,
            tuning=quick,
            patience_s=patience_s,
            **options,
        )  # type: ignore[arg-type]

    return run


def arrived(receiver: ReceiverProcess, bundle: Bundle) -> bool:
    """The bundle lies there whole, with a receipt."""
    folder = receiver.folder / bundle.take_id
    same = all((folder / f.name).read_bytes() == (bundle.folder / f.name).read_bytes() for f in bundle.files)
    return same and json.loads((folder / "receipt.json").read_text())["state"] == "accepted"


def test_there_and_back(bundle: Bundle, receiver: ReceiverProcess, send: Callable[..., Receipt]) -> None:
    receipt = send(bundle)
    assert (receipt.level, receipt.state, receipt.studio_id) == ("B", "accepted", STUDIO)
    assert {(f.name, f.sha256, f.size) for f in receipt.files} == {(f.name, f.sha256, f.size) for f in bundle.files}
    assert arrived(receiver, bundle)
    assert (
        receipt.receipt_id == json.loads((receiver.folder / bundle.take_id / "receipt.json").read_text())["receipt_id"]
    )
    assert send(bundle).receipt_id == receipt.receipt_id  # UPL-14: asked again, the same answer


def test_upl_15_sender_killed_half_way(
    tmp_path: Path, receiver: ReceiverProcess, outbox: Outbox, send: Callable[..., Receipt]
) -> None:
    bundle = make_bundle(tmp_path / "t", picture=24 * MIB)
    kill_sender_at(bundle, tmp_path / "home" / "outbox.db", receiver.url, 12 * MIB, "B")
    urls = outbox.upload_urls(bundle.take_id, STUDIO)
    kept = settled(receiver.parts, 8 * MIB)
    assert kept >= 8 * MIB
    seen: list[int] = []
    send(bundle, progress=lambda state, sent: seen.append(sent))
    assert arrived(receiver, bundle)
    assert set(urls) <= set(outbox.upload_urls(bundle.take_id, STUDIO))
    assert min(n for n in seen if n > 2 * MIB) >= kept  # went on there, and not from the start


@pytest.mark.realtime
def test_pwr_5_the_sender_sleeps_longer_than_its_patience(tmp_path: Path, receiver: ReceiverProcess) -> None:
    bundle = make_bundle(tmp_path / "t", picture=2 * MIB)
    box = tmp_path / "home" / "outbox.db"
    patience_s = 40.0 if WINE else 6.0  # the receiver begins again meanwhile: more than ten seconds there
    with sleeping_sender(bundle, box, receiver.url, bundle.size, "B", patience_s=patience_s) as sender:
        receiver.kill()  # the socket is gone when it wakes, and nothing moves any more: only the receipt is missing
        stays(sender.is_alive, patience_s + 1.0, "it sleeps")
        assert sender.pid is not None
        psutil.Process(sender.pid).resume()
        stays(sender.is_alive, 0.3, "it wakes before its network does")
        receiver.start()
        sender.join(60)
        assert sender.exitcode == 0
    assert arrived(receiver, bundle)


@pytest.mark.usefixtures("every_piece_told")
def test_upl_1_receiver_killed_half_way(
    tmp_path: Path, receiver: ReceiverProcess, send: Callable[..., Receipt]
) -> None:
    bundle = make_bundle(tmp_path / "t", picture=24 * MIB)
    kept: list[int] = []

    def progress(state: DeliveryState, sent: int) -> None:
        if sent > 17 * MIB and not kept:
            receiver.kill()
            kept.append(receiver.parts())
            receiver.start()

    send(bundle, progress=progress)
    assert kept[0] > 0
    assert arrived(receiver, bundle)


def test_receiver_killed_while_it_verifies(
    tmp_path: Path, receiver: ReceiverProcess, send: Callable[..., Receipt]
) -> None:
    bundle = make_bundle(tmp_path / "t", picture=8 * MIB)
    killed: list[bool] = []

    def progress(state: DeliveryState, sent: int) -> None:
        if state is DeliveryState.VERIFYING and not killed:
            killed.append(True)
            receiver.kill()
            receiver.start()

    assert send(bundle, progress=progress).state == "accepted"
    assert killed
    assert arrived(receiver, bundle)


def test_wrong_token(bundle: Bundle, receiver: ReceiverProcess, send: Callable[..., Receipt]) -> None:
    with pytest.raises(DeliveryError) as ended:
        send(bundle, token="guess")
    assert ended.value.code is ErrorCode.TOKEN_WRONG
    assert "guess" not in str(ended.value)
    assert send(bundle).state == "accepted"


def test_receiver_gone_then_back(bundle: Bundle, receiver: ReceiverProcess, send: Callable[..., Receipt]) -> None:
    receiver.kill()
    with pytest.raises(DeliveryError) as ended:
        send(bundle, patience_s=0.2)
    assert ended.value.code is ErrorCode.RECEIVER_UNREACHABLE
    receiver.start()
    assert send(bundle).state == "accepted"


def test_upl_17_twins(tmp_path: Path, receiver: ReceiverProcess, send: Callable[..., Receipt]) -> None:
    head = bytes(256 << 10)
    one, two = (make_bundle(tmp_path / "t", head=head, seed=s) for s in (1, 2))
    assert one.file(FileRole.PICTURE).size == two.file(FileRole.PICTURE).size
    send(one)
    send(two)
    assert arrived(receiver, one)
    assert arrived(receiver, two)


def test_b4_withdrawn_after_delivery(
    bundle: Bundle, receiver: ReceiverProcess, send: Callable[..., Receipt], outbox: Outbox
) -> None:
    send(bundle)
    event = consent_event(2, ConsentStatus.WITHDRAWN, USES)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, event)
    (pending,) = outbox.untold()
    studio = receiver.studio()
    wire = HttpClient(studio.tus, TOKEN)
    tell(pending, studio, wire, outbox)
    tell(pending, studio, wire, outbox)  # told twice is told once
    wire.close()
    assert outbox.untold() == ()
    assert not (receiver.folder / bundle.take_id).exists()
    assert [file for file in receiver.folder.rglob("*") if file.suffix in (".mp4", ".flac")] == []
    (note,) = outbox.withdrawals_of(bundle.take_id)
    assert note.reply is not None
    assert (note.is_open, note.reply.word) == (False, DeletionWord.DELETED)
    with Outbox(receiver.folder.parent / "other.db") as other, pytest.raises(DeliveryError):
        deliver(bundle, studio, TOKEN, outbox=other, may_send=lambda: True)


def test_label_changed_between_two_tries(
    tmp_path: Path, bundle: Bundle, receiver: ReceiverProcess, send: Callable[..., Receipt]
) -> None:
    from perfstudio.delivery.bundle import read_bundle

    receiver_full = make_bundle(tmp_path / "t", picture=20 * MIB)
    kill_sender_at(receiver_full, tmp_path / "home" / "outbox.db", receiver.url, 10 * MIB, "B")
    paper = receiver_full.folder / "take.json"
    manifest = read_take(paper.read_bytes())
    paper.write_bytes(manifest.model_copy(update={"note": "the second half"}).canonical())
    fresh = read_bundle(receiver_full.folder, STUDIO)
    assert fresh.file(FileRole.MANIFEST).sha256 != receiver_full.file(FileRole.MANIFEST).sha256
    assert send(fresh).state == "accepted"
    assert arrived(receiver, fresh)


def test_t15_t16_no_token_and_no_upload_address_in_files_or_logs(
    tmp_path: Path, bundle: Bundle, outbox: Outbox, quick: Tuning, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiver_process(tmp_path / "quiet", token=CANARY) as quiet:
        deliver(bundle, quiet.studio(), CANARY, outbox=outbox, may_send=lambda: True, tuning=quick)
        assert quiet.end() == ENDED
    files = [f for f in tmp_path.rglob("*") if f.is_file()]
    assert len(files) > 10
    assert [f for f in files if CANARY.encode() in f.read_bytes()] == []
    urls = outbox.upload_urls(bundle.take_id, STUDIO)
    assert len(urls) == 3
    assert CANARY not in caplog.text
    assert not any(url.rsplit("/", 1)[-1] in caplog.text for url in urls)


def test_token_made_once_and_kept_as_a_hash(tmp_path: Path, bundle: Bundle, outbox: Outbox, quick: Tuning) -> None:
    with receiver_process(tmp_path / "new", token="") as fresh:
        token = fresh.new_token
        assert token
        fresh.kill()
        fresh.start()
        assert fresh.new_token is None
        receipt = deliver(bundle, fresh.studio(), token, outbox=outbox, may_send=lambda: True, tuning=quick)
        assert receipt.state == "accepted"
    kept = (tmp_path / "new" / ".receiver" / "token.sha256").read_text()
    assert kept == sha256_hex(token.encode())


@pytest.mark.parametrize(
    "size", [96 * MIB, pytest.param(10 << 30, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_upl_21_memory_stays_flat(
    size: int, tmp_path: Path, receiver: ReceiverProcess, send: Callable[..., Receipt]
) -> None:
    bundle = make_bundle(tmp_path / "t", picture=1000)
    picture = bundle.folder / "take.mp4"
    with picture.open("r+b") as file:
        file.truncate(size)
    big = sparse_bundle(bundle, size)
    assert receiver.process is not None
    other = psutil.Process(receiver.process.pid)
    before, before_other = psutil.Process().memory_info().rss, other.memory_info().rss
    peaks = [before, before_other]

    def progress(state: DeliveryState, sent: int) -> None:
        peaks[0] = max(peaks[0], psutil.Process().memory_info().rss)
        peaks[1] = max(peaks[1], other.memory_info().rss)

    send(big, progress=progress, patience_s=600)
    assert (receiver.folder / big.take_id / "take.mp4").stat().st_size == size
    print(f"sender +{(peaks[0] - before) >> 20} MiB, receiver +{(peaks[1] - before_other) >> 20} MiB")
    assert peaks[0] - before < 64 * MIB
    assert peaks[1] - before_other < 64 * MIB


def sparse_bundle(bundle: Bundle, size: int) -> Bundle:
    """The same take with a picture that is one big hole."""
    import hashlib
    from dataclasses import replace

    hasher = hashlib.sha256((bundle.folder / "take.mp4").read_bytes()[:1000])
    zeros = bytes(MIB)
    left = size - 1000
    while left:
        hasher.update(zeros[: min(left, MIB)])
        left -= min(left, MIB)
    files = tuple(
        f.model_copy(update={"size": size, "sha256": hasher.hexdigest()}) if f.role is FileRole.PICTURE else f
        for f in bundle.files
    )
    return replace(bundle, files=files)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_upl_15_a_thousand_kills(
    tmp_path: Path, receiver: ReceiverProcess, outbox: Outbox, send: Callable[..., Receipt]
) -> None:
    import random

    chance = random.Random(4)
    for _ in range(int(os.environ.get("PERFSTUDIO_SOAK", "1000"))):
        bundle = make_bundle(tmp_path / "t", picture=3 * MIB, seed=chance.randrange(1 << 30))
        kill_sender_at(bundle, tmp_path / "home" / "outbox.db", receiver.url, chance.randrange(3 * MIB), "B")
        send(bundle)
        assert arrived(receiver, bundle)
