"""A performer who signs at a terminal: the home with what was asked of them, their keyring, what they type."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from keyring.backend import KeyringBackend

from perfstudio.cli import passphrase
from perfstudio.cli.main import run
from perfstudio.consent import keyfile, vault
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.paths import AppPaths
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from rigs import signing_home
from rigs.asking_pack import asking_pack, write_pack

SECRET = signing_home.SECRET
TAKE = "own-door/1"
THOUGHT_OVER = "store_review"
"""The line of the pack at which a performer is told to stop and think."""
NOT_YET = "There is no signing key here yet"
PROTECTED = "locked with a passphrase"


class Keyring(KeyringBackend):
    """A keyring in memory, whose `trouble` is raised instead of an answer."""

    priority = 1.0  # type: ignore[assignment]
    values: dict[tuple[str, str], str] = {}  # noqa: RUF012 - one keyring for all who open it
    trouble: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.values.pop((service, username), None)

    def _ask(self) -> None:
        if self.trouble is not None:
            raise self.trouble


class KeyringLocked(Exception):  # noqa: N818 - as the keyring library calls it
    """The desktop's prompt was put away."""


def recorded(folder: Path, pack: dict[str, object]) -> Path:
    with Home(AppPaths(folder / "home")) as home:
        home.scenes.import_pack(write_pack(folder / "p.perfpack", pack))
        pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
        for prompt in ("thresholds/own-door", "the-letter"):
            home.takes.keep(record_take(home, prompt, pair, 1.2, RecordingHooks(threading.Event())).take_id)
    return folder / "home"


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a kept take of a pack that asks for much, and one of the practice room."""
    return recorded(tmp_path_factory.mktemp("asked"), asking_pack())


@dataclass
class Desk:
    """A performer at a computer."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str) -> tuple[int, str, str]:
        code = run(["consent", *words, "--home", str(self.home)])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def read(self, *words: str) -> Any:
        """What a program reads of it; it was done without a word of trouble."""
        code, out, err = self.type(*words, "--json")
        assert (code, err) == (0, ""), err
        return json.loads(out)

    def standing(self, take_id: str) -> list[str]:
        """The uses that stand for a take."""
        with Home(AppPaths(self.home), use_keyring=False) as home:
            return sorted(home.consents.record(take_id).granted())

    def sign(self, uses: str = "store_review", name: str = "Ines Example", *more: str) -> tuple[int, str, str]:
        return self.type("sign", TAKE, "--uses", uses, "--name", name, "--adult", "--thought-over", THOUGHT_OVER, *more)

    def sign_again(self) -> tuple[int, str, str]:
        """The other take, by somebody who has signed before."""
        return self.type("sign", TAKE, "--uses", "store_review", "--name", "Ines", "--thought-over", THOUGHT_OVER)

    @property
    def key(self) -> Path:
        return self.home / "keys" / "signing-key.json"

    def signed(self) -> bool:
        return any(self.home.glob("takes/*/consent.json"))


@pytest.fixture
def desk(asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """No keyring, no terminal, no passphrase file."""
    shutil.copytree(asked, tmp_path / "home")
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)
    monkeypatch.delenv(passphrase.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "stdin", None)
    capsys.readouterr()
    return Desk(tmp_path / "home", capsys)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Keyring]]:
    """A keyring that works, until its `trouble` is set."""
    monkeypatch.setattr(vault, "REAL_BACKENDS", (f"{Keyring.__module__}.{Keyring.__qualname__}",))
    yield Keyring
    Keyring.values, Keyring.trouble = {}, None


Types = Callable[..., list[str]]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody who types these lines; the answer collects what they were asked."""

    class Terminal:
        def isatty(self) -> bool:
            return True

    def types(*lines: str) -> list[str]:
        asked, left = [], list(lines)

        def typed(prompt: str) -> str:
            asked.append(prompt)
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr(passphrase.getpass, "getpass", typed)
        return asked

    return types


@pytest.fixture
def passphrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the variable names."""
    made = tmp_path / "passphrase.txt"
    made.write_text(f"{SECRET}\n")
    monkeypatch.setenv(passphrase.VARIABLE, str(made))
    return made
