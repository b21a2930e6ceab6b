"""A line of so many megabytes a second to a receiver, in a process of its own: it counts what comes over it."""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from rigs.waiting import be_slow

PIECE = 1 << 16


@dataclass(frozen=True)
class Line:
    """`port` is where senders come in."""

    port: int
    _talk: Connection

    @property
    def url(self) -> str:
        """What senders take for the receiver's address."""
        return f"http://127.0.0.1:{self.port}"

    def lead_to(self, port: int) -> None:
        """Where the receiver listens."""
        self._talk.send(port)
        self._talk.recv()

    def moved(self) -> int:
        """Bytes that senders have put on the line so far, heads of requests and all."""
        self._talk.send(0)
        return int(self._talk.recv())


@contextlib.contextmanager
def throttled_line(mb_s: float) -> Iterator[Line]:
    """Towards a receiver on this machine, whoever sends; what it answers comes at once."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(there, mb_s * 1e6), daemon=True)
    process.start()
    there.close()
    try:
        yield Line(here.recv(), here)
    finally:
        process.kill()
        process.join()
        here.close()


def _run(talk: Connection, rate: float) -> None:
    listening, pace = socket.create_server(("127.0.0.1", 0)), _Pace(rate)
    talk.send(listening.getsockname()[1])
    port = talk.recv()
    talk.send(port)
    threading.Thread(target=_take, args=(listening, port, pace), daemon=True).start()
    while True:
        talk.recv()
        talk.send(pace.moved)


def _take(listening: socket.socket, port: int, pace: _Pace) -> None:
    while True:
        here, _ = listening.accept()
        threading.Thread(target=_carry, args=(here, port, pace), daemon=True).start()


class _Pace:
    """Bytes a second over all connections together; what was not used for a moment is gone."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._free_s = 0.0
        self.moved = 0
        self._lock = threading.Lock()

    def wait(self, count: int) -> None:
        with self._lock:
            self.moved += count
            self._free_s = max(self._free_s, time.monotonic() - 0.01) + count / self._rate
            left_s = self._free_s - time.monotonic()
        if left_s > 0.001:
            be_slow(left_s)


def _carry(here: socket.socket, port: int, pace: _Pace) -> None:
    with here, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as there:
        back = threading.Thread(target=_back, args=(there, here), daemon=True)
        back.start()
        room = memoryview(bytearray(PIECE))
        while count := here.recv_into(room):
            pace.wait(count)
            there.sendall(room[:count])
        there.shutdown(socket.SHUT_WR)
        back.join()


def _back(there: socket.socket, here: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := there.recv(PIECE):
            here.sendall(data)
        here.shutdown(socket.SHUT_RDWR)
