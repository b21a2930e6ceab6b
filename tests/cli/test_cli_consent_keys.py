"""`consent sign` and the key: none yet, one in a file, one in a keyring; every state of it has true words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from consent_desk import NOT_YET, PROTECTED, SECRET, TAKE, THOUGHT_OVER, Desk, Keyring, KeyringLocked, Types

from perfstudio.cli import passphrase
from perfstudio.consent import vault
from perfstudio.model.consent import UseId
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home

# no key yet


def test_without_key_keyring_and_terminal_it_says_what_to_do(desk: Desk) -> None:
    code, _, err = desk.sign()
    assert code == 1
    assert NOT_YET in err
    assert passphrase.VARIABLE in err
    assert PROTECTED not in err
    assert not desk.key.exists()
    assert not desk.signed()


def test_a_new_key_is_announced_and_its_passphrase_typed_twice(desk: Desk, terminal: Types) -> None:
    asked = terminal("short", SECRET, "another one", SECRET, SECRET)
    code, out, err = desk.sign()
    assert code == 0
    assert NOT_YET in err
    assert [prompt.startswith("New passphrase") for prompt in asked] == [True, True, False, True, False]
    assert "at least 8" in err
    assert "do not match" in err
    assert "Your signing key was made" in out
    assert desk.signed()


@pytest.mark.parametrize("lines", [(), ("",), (SECRET, "")])
def test_who_would_rather_not_has_changed_nothing(desk: Desk, terminal: Types, lines: tuple[str, ...]) -> None:
    terminal(*lines)
    code, _, err = desk.sign()
    assert code == 1
    assert "Nothing was changed" in err
    assert not desk.key.exists()


def test_a_keyring_takes_the_new_key_and_nothing_is_asked(desk: Desk, keyring: object, terminal: Types) -> None:
    asked = terminal()
    code, out, err = desk.sign()
    assert (code, asked, err) == (0, [], "")
    assert "It is kept in this computer's password store." in out


def test_a_keyring_that_refuses_leads_to_a_new_passphrase(desk: Desk, keyring: type[Keyring], terminal: Types) -> None:
    keyring.trouble = KeyringLocked()
    asked = terminal(SECRET, SECRET)
    code, out, err = desk.sign()
    assert code == 0
    assert len(asked) == 2
    assert NOT_YET in err
    assert "locked with your passphrase" in out


# a key in a file


def test_a_locked_key_without_a_terminal_says_what_to_do(
    desk: Desk, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sign()
    monkeypatch.delenv(passphrase.VARIABLE)
    code, _, err = desk.type("withdraw", TAKE)
    assert code == 1
    assert PROTECTED in err
    assert passphrase.VARIABLE in err
    assert NOT_YET not in err


def test_a_locked_key_asks_once_and_a_wrong_passphrase_changes_nothing(desk: Desk, terminal: Types) -> None:
    terminal(SECRET, SECRET)
    desk.sign()
    asked = terminal("three wild horses")
    code, _, err = desk.type("withdraw", TAKE)
    assert (code, asked) == (1, ["Passphrase of your signing key: "])
    assert "not the passphrase" in err
    assert "Nothing was changed" in err
    asked = terminal(SECRET)
    assert desk.type("withdraw", TAKE)[0] == 0
    assert len(asked) == 1


def test_a_wrong_passphrase_names_the_file_it_came_from(desk: Desk, passphrase_file: Path) -> None:
    desk.sign()
    passphrase_file.write_text("three wild horses")
    code, _, err = desk.type("withdraw", TAKE)
    assert code == 1
    assert str(passphrase_file) in err
    assert "not the passphrase" in err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "missing"),
        (lambda file: (file.unlink(), file.mkdir()), "cannot be read"),
        (lambda file: file.write_bytes(b" \r\n"), "empty"),
        (lambda file: file.write_bytes(b"\xff\xfe\x00"), "not UTF-8"),
    ],
)
def test_a_file_that_gives_no_passphrase_is_named(
    desk: Desk, passphrase_file: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(passphrase_file)
    code, _, err = desk.sign()
    assert code == 1
    assert str(passphrase_file) in err
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert not desk.key.exists()


@pytest.mark.parametrize("written", [f"{SECRET}\r\n", f"\ufeff{SECRET}\n", SECRET])
def test_the_file_may_come_from_any_editor(desk: Desk, passphrase_file: Path, written: str) -> None:
    desk.sign()
    passphrase_file.write_bytes(written.encode())
    assert desk.type("withdraw", TAKE)[0] == 0


def test_a_damaged_key_is_said_and_hides_nothing(desk: Desk, passphrase_file: Path) -> None:
    desk.key.write_text("{")
    assert desk.type("show", TAKE)[0] == 0
    code, _, err = desk.sign()
    assert code == 1
    assert "keys/signing-key.json" in err
    assert "move it" in err
    desk.key.rename(desk.key.with_name("old.json"))
    assert desk.sign()[0] == 0, "as the sentence said"


# a key in a keyring


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (lambda keyring, patch: setattr(keyring, "trouble", KeyringLocked()), "locked"),
        (lambda keyring, patch: setattr(keyring, "values", {}), "no longer has it"),
        (lambda keyring, patch: patch.setattr(vault, "REAL_BACKENDS", ()), "none answers here"),
    ],
)
def test_a_keyring_without_the_key_says_why_and_asks_for_no_passphrase(
    desk: Desk,
    keyring: type[Keyring],
    terminal: Types,
    *,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[type[Keyring], pytest.MonkeyPatch], object],
    said: str,
) -> None:
    assert desk.sign()[0] == 0
    trouble(keyring, monkeypatch)
    asked = terminal(SECRET, SECRET)
    code, _, err = desk.type("withdraw", TAKE)
    assert (code, asked) == (1, [])
    assert said in err
    assert "passphrase" not in err
    keyring.trouble = None


# as it is typed


@pytest.mark.skipif(os.name != "posix", reason="a terminal of its own is a thing of posix")
def test_a_whole_signature_at_a_real_terminal(desk: Desk) -> None:
    import pty

    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "perfstudio", "consent", "sign", TAKE, "--uses", "store_review", "--name", "Ines"]
    words += ["--adult", "--thought-over", THOUGHT_OVER]
    env = {**os.environ, "PERFSTUDIO_HOME": str(desk.home), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    with subprocess.Popen(
        words, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env=env, start_new_session=True
    ) as signing:
        os.close(theirs)
        seen = _until(ours, b"New passphrase")
        os.write(ours, f"{SECRET}\n".encode())
        seen += _until(ours, b"again")
        os.write(ours, f"{SECRET}\n".encode())
        _until(ours, None)
        assert signing.wait(timeout=100) == 0
    os.close(ours)
    assert NOT_YET.encode() in seen
    with Home(AppPaths(desk.home)) as home:
        assert home.consents.record(home.takes.find(TAKE)).granted() == {UseId.STORE_REVIEW}


def _until(terminal: int, words: bytes | None) -> bytes:
    seen = b""
    while words is None or words not in seen:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        seen += more
    return seen
