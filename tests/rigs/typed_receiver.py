"""`perfstudio receive` as a studio types it, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


class TypedReceiver:
    """Runs until `end`. `said` is its JSON document."""

    def __init__(self, folder: Path, *words: str | Path, port: int = 0) -> None:
        """Start and wait until it listens."""
        command = ["receive", "--folder", folder, "--port", port, *words, "--json"]
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "perfstudio", *map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        lines: list[str] = []
        while not (lines and lines[-1] == "}\n"):
            lines.append(self._process.stdout.readline())
            assert lines[-1], "the receiver ended"
        self.said = json.loads("".join(lines))
        self.url: str = self.said["url"]
        self.port: int = self.said["port"]

    def end(self) -> str:
        """End it; what it said on stderr."""
        if self._process.stdout is None or self._process.stdout.closed:
            return ""
        self._process.terminate()
        _, err = self._process.communicate(timeout=30)
        return err
