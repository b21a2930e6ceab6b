"""A stretch of network between two peers that delays, jitters and drops: each is told that the other is at the relay.

There is no network emulation where tests run, so the relay holds every packet itself until it is due.
"""

from __future__ import annotations

import heapq
import random
import re
import selectors
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_CANDIDATE = re.compile(r"a=candidate:(\S+) 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host\r?\n")
_LOOK_S = 0.2


@dataclass(frozen=True)
class Way:
    """One way through it: so late at least, so much later on average, so many of a hundred lost."""

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0


class Relay:
    """A context manager. `first` and `second` give what the other side is to be told of each."""

    def __init__(self, to_second: Way, to_first: Way, seed: int = 1) -> None:
        self._ways = (to_second, to_first)
        self._random = random.Random(seed)
        self._sockets: list[socket.socket] = []
        self._real: list[tuple[str, int]] = []
        self._due: list[tuple[float, int, int, bytes]] = []
        self._thread = threading.Thread(target=self._run, name="duet-relay")
        self._stop = threading.Event()
        self.passed = 0
        self.is_down = False
        """Nothing passes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()
        for one in self._sockets:
            one.close()

    def instead_of(self, said: str) -> str:
        """What a side said of how it can be reached, with the relay's address in the place of its own: first that of
        the one who begins, then that of the other, and from then on packets pass."""
        found = _CANDIDATE.search(said)
        assert found is not None, said
        address, port = found[2], int(found[3])
        here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        here.bind((address, 0))
        here.setblocking(False)
        self._sockets.append(here)
        self._real.append((address, port))
        mine = here.getsockname()[1]
        told = "".join(line for line in said.splitlines(keepends=True) if not line.startswith("a=candidate:"))
        line = f"a=candidate:{found[1]} 1 udp 2130706431 {address} {mine} typ host\r\n"
        if len(self._sockets) == 2:
            self._thread.start()
        return told.replace("a=end-of-candidates", line + "a=end-of-candidates").replace(f" {port} UDP", f" {mine} UDP")

    def _run(self) -> None:
        with selectors.DefaultSelector() as waiting:
            for number, one in enumerate(self._sockets):
                waiting.register(one, selectors.EVENT_READ, number)
            while not self._stop.is_set():
                left = self._due[0][0] - time.monotonic() if self._due else _LOOK_S
                for key, _ in waiting.select(min(max(left, 0.0), _LOOK_S)):
                    self._take(key.data)
                self._pass()

    def _take(self, number: int) -> None:
        """What comes at the first one's place is for the first one, and goes the way to it."""
        while True:
            try:
                data = self._sockets[number].recv(4096)
            except (BlockingIOError, ConnectionError):
                return
            way = self._ways[1 - number]
            if not self.is_down and self._random.random() >= way.loss:
                late = way.delay_s + (self._random.expovariate(1 / way.jitter_s) if way.jitter_s else 0.0)
                heapq.heappush(self._due, (time.monotonic() + late, self.passed, number, data))
                self.passed += 1

    def _pass(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, number, data = heapq.heappop(self._due)
            try:
                self._sockets[1 - number].sendto(data, self._real[number])
            except OSError:  # who left has no place any more
                continue
