"""A sender as a process of its own that is killed the hard way on its way, and what the other side has of it then."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
from take_bundles import STUDIO, TOKEN, studio_at

from perfstudio.delivery import speed
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.studios import read_studio
from perfstudio.model.delivery import DeliveryState
from rigs.waiting import until


@dataclass(frozen=True)
class Errand:
    """What a sender is to deliver where, and after how many bytes it falls asleep."""

    folder: Path
    db: Path
    url: str
    stop_at: int
    level: str
    patience_s: float


def send(say: Connection, errand: Errand) -> None:
    """In the process: deliver, and stop once, when so many bytes are sent."""
    stopped = []

    def progress(state: DeliveryState, sent: int) -> None:
        if sent >= errand.stop_at and not stopped:
            stopped.append(sent)
            say.send(sent)
            psutil.Process().suspend()

    speed.EVERY_S = 0.0  # told of every piece: four times a second may be too late to stop half way
    level_b = errand.level == "B"
    studio = read_studio(f"{errand.url}/studio.json") if level_b else studio_at(f"{errand.url}/files")
    with Outbox(errand.db) as box:
        deliver(
            read_bundle(errand.folder, STUDIO),
            studio,
            TOKEN,
            outbox=box,
            may_send=lambda: True,
            progress=progress,
            patience_s=errand.patience_s,
        )


@contextlib.contextmanager
def sleeping_sender(
    bundle: Bundle, db: Path, url: str, sent: int, level: str, *, patience_s: float = 30.0
) -> Iterator[BaseProcess]:
    """A sender process that sleeps since it has sent so many bytes."""
    context = multiprocessing.get_context("spawn")
    hear, say = context.Pipe(duplex=False)
    errand = Errand(bundle.folder, db, url, sent, level, patience_s)
    sender = context.Process(target=send, args=(say, errand), name="sender")
    sender.start()
    say.close()
    try:
        with hear:
            assert hear.recv() >= sent
        yield sender
    finally:
        sender.kill()
        sender.join()


def kill_sender_at(bundle: Bundle, db: Path, url: str, sent: int, level: str) -> None:
    """A sender process that is killed -9 when it has sent so many bytes."""
    with sleeping_sender(bundle, db, url, sent, level):
        pass


def settled(held: Callable[[], int], enough: int, patience_s: float = 60.0) -> int:
    """How many bytes are `held` once that is `enough` and it has not grown for a second.

    What a sender has handed over may lie in the kernel for as long as a slow disk keeps the other side waiting.
    """
    before, began, since = -1, time.monotonic(), time.monotonic()

    def still() -> bool:
        nonlocal before, since
        if (now := held()) != before:
            before, since = now, time.monotonic()
        return time.monotonic() - since >= 1.0 and (before >= enough or time.monotonic() - began >= patience_s)

    until(still, "bytes that have settled", 2 * patience_s, look_s=0.1)
    return before
