"""A recorder in a process of its own that rolls until its files may grow no further: what happens to it stays there."""

from __future__ import annotations

import contextlib
import multiprocessing
import subprocess
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from core_rig import make_recorder

from perfstudio.capture.recording.messages import Notice, TakeEnded
from perfstudio.model.timing import MarkerName
from rigs.systems import installed
from rigs.waiting import until

LIMIT_S = 90.0


def record_until_full(folder: Path, *, limit: int = 0, trace: tuple[str, ...] = ()) -> list[str]:
    """The names of the notices of a take that ends by itself.

    Once it rolls: `limit`, the bytes that no file may grow beyond (RLIMIT_FSIZE); `trace`, what strace does to it.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=fill, args=(there, folder, limit))
    process.start()
    there.close()
    assert process.pid is not None
    try:
        assert here.poll(LIMIT_S), "it does not roll"
        here.recv()
        with traced(process.pid, trace):
            assert here.poll(LIMIT_S), "it still rolls"
            said: list[str] = here.recv()
        process.join(LIMIT_S)
    finally:  # a test that is skipped leaves nothing that rolls
        here.close()
        process.kill()
        process.join()
    assert process.exitcode == 0
    return said


@contextlib.contextmanager
def traced(process: int, trace: tuple[str, ...]) -> Iterator[None]:
    """Meanwhile strace does something to a process."""
    if not trace:
        yield
        return
    words = [installed("strace"), "-f", "-qq", "-o", "/dev/null", *trace, "-p", str(process)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as tracer:

        def holds() -> bool:
            return tracer.poll() is not None or "TracerPid:\t0" not in Path(f"/proc/{process}/status").read_text()

        until(holds, "strace")
        if tracer.poll() is not None and tracer.stderr is not None:
            pytest.skip(f"no right to trace a process: {tracer.stderr.read()}")
        yield


def fill(said: Connection, folder: Path, limit: int) -> None:
    """In the process: roll, say so, and go on until the take ends by itself."""
    ended = threading.Event()
    seen: list[Notice] = []

    def notify(notice: Notice) -> None:
        seen.append(notice)
        if isinstance(notice, TakeEnded):
            ended.set()

    recorder = make_recorder({}, {"sample_format": "int24", "channels": 2}, notify=notify)
    recorder.open()
    recorder.roll(folder)
    recorder.mark(MarkerName.GO)
    said.send("rolls")
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    ended.wait(LIMIT_S - 10)
    recorder.close()
    said.send([type(notice).__name__ for notice in seen])
