"""The command line as a user types it: a process of its own, a home of its own.

On Linux the process is a fork of one that has imported the verbs (`rigs.verb_server`); where the environment speaks to
the interpreter itself, and on other systems, it is started anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rigs import verb_server as verb_server_module
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


@pytest.fixture(scope="session")
def verb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VerbServer | None]:
    """The warm process that verbs are forked from, or None where there is no safe fork."""
    if not sys.platform.startswith("linux"):
        yield None
        return
    verb_server_module.RUNNING = server = VerbServer(tmp_path_factory.mktemp("verbs"))
    yield server
    verb_server_module.RUNNING = None
    server.close()


@pytest.fixture
def perfstudio(home: Path, verb_server: VerbServer | None) -> Type:
    """Types `perfstudio …` and waits for the answer."""
    return typist(home, verb_server)


def typist(home: Path, verb_server: VerbServer | None) -> Type:
    """Types `perfstudio …` in a home."""

    def run(*words: str | Path, **env: str) -> Answer:
        typed, around = list(map(str, words)), {**os.environ, "PERFSTUDIO_HOME": str(home), **env}
        if verb_server is not None and not any(name.startswith(READ_AT_START) for name in env):
            done = verb_server.run(typed, around, PATIENCE_S)
        else:
            done = started(typed, around)
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


def started(words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`perfstudio …` by an interpreter that starts for it."""
    return subprocess.run(
        [sys.executable, "-m", "perfstudio", *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        env=env,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def passphrase(tmp_path: Path) -> dict[str, str]:
    """A machine without a keyring, and a performer who has chosen a passphrase."""
    return secret(tmp_path)


def secret(folder: Path) -> dict[str, str]:
    """The same passphrase in a file of this folder, and no keyring."""
    file = folder / "passphrase"
    file.write_text("three calm horses\n")
    return {"PERFSTUDIO_PASSPHRASE_FILE": str(file), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
