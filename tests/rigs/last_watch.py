"""Whoever kills a run of the tests the hard way leaves none of its processes behind: hogs, receivers, sound servers.

A small program waits for the end of the run. When that comes without a word, it ends every process that bears the mark
of the run, and whatever such a process has begun. The first one of a run begins it; workers and runs inside of a test
bear its mark.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import uuid

MARK = "PERFSTUDIO_TESTS_RUN"
"""The variable that marks what a run starts."""
OVER = b"over"


def begin() -> None:
    """Watch over this process, unless somebody does."""
    if MARK in os.environ:
        return
    mark = uuid.uuid4().hex
    words = [sys.executable, "-IS", __file__, mark, *sys.path]
    environ = {name: value for name, value in os.environ.items() if name != MARK}
    quiet = subprocess.DEVNULL
    watch = subprocess.Popen(
        words, env=environ, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True
    )
    os.environ[MARK] = mark
    if hasattr(os, "fork"):
        watch.wait()  # its child watches, which is none of ours
    mine = os.getpid()

    def end() -> None:
        if os.getpid() == mine and watch.stdin is not None:
            watch.stdin.write(OVER)
            watch.stdin.close()
            if not hasattr(os, "fork"):
                watch.wait()

    atexit.register(end)


def main(mark: str, path: list[str]) -> None:
    """The program."""
    if hasattr(os, "fork") and os.fork():
        return
    if sys.stdin.buffer.read() == OVER:
        return
    sys.path[:] = path
    import psutil

    def marked() -> list[psutil.Process]:
        found: list[psutil.Process] = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                    found += [process, *process.children(recursive=True)]
            except psutil.Error:  # it has ended, or is another user's
                continue
        return found

    while left := marked():
        for process in left:
            try:
                process.kill()
            except psutil.Error:
                continue
        psutil.wait_procs(left, timeout=10)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
