"""A sender as a process of its own that is killed the hard way on its way, and what the other side has of it then."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from perfstudio.delivery.bundle import Bundle
from rigs.waiting import until

SENDER = """
import json, os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from take_bundles import STUDIO, TOKEN, studio_at
from perfstudio.delivery.bundle import read_bundle
from perfstudio.delivery import speed
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.outbox import Outbox
folder, db, url, stop_at, patience_s = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]), sys.argv[7]
stopped = []
def progress(state, sent):
    if sent >= stop_at and not stopped:
        stopped.append(sent)
        print(sent, flush=True)
        os.kill(os.getpid(), signal.SIGSTOP)
speed.EVERY_S = 0.0  # told of every piece: four times a second may be too late to stop half way
with Outbox(db) as box:
    level_b = url if sys.argv[6] == "B" else None
    deliver(read_bundle(folder, STUDIO), studio_at(url + "/files", level_b), TOKEN, outbox=box,
            may_send=lambda: True, progress=progress, patience_s=float(patience_s))
"""


@contextlib.contextmanager
def sleeping_sender(
    bundle: Bundle, db: Path, url: str, sent: int, level: str, *, patience_s: float = 30.0
) -> Iterator[subprocess.Popen[str]]:
    """A sender process that sleeps (SIGSTOP) since it has sent so many bytes."""
    rigs = str(Path(__file__).parent)
    command = [sys.executable, "-c", SENDER, rigs, str(bundle.folder), str(db), url, str(sent), level, str(patience_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
        try:
            assert sender.stdout is not None
            assert sender.stdout.readline().strip()
            yield sender
        finally:
            sender.kill()


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
