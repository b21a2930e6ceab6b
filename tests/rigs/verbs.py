"""The command line as a user types it: a program of its own, a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 110


@dataclass(frozen=True)
class Answer:
    """What a verb said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refused(self) -> str:
        """The one line of a refusal."""
        assert self.code == 1, self
        assert "Traceback" not in self.err, self.err
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, lines
        return lines[0]


Type = Callable[..., Answer]


@pytest.fixture
def perfstudio(home: Path) -> Type:
    """Types `perfstudio …` and waits for the answer."""

    def run(*words: str | Path, **env: str) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "perfstudio", *map(str, words)],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            env={**os.environ, "PERFSTUDIO_HOME": str(home), **env},
            stdin=subprocess.DEVNULL,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def passphrase(tmp_path: Path) -> dict[str, str]:
    """A machine without a keyring, and a performer who has chosen a passphrase."""
    file = tmp_path / "passphrase"
    file.write_text("three calm horses\n")
    return {"PERFSTUDIO_PASSPHRASE_FILE": str(file), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
