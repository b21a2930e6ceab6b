"""The command line as a user types it: a process of its own, a home of its own.

On Linux the process is a fork of one that has imported the verbs (`rigs.verb_server`), on Windows one process runs
them one after another (`rigs.verb_row`); where the environment speaks to the interpreter itself, and on macOS, it is
started anew.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rigs import verb_server as verb_server_module
from rigs.verb_row import VerbRow, started
from rigs.verb_server import VerbServer

PATIENCE_S = 110
READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_")
"""Beginnings of the names of variables that the interpreter, or what loads it, reads at the start."""


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
Warm = VerbServer | VerbRow | None
"""What runs verbs without starting an interpreter for each; None where there is nothing of the kind."""


@pytest.fixture(scope="session")
def verb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The warm process that verbs are forked from, or that runs them one after another."""
    if not sys.platform.startswith("linux"):
        row = VerbRow() if sys.platform == "win32" else None
        yield row
        if row is not None:
            row.close()
        return
    verb_server_module.RUNNING = server = VerbServer(tmp_path_factory.mktemp("verbs"))
    yield server
    verb_server_module.RUNNING = None
    server.close()


@pytest.fixture
def perfstudio(home: Path, verb_server: Warm) -> Type:
    """Types `perfstudio …` and waits for the answer."""
    return typist(home, verb_server)


def typist(home: Path, verb_server: Warm) -> Type:
    """Types `perfstudio …` in a home."""

    def run(*words: str | Path, **env: str) -> Answer:
        typed, around = list(map(str, words)), {**os.environ, "PERFSTUDIO_HOME": str(home), **env}
        if verb_server is not None and not any(name.startswith(READ_AT_START) for name in env):
            done = verb_server.run(typed, around, PATIENCE_S)
        else:
            done = started(typed, around, PATIENCE_S)
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def passphrase(tmp_path: Path) -> dict[str, str]:
    """A machine without a keyring, and a performer who has chosen a passphrase."""
    return secret(tmp_path)


def secret(folder: Path) -> dict[str, str]:
    """The same passphrase in a file of this folder, and no keyring."""
    file = folder / "passphrase"
    file.write_text("three calm horses\n")
    return {"PERFSTUDIO_PASSPHRASE_FILE": str(file), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
