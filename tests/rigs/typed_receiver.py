"""`perfstudio receive` as a studio types it, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rigs import verb_server

END_S = 30.0


class TypedReceiver:
    """Runs until `end`. `said` is its JSON document, `code` its exit code at the end."""

    code: int | None = None

    def __init__(self, folder: Path, *words: str | Path, port: int = 0) -> None:
        """Start and wait until it listens."""
        command = ["receive", "--folder", str(folder), "--port", str(port), *map(str, words), "--json"]
        self.folder = folder
        reading, out = os.pipe()
        self._err = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lasts as long as the receiver
        self._end = _start(command, out, self._err.fileno())
        os.close(out)
        self._out = os.fdopen(reading)
        lines: list[str] = []
        while not (lines and lines[-1] == "}\n"):
            lines.append(self._out.readline())
            assert lines[-1], "the receiver ended"
        self.said = json.loads("".join(lines))
        self.url: str = self.said["url"]
        self.port: int = self.said["port"]

    def end(self) -> str:
        """End it; what it said on stderr."""
        if self._out.closed:
            return ""
        self.code = self._end()
        self._out.close()
        with self._err as err:
            err.seek(0)
            return err.read()


def _start(command: list[str], out: int, err: int) -> Callable[[], int]:
    """Begin a verb from the warm process, or as a program where there is none; returns what ends it."""
    if verb_server.RUNNING is not None:
        verb = verb_server.RUNNING.start(command, dict(os.environ), out, err)

        def end() -> int:
            os.kill(verb.pid, signal.SIGTERM)
            return verb.wait(END_S)

        return end
    process = subprocess.Popen([sys.executable, "-m", "perfstudio", *command], stdout=out, stderr=err)

    def stop() -> int:
        process.terminate()
        return process.wait(END_S)

    return stop
