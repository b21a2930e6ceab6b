"""Our receiver as a process of its own, so that it can be killed the hard way and started again."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from take_bundles import STUDIO, TOKEN, studio_at

from perfstudio.model.delivery import Studio
from rigs.systems import WINDOWS

ENDED = -signal.SIGTERM if WINDOWS else 0
"""Nobody can be asked to end in order there: the system ends it."""


def receive(say: Connection, folder: Path, port: int, token: str, more: tuple[int, str]) -> None:
    """In the process: say (port, new token) once it answers, and receive until it is ended."""
    from perfstudio.receiver.serve import Receiver, ReceiverSettings, serve
    from perfstudio.receiver.takes import ReceiverLimits

    def ready(receiver: Receiver) -> None:
        say.send((receiver.port, receiver.new_token))

    keep_free, public_url = more
    settings = ReceiverSettings(studio_id=STUDIO, public_url=public_url, limits=ReceiverLimits(keep_free=keep_free))
    serve(folder, port=port, token=token or None, ready=ready, settings=settings)


@dataclass(slots=True)
class ReceiverProcess:
    """`start` again after `kill` uses the same port and folder."""

    folder: Path
    token: str = TOKEN
    port: int = 0
    keep_free: int = 1 << 20
    public_url: str = ""
    """What senders reach, where something stands between."""
    new_token: str | None = None
    process: BaseProcess | None = None

    @property
    def url(self) -> str:
        """Root address."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    def studio(self) -> Studio:
        """The document for senders."""
        public = (self.folder / ".receiver" / "studio-key.pub").read_text().strip()
        return studio_at(f"{self.url}/files", self.url, public_key=public)

    def start(self) -> None:
        """Start and wait until it answers."""
        context = multiprocessing.get_context("spawn")
        hear, say = context.Pipe(duplex=False)
        given = (say, self.folder, self.port, self.token, (self.keep_free, self.public_url))
        self.process = context.Process(target=receive, args=given, name="receiver")
        self.process.start()
        say.close()
        with hear:
            self.port, self.new_token = hear.recv()

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self._reap()

    def end(self) -> int | None:
        """SIGTERM; the exit code, `ENDED` where all is well."""
        assert self.process is not None
        self.process.terminate()
        return self._reap()

    def _reap(self) -> int | None:
        assert self.process is not None
        self.process.join(20)
        code, self.process = self.process.exitcode, None
        return code

    def parts(self) -> int:
        """Bytes in partial files."""
        return sum(part.stat().st_size for part in self.folder.glob(".receiver/takes/*/*.part"))


@contextlib.contextmanager
def receiver_process(folder: Path, **options: object) -> Iterator[ReceiverProcess]:
    """Run one for a while."""
    receiver = ReceiverProcess(folder, **options)  # type: ignore[arg-type]
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.kill()
