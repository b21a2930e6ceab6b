"""A program of a test: a process to be listened to, signalled and killed, as `subprocess.Popen` would start it.

On Linux it is forked from the warm process, and so are the processes that it begins (`rigs.warm_processes`); elsewhere
both are spawned. A test that needs what the program loads by itself, or what its interpreter reads at the start, starts
a real one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from rigs import warm_processes

PATIENCE_S = 60.0

Say = Callable[[object], None]
"""How a program speaks to its test."""


class Program:
    """`target(say, *args)` as a process. At the end of a `with` it is killed."""

    def __init__(self, target: Callable[..., object], *args: object) -> None:
        context = multiprocessing.get_context("spawn")
        self._words, said = context.Pipe(duplex=False)
        warm = warm_processes.WARM is not None
        self._process = context.Process(target=_begun, args=(said, warm, target, args))
        self._process.start()
        said.close()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def __enter__(self) -> Program:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.kill()
        self._words.close()

    def hear(self) -> Any:
        """What it says next; EOFError when it ended without a word."""
        assert self._words.poll(PATIENCE_S), "it says nothing"
        return self._words.recv()

    def runs(self) -> bool:
        return self._process.is_alive()

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """And wait for its end, if that is not past."""
        self._process.kill()
        self._process.join()

    def wait(self, patience_s: float = PATIENCE_S) -> int | None:
        """Its exit code; None while it still runs."""
        self._process.join(patience_s)
        return self._process.exitcode


def _begun(said: Connection, warm: bool, target: Callable[..., object], args: tuple[object, ...]) -> None:
    """In the process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if warm:
        warm_processes.stay_warm()
    target(said.send, *args)
