"""The signing key: real keyrings, no keyring, locked, hanging and plain-text ones, and the passphrase file."""

from __future__ import annotations

import json
import os
import sys
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, fail, null

from perfstudio.consent import keyfile, keys, vault
from perfstudio.consent.keys import KeyStorage, key_state, keyring_works, open_signing_key, retire_signing_key
from perfstudio.consent.vault import TimedKeyring, find_vault, within
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import SigningKey, is_signed
from rigs.systems import mode_of, private

linux = pytest.mark.skipif(sys.platform != "linux", reason="the keyrings of this test are those of Linux desktops")
SECRET = "correct horse battery"
BY_DEFAULT = keyfile.STRETCH
"""How far a passphrase is stretched where no test says otherwise."""
ITS_OWN_SALT = keyfile._salt


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """No back end is a real one: what a machine without a desktop looks like."""
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least stretching that is accepted, so that many passphrases can be tried."""
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)


class Backend(KeyringBackend):
    """A keyring in memory, made to look like a real one by `real`."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.values[service, username]


class Hanging(Backend):
    """A keyring whose calls come back only when the test lets them."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.let_go.wait()
        return None

    set_password = get_password  # type: ignore[assignment]


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the test's own back ends for real ones."""
    names = tuple(f"{kind.__module__}.{kind.__qualname__}" for kind in (Backend, Hanging))
    monkeypatch.setattr(vault, "REAL_BACKENDS", names)


def problem(act: object) -> ConsentError:
    with pytest.raises(ConsentError) as caught:
        act()  # type: ignore[operator]
    return caught.value


def test_without_a_keyring_the_caller_is_told_and_nothing_is_written(tmp_path: Path, no_keyring: None) -> None:
    assert problem(lambda: open_signing_key(tmp_path)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    assert problem(lambda: open_signing_key(tmp_path, passphrase=lambda: None)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    short = problem(lambda: open_signing_key(tmp_path, passphrase=lambda: "seven77"))
    assert (short.code, short.facts["minimum"]) == (ErrorCode.KEY_PASSPHRASE_SHORT, 8)
    assert key_state(tmp_path) is KeyStorage.NONE
    assert list(tmp_path.rglob("*")) == []


def test_the_passphrase_file_opens_with_its_passphrase_only(tmp_path: Path, no_keyring: None) -> None:
    made = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    assert key_state(tmp_path) is KeyStorage.FILE
    again = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    assert is_signed(again.sign(b"x"), b"x", made.public_key)
    assert problem(lambda: open_signing_key(tmp_path)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    wrong = problem(lambda: open_signing_key(tmp_path, passphrase=lambda: SECRET + " "))
    assert wrong.code is ErrorCode.KEY_PASSPHRASE_WRONG


def test_the_file_is_private_and_holds_no_secret_in_the_clear(
    tmp_path: Path, no_keyring: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyfile, "STRETCH", BY_DEFAULT)
    key = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    (file,) = (tmp_path / "keys").iterdir()
    if os.name == "posix":
        assert mode_of(file) == private(0o600)
        assert mode_of(file.parent) == private(0o700)
    text = file.read_text()
    for secret in (SECRET, key.seed().hex(), keys.b64url(key.seed())):
        assert secret not in text
    box = json.loads(text)["box"]
    assert (box["kdf"], box["n"], box["r"]) == ("scrypt", 1 << 17, 8)


def test_every_key_file_has_a_salt_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "_salt", ITS_OWN_SALT)
    monkeypatch.setattr(keyfile, "_stretch", lambda box, text: sha256((box.salt + text).encode()).digest())
    key = SigningKey.generate()
    boxes = [keyfile.lock(key, SECRET) for _ in range(3)]
    assert len({box.salt for box in boxes}) == len({box.nonce for box in boxes}) == 3
    assert all(len(urlsafe_b64decode(box.salt + "==")) == 16 for box in boxes)
    assert keyfile.unlock(boxes[0], SECRET).seed() == key.seed()


def test_every_edit_of_the_key_file_is_refused(tmp_path: Path, no_keyring: None, quick: None) -> None:
    open_signing_key(tmp_path, passphrase=lambda: SECRET)
    path = tmp_path / "keys" / "signing-key.json"
    good = json.loads(path.read_text())
    assert good["box"]["n"] == 1 << 14
    for name in ("salt", "nonce", "public_key", "box"):
        bad = json.loads(json.dumps(good))
        bad["box"][name] = ("A" if bad["box"][name][0] != "A" else "B") + bad["box"][name][1:]
        path.write_text(json.dumps(bad))
        assert problem(lambda: open_signing_key(tmp_path, passphrase=lambda: SECRET)).code in {
            ErrorCode.KEY_PASSPHRASE_WRONG,
            ErrorCode.KEY_UNAVAILABLE,
        }
    good["box"]["n"] = 1 << 30  # would take 1 TiB of memory
    path.write_text(json.dumps(good))
    assert problem(lambda: open_signing_key(tmp_path, passphrase=lambda: SECRET)).code is ErrorCode.KEY_DAMAGED
    path.write_text("{")
    assert problem(lambda: key_state(tmp_path)).code is ErrorCode.KEY_DAMAGED


def test_a_key_is_never_overwritten(tmp_path: Path, no_keyring: None, quick: None) -> None:
    """Four windows open at once: one key is made, everybody signs with it."""
    made: list[str] = []

    def work() -> None:
        made.append(open_signing_key(tmp_path, passphrase=lambda: SECRET).public_key)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert set(made) == {open_signing_key(tmp_path, passphrase=lambda: SECRET).public_key}
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_a_retired_key_is_kept_and_the_next_one_is_new(tmp_path: Path, no_keyring: None, quick: None) -> None:
    first = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    retire_signing_key(tmp_path)
    retire_signing_key(tmp_path)
    assert key_state(tmp_path) is KeyStorage.NONE
    assert open_signing_key(tmp_path, passphrase=lambda: SECRET).public_key != first.public_key
    assert len(list((tmp_path / "keys").glob("*.json"))) == 2


def test_in_a_keyring_the_home_holds_no_secret(tmp_path: Path, real: None) -> None:
    backend = Backend()
    key = open_signing_key(tmp_path, vault=TimedKeyring(backend))
    assert key_state(tmp_path) is KeyStorage.KEYRING
    assert len(backend.values) == 1
    assert open_signing_key(tmp_path, vault=TimedKeyring(backend)).public_key == key.public_key
    for file in (f for f in tmp_path.rglob("*") if f.is_file()):
        assert keys.b64url(key.seed()) not in file.read_text()


def test_two_homes_on_one_machine_have_two_keys(tmp_path: Path, real: None) -> None:
    backend = Backend()
    one, two = (open_signing_key(tmp_path / name, vault=TimedKeyring(backend)) for name in ("one", "two"))
    assert one.public_key != two.public_key
    assert open_signing_key(tmp_path / "one", vault=TimedKeyring(backend)).public_key == one.public_key


def test_crd_4_a_keyring_that_lost_the_key_is_told_and_no_new_key_slips_in(tmp_path: Path, real: None) -> None:
    open_signing_key(tmp_path, vault=TimedKeyring(Backend()))
    other = TimedKeyring(Backend())
    error = problem(lambda: open_signing_key(tmp_path, vault=other, passphrase=lambda: SECRET))
    assert (error.code, error.facts["detail"]) == (ErrorCode.KEY_UNAVAILABLE, "not_there")
    assert key_state(tmp_path) is KeyStorage.KEYRING


def test_crd_2_a_refused_prompt_leads_to_the_passphrase(tmp_path: Path, real: None, quick: None) -> None:
    class Locked(Backend):
        __module__, __qualname__ = Backend.__module__, Backend.__qualname__

        def set_password(self, service: str, username: str, password: str) -> None:
            raise SecretService.KeyringLocked("dismissed")

    locked = TimedKeyring(Locked())
    assert problem(lambda: open_signing_key(tmp_path, vault=locked)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    open_signing_key(tmp_path, vault=locked, passphrase=lambda: SECRET)
    assert key_state(tmp_path) is KeyStorage.FILE


@pytest.fixture
def hanging(real: None) -> Iterator[Hanging]:
    """A hanging back end that is let go at the end, so that no thread stays behind."""
    backend = Hanging()
    yield backend
    backend.let_go.set()
    for thread in [t for t in threading.enumerate() if t.name == "keyring"]:
        thread.join(10)


def test_crd_3_a_hanging_keyring_is_given_up(tmp_path: Path, hanging: Hanging, quick: None) -> None:
    error = problem(lambda: TimedKeyring(hanging, 0.05).get("a", "b"))
    assert (error.code, error.facts["detail"]) == (ErrorCode.KEY_UNAVAILABLE, "timeout")
    open_signing_key(tmp_path, vault=TimedKeyring(hanging, 0.05), passphrase=lambda: SECRET)
    assert key_state(tmp_path) is KeyStorage.FILE


def test_within_gives_the_name_of_a_failure_and_nothing_more() -> None:
    error = problem(lambda: within(lambda: open("/nowhere/secret"), 5.0))  # noqa: PTH123, SIM115
    assert error.facts == {"detail": "FileNotFoundError"}


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, Backend])
def test_crd_7_a_back_end_that_is_not_a_real_one_is_refused(backend: type[KeyringBackend]) -> None:
    assert problem(lambda: TimedKeyring(backend())).facts["detail"] == "not_allowed"


def test_asking_where_the_key_is_touches_no_keyring(tmp_path: Path, hanging: Hanging) -> None:
    assert key_state(tmp_path) is KeyStorage.NONE
    assert [t for t in threading.enumerate() if t.name == "keyring"] == []


def test_whether_a_keyring_works_is_a_question_that_ends(no_keyring: None) -> None:
    assert find_vault() is None
    assert keyring_works() is False
