"""Workers of `pytest -n N` that are forked from one process which has found the tests: they are read and compiled
once, and not by each worker. Linux only.

xdist starts a worker as a program, and speaks to it on its standard streams. The program that it starts here is this
file. It hands its streams to the process that has found the tests, which forks; and it stays until its worker ends.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

STREAMS = 3


def hand_over(address: str) -> None:
    """As a program: give the streams away, and wait for the end of the one who speaks on them now."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker hears it
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        socket.send_fds(line, [b"worker"], range(STREAMS))
        line.recv(1)


class Finder:
    """The process that finds the tests and is forked; it ends with this one."""

    def __init__(self, tests: Path, address: Path) -> None:
        import subprocess

        self._address = address
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(address))
            door.listen()
            where = (str(tests), door.fileno(), f"{address}-warm")
            words = f"from rigs.forked_workers import serve; serve{where}"
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [sys.executable, "-c", words],
                env={**os.environ, "PYTHONPATH": str(tests)},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[door.fileno()],
            )

    @property
    def worker(self) -> str:
        """How xdist starts a worker of it."""
        return f"popen//python={sys.executable} -IS {__file__} {self._address}"

    def close(self) -> None:
        """No worker begins any more."""
        self._process.communicate()


def serve(tests: str, number: int, warm: str) -> None:
    """Import the program and leave the root of the warm processes behind; find the tests, then fork for each who asks,
    until standard input ends."""
    import gc
    import select

    from rigs import verb_server, warm_processes, warm_root

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is stopped are the workers
    warm_root.begin(warm, (*warm_processes.LOADED, *verb_server.WARM), not_its=number)
    import cv2
    import pytest

    os.environ.pop("PYTHONPATH")
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # a fork does not inherit OpenCV's threads, and would wait for them
    with socket.socket(fileno=number) as door:
        pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", "-p", "no:xdist", tests])
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # again: the tests want to hear it (tests/conftest.py)
        cv2.setNumThreads(threads)
        gc.collect()
        gc.freeze()
        workers = []
        while door in select.select([door, 0], [], [])[0]:
            line, _ = door.accept()
            streams = socket.recv_fds(line, 16, STREAMS)[1]
            workers.append(os.fork())
            if not workers[-1]:
                return become(streams, line)
            line.close()
            for stream in streams:
                os.close(stream)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)  # xdist has given up whoever still runs
        os.waitpid(worker, 0)
    return None


def become(streams: list[int], line: socket.socket) -> None:
    """Be what xdist has started: what it says first tells how to go on. The line ends with this process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    line.detach()
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    exec(eval(sys.stdin.readline()), {"__name__": "__main__"})  # noqa: S102, S307 - as execnet does


if __name__ == "__main__":
    hand_over(sys.argv[1])
