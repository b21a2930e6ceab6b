"""Verbs from a process that has imported them: each runs in a fork of its own, as a program would, without paying a
second for its imports each time.

A verb whose environment is read by the interpreter while it starts (encoding, language) is not for this: see
`rigs.verbs`. Linux only, where a fork of a process with one thread is safe.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from perfstudio.cli.main import VERBS
from rigs import warm_root
from rigs.built import build_documents, read_assets
from rigs.program_run import exit_code
from rigs.quick_keys import quick_keys, stretch_beforehand

STATUS = struct.Struct("!i")
READY = b"ready\n"
WARM = (
    "numpy.fft", "numpy.ma", "numpy.random", "cv2", "av", "av.subtitles.stream", "soundfile", "uvicorn", "wakepy.modes",
    "keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.kwallet",
    "keyring.backends.chainer", "keyring.backends.macOS", "keyring.backends.Windows", "zipp", "encodings.cp437",
    "cryptography.hazmat.primitives.asymmetric.ed25519", "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.scrypt", "perfstudio.session.home", "perfstudio.session.delivery.admission",
    "perfstudio.session.delivery.delivery_service", "perfstudio.session.headless.demo",
    "perfstudio.session.takes.verify_bundle", "perfstudio.delivery.deliver_now", "perfstudio.delivery.connection",
    "perfstudio.receiver.serve", "uvicorn.protocols.http.h11_impl", "uvicorn.lifespan.on", "anyio._backends._asyncio",
    "perfstudio.checks.continuity", "perfstudio.texts.errors", "perfstudio.texts.notices", "perfstudio.cli.main",
    *(f"perfstudio.cli.verbs.{verb.replace('-', '_')}" for verb in VERBS), "rigs.rehearsed",
)  # fmt: skip
"""What most verbs load sooner or later. A name that is gone costs time, not correctness."""


RUNNING: VerbServer | None = None
"""The one of this process of tests, while a test asks for it."""


class Verb:
    """One that runs."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self.pid: int = STATUS.unpack(_exactly(asked, STATUS.size))[0]

    def wait(self, patience_s: float) -> int:
        """Its exit code; TimeoutError while it still runs."""
        with self._asked as asked:
            asked.settimeout(patience_s)
            code: int = STATUS.unpack(_exactly(asked, STATUS.size))[0]
        return code


class VerbServer:
    """The warm process, and how to ask it. One for each process of tests."""

    def __init__(self, folder: Path, *, anew: bool = False) -> None:
        """`anew`: by an interpreter that starts now, and reads what it reads at the start."""
        self._address = str(folder / "verbs")
        self._process: subprocess.Popen[bytes] | None = None
        (stdin, self._until), (self._words, stdout) = os.pipe(), os.pipe()
        if anew or not warm_root.forked(f"{__name__}:serve", [self._address], [stdin, stdout, 2]):
            command = [sys.executable, "-c", "import sys, rigs.verb_server as v; v.serve(sys.argv[1])", self._address]
            env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            self._process = subprocess.Popen(command, env=env, stdin=stdin, stdout=stdout, start_new_session=True)
        os.close(stdin)
        os.close(stdout)
        assert os.read(self._words, 64) == READY

    def start(self, words: list[str], env: dict[str, str], out: int, err: int) -> Verb:
        """`python -m perfstudio WORDS` with nothing on standard input; `out` and `err` are descriptors."""
        request = json.dumps({"words": words, "env": env, "folder": str(Path.cwd())}).encode(errors="surrogateescape")
        asked = socket.socket(socket.AF_UNIX)
        asked.connect(self._address)
        socket.send_fds(asked, [STATUS.pack(len(request))], [out, err])
        asked.sendall(request)
        return Verb(asked)

    def run(self, words: list[str], env: dict[str, str], patience_s: float) -> subprocess.CompletedProcess[str]:
        """The same, to its end; raises TimeoutExpired."""
        with os.fdopen(os.memfd_create("out"), "w+b") as out, os.fdopen(os.memfd_create("err"), "w+b") as err:
            verb = self.start(words, env, out.fileno(), err.fileno())
            try:
                code = verb.wait(patience_s)
            except TimeoutError:
                os.kill(verb.pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(words, patience_s) from None
            said = [io.TextIOWrapper(stream, errors="surrogateescape") for stream in (out, err)]
            for text in said:
                text.seek(0)
            return subprocess.CompletedProcess(words, code, *(text.read() for text in said))

    def close(self) -> None:
        """End it."""
        os.close(self._until)
        os.read(self._words, 64)
        os.close(self._words)
        if self._process is not None:
            self._process.wait()


def serve(address: str) -> None:
    """The warm process: a fork for each request, until standard input ends."""
    with contextlib.suppress(PermissionError):  # it leads its session already
        os.setsid()
    warm_up()
    quick_keys(setattr)  # as in every test (tests/conftest.py)
    stretch_beforehand()
    assert len(list(Path("/proc/self/task").iterdir())) == 1, "a fork of a process with threads is not safe"
    gc.collect()
    gc.freeze()  # what is inherited stays, and stays shared: nothing looks through it for garbage
    ended, told = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(told)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, socket.socket] = {}
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen(16)
        os.write(1, READY)
        while 0 not in (ready := select.select([door, 0, ended], [], [])[0]):
            if ended in ready:
                os.read(ended, 4096)
                _tell_ends(running)
            if door in ready:
                _begin(door.accept()[0], running, (door.fileno(), ended, told))


def warm_up() -> None:
    """What most verbs load, build and read sooner or later."""
    for name in WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    read_assets()
    build_documents()


def _begin(asked: socket.socket, running: dict[int, socket.socket], ours: tuple[int, ...]) -> None:
    """Have the verb run in a fork, which keeps nothing of `ours`, and note who waits for its end."""
    head, (out, err), _, _ = socket.recv_fds(asked, STATUS.size, 2)
    request = json.loads(_exactly(asked, STATUS.unpack(head)[0]).decode(errors="surrogateescape"))
    pid = os.fork()
    if not pid:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number in (*ours, asked.fileno(), *(other.fileno() for other in running.values())):
            os.close(number)
        _run(request, out, err)
    os.close(out)
    os.close(err)
    asked.sendall(STATUS.pack(pid))
    running[pid] = asked


def _tell_ends(running: dict[int, socket.socket]) -> None:
    """Tell how each verb ended that has, to who waits for it."""
    while running and (found := os.waitpid(-1, os.WNOHANG))[0]:
        with running.pop(found[0]) as asked, contextlib.suppress(OSError):  # nobody waits any more
            asked.sendall(STATUS.pack(os.waitstatus_to_exitcode(found[1])))


def _run(request: dict[str, Any], out: int, err: int) -> None:
    """In the fork: become the program."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in enumerate((nothing, out, err)):
        os.dup2(source, target)
        os.close(source)
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["folder"])
    sys.argv = ["perfstudio", *request["words"]]
    encoding = sys.getfilesystemencoding()
    sys.stdin = open(0, encoding=encoding, closefd=False)  # noqa: SIM115 - the program's own
    sys.stdout = open(1, "w", encoding=encoding, errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    code = 1
    try:
        code = exit_code()
    finally:
        _leave(code)


def _leave(code: int) -> None:
    """End as an interpreter does: threads are waited for, exit handlers run, streams are flushed."""
    import atexit
    import threading

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _exactly(asked: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = asked.recv(size - len(data))
        if not more:
            raise ConnectionError("the verb server ended")
        data += more
    return data
