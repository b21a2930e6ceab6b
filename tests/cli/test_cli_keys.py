"""`keys`: shown, changed and laid aside; nothing without being asked, and what to do when the key is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from perfstudio.cli.main import run
from perfstudio.cli.passphrase import VARIABLE
from perfstudio.consent import keyfile
from perfstudio.consent.keys import open_signing_key, own_keys
from perfstudio.model.jws import fingerprint

SECRET, NEW_SECRET = "three calm horses", "four wet horses"
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keyfile, "_stretch", lambda box, text: sha256((box.salt + text).encode()).digest())
    (tmp_path / "old").write_text(SECRET)
    (tmp_path / "new").write_text(NEW_SECRET)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "old"))
    return tmp_path / "home"


@pytest.fixture
def typed(home: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    def typed(*words: str) -> tuple[int, str, str]:
        code = run(["keys", *words, "--home", str(home)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return typed


def test_without_a_key_there_is_nothing_to_change(typed: Typed, home: Path) -> None:
    for words in (("change", "--yes"), ("lost", "--yes")):
        code, _, err = typed(*words)
        assert (code, err.strip()) == (1, "There is no signing key here yet. The first signature makes one.")
    assert typed("show")[:2] == (0, "There is no signing key here yet. Your first signature makes it.\n")
    assert json.loads(typed("show", "--json")[1]) == {
        "key": None,
        "place": "none",
        "changes": [],
        "laid_aside": [],
    }


def test_shown_changed_and_laid_aside(typed: Typed, home: Path, tmp_path: Path) -> None:
    home.mkdir()
    old = open_signing_key(home, passphrase=lambda: SECRET, use_keyring=False).public_key
    assert fingerprint(old) in typed("show")[1]
    code, out, err = typed("change")
    assert code == 1
    assert "the old one signs for it as its last act" in out
    assert "add --yes" in err
    assert own_keys(home).current == old
    code, out, _ = typed("change", "--yes", "--new-passphrase-file", str(tmp_path / "new"))
    new = own_keys(home).current
    assert new is not None
    assert code == 0
    assert f"Your new key is {fingerprint(new)}." in out
    assert f"{fingerprint(old)} signed until" in typed("show")[1]
    code, _, err = typed("change", "--yes")
    assert code == 1
    assert "set it aside with “perfstudio keys lost”" in err, "the passphrase is that of the old one"
    assert own_keys(home).current == new
    code, out, _ = typed("lost", "--yes")
    assert code == 0
    assert f"{fingerprint(new)} signs nothing more here." in out
    assert f"{fingerprint(new)} was set aside" in typed("show")[1]
    own = own_keys(home)
    assert (own.current, own.laid_aside, len(own.changes)) == (None, {new}, 1)
