"""Our receiver as a process of its own, so that it can be killed the hard way and started again."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from take_bundles import STUDIO, TOKEN, studio_at

from perfstudio.model.delivery import Studio

_MAIN = """
import json, sys
from pathlib import Path
from perfstudio.receiver.serve import ReceiverSettings, serve
folder, port, token, studio, keep_free = sys.argv[1:]
from perfstudio.receiver.takes import ReceiverLimits
def ready(r): print(json.dumps({"port": r.port, "new_token": r.new_token}), flush=True)
serve(Path(folder), port=int(port), token=token or None, ready=ready,
      settings=ReceiverSettings(studio_id=studio, limits=ReceiverLimits(keep_free=int(keep_free))))
"""


@dataclass(slots=True)
class ReceiverProcess:
    """`start` again after `kill` uses the same port and folder."""

    folder: Path
    token: str = TOKEN
    port: int = 0
    keep_free: int = 1 << 20
    new_token: str | None = None
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Root address."""
        return f"http://127.0.0.1:{self.port}"

    def studio(self) -> Studio:
        """The document for senders."""
        return studio_at(f"{self.url}/files", self.url)

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "-c", _MAIN, str(self.folder), str(self.port), self.token, STUDIO]
        self.process = subprocess.Popen([*command, str(self.keep_free)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        self.port, self.new_token = said["port"], said["new_token"]

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self._reap()

    def end(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.terminate()
        process = self.process
        self._reap()
        return process.returncode

    def _reap(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait(20)
        self.process.stdout.close()
        self.process = None

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
