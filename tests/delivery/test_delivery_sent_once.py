"""What a receiver has is never sent again: counted on a line between the two, over pauses and kills of the sender."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from killed_sender import kill_sender_at
from receiver_process import ReceiverProcess, receiver_process
from take_bundles import TOKEN, make_bundle
from throttled_line import Line, throttled_line

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.model.delivery import DeliveryState

OVER = 1.01
"""Of the bytes of a take, with the heads of all requests and the papers that go with each try."""
MB_S = 12.0


@pytest.fixture
def line() -> Iterator[Line]:
    """Slow enough that megabytes wait in this computer when a sender ends."""
    with throttled_line(MB_S) as running:
        yield running


@pytest.fixture
def receiver(line: Line, tmp_path: Path) -> Iterator[ReceiverProcess]:
    """At the other end of it."""
    with receiver_process(tmp_path / "studio", public_url=line.url) as running:
        line.lead_to(running.port)
        yield running


def send(receiver: ReceiverProcess, bundle: Bundle, db: Path, tuning: Tuning, until: int) -> bool:
    """Send on until so many bytes have gone, and whether that was the end."""
    stop = threading.Event()

    def progress(state: DeliveryState, sent: int) -> None:
        if sent >= until and state is DeliveryState.SENDING:
            stop.set()

    with Outbox(db) as outbox:
        try:
            deliver(
                bundle,
                receiver.studio(),
                TOKEN,
                outbox=outbox,
                may_send=lambda: True,
                stop=stop,
                progress=progress,
                tuning=tuning,
                patience_s=120.0,
            )
        except TransferStoppedError:
            return False
    return True


@pytest.mark.usefixtures("every_piece_told")
def test_a_pause_costs_nothing(line: Line, receiver: ReceiverProcess, tmp_path: Path, quick: Tuning) -> None:
    """Taken up at once, while what went before is still on its way."""
    bundle = make_bundle(tmp_path / "t", picture=8 * MIB)
    for pause in range(1, 4):
        assert not send(receiver, bundle, tmp_path / "box.db", quick, pause * bundle.size // 4)
    assert send(receiver, bundle, tmp_path / "box.db", quick, 2 * bundle.size)
    assert bundle.size <= line.moved() <= OVER * bundle.size


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.usefixtures("every_piece_told")
def test_neither_does_a_kill(line: Line, receiver: ReceiverProcess, tmp_path: Path, quick: Tuning) -> None:
    count = int(os.environ.get("PERFSTUDIO_SOAK", "12"))
    bundle = make_bundle(tmp_path / "t", picture=192 * MIB)
    for cut in range(1, count):
        at = cut * bundle.size // count
        if cut % 2:
            kill_sender_at(bundle, tmp_path / "box.db", receiver.url, at, "B")
        else:
            send(receiver, bundle, tmp_path / "box.db", quick, at)
    assert send(receiver, bundle, tmp_path / "box.db", quick, 2 * bundle.size)
    print(f"\n{count - 1} cuts, {bundle.size} bytes: {line.moved() / bundle.size:.4f} of them went over the line")
    assert line.moved() <= OVER * bundle.size
