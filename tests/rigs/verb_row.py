"""Verbs one after another in one process that has imported them, where no process can be forked: on Windows a verb
pays a second for its imports, and under Wine six.

What a verb leaves in its process, the next one finds there: what it has read for good, as any two calls in one program.
Threads, children and handlers of signals end with the verb, and a verb that does not come back ends with its process.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import io
import json
import locale
import multiprocessing
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from rigs.no_keyring import no_keyring
from rigs.program_run import exit_code
from rigs.quick_keys import quick_keys

SIGNALS = [s for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP") if (s := getattr(signal, name, None)) is not None]


class VerbRow:
    """The process, which begins with the first verb, and how to ask it. One for each process of tests."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes]
        self._answers: queue.Queue[bytes]
        self._free = threading.Lock()
        self._begin()

    def run(self, words: list[str], env: dict[str, str], patience_s: float) -> subprocess.CompletedProcess[str]:
        """`python -m perfstudio WORDS` with nothing on standard input, to its end; raises TimeoutExpired.

        One that comes while another runs has a process of its own.
        """
        if not self._free.acquire(blocking=False):
            return started(words, env, patience_s)
        try:
            return self._run(words, env, patience_s)
        finally:
            self._free.release()

    def _run(self, words: list[str], env: dict[str, str], patience_s: float) -> subprocess.CompletedProcess[str]:
        assert self._process.stdin is not None
        order = {"words": words, "env": env, "folder": str(Path.cwd())}
        with contextlib.suppress(OSError):  # it has ended
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        try:
            line = self._answers.get(timeout=patience_s)
        except queue.Empty:
            self._begin_again()
            raise subprocess.TimeoutExpired(words, patience_s) from None
        if not line:  # it ended, in the middle of a verb or before
            return subprocess.CompletedProcess(words, self._begin_again(), "", "the process of the verbs ended")
        answer = json.loads(line)
        return subprocess.CompletedProcess(words, answer["code"], *(_read(answer[name]) for name in ("out", "err")))

    def close(self) -> int:
        """End the process, whatever it does. Returns its exit code."""
        self._process.kill()
        code = self._process.wait()
        self._hears.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()
        return code

    def _begin_again(self) -> int:
        code = self.close()
        self._begin()
        return code

    def _begin(self) -> None:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", "from rigs.verb_row import serve; serve()"]
        self._process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._answers = queue.Queue()
        assert self._process.stdout is not None
        words = (self._process.stdout, self._answers)
        self._hears = threading.Thread(target=_hear, args=words, name="verb-row", daemon=True)
        self._hears.start()


def started(words: list[str], env: dict[str, str], patience_s: float) -> subprocess.CompletedProcess[str]:
    """`perfstudio …` by an interpreter that starts for it."""
    return subprocess.run(
        [sys.executable, "-m", "perfstudio", *words],
        capture_output=True,
        text=True,
        timeout=patience_s,
        check=False,
        env=env,
        stdin=subprocess.DEVNULL,
    )


def _hear(said: IO[bytes], answers: queue.Queue[bytes]) -> None:
    """Hand on each line, and an empty one where it ended."""
    for line in said:
        answers.put(line)
    answers.put(b"")


def _read(sent: str) -> str:
    """As `subprocess` reads text."""
    text = base64.b64decode(sent).decode(locale.getpreferredencoding(False))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def serve() -> None:
    """The process: a line for each order, and one for each answer, until there are no more orders."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)  # what a verb begins shall not speak between
    quick_keys(setattr)  # as in every test (tests/conftest.py)
    no_keyring(setattr)
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    for order in orders:
        answer = _answer(json.loads(order))
        for number, handler in handlers.items():
            signal.signal(number, handler)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    """Become the program, and be it no longer when it ends."""
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    sys.argv = ["perfstudio", *order["words"]]
    encoding, ours = locale.getpreferredencoding(False), (sys.stdin, sys.stdout, sys.stderr)
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    err = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")
    with Path(os.devnull).open(encoding=encoding) as nothing:
        sys.stdin, sys.stdout, sys.stderr = nothing, out, err
        code = _run()
        sys.stdin, sys.stdout, sys.stderr = ours
    return {"code": code, "out": _sent(out), "err": _sent(err)}


def _sent(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return base64.b64encode(stream.buffer.getvalue()).decode()  # type: ignore[attr-defined]


def _run() -> int:
    code = exit_code()
    _leave()
    return code


def _leave() -> None:
    """What the end of an interpreter does: threads are waited for, children ended, what nobody holds is closed."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    for child in multiprocessing.active_children():
        if child.daemon:
            child.terminate()
        child.join()
    gc.collect()
