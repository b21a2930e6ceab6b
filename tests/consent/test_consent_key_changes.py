"""The key in use is changed at once or not at all, and of the old one nothing secret stays."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from perfstudio.consent import keyfile, keys, vault
from perfstudio.consent.keys import (
    KeyStorage,
    SignedUntilNow,
    change_signing_key,
    key_state,
    open_signing_key,
    own_keys,
    while_in_use,
)
from perfstudio.consent.vault import TimedKeyring
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import SigningKey, b64url
from perfstudio.model.key_change import MOST_RECORDS, KeyChange
from rigs.waiting import stays

SECRET, NEW_SECRET = "correct horse battery", "four wet horses"
WHO = ("p-17",)


class Backend(KeyringBackend):
    """A keyring in memory, made to look like a real one; one that holds on to what it has deletes nothing."""

    priority = 1.0  # type: ignore[assignment]
    holds_on = False

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.values.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.values[username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.holds_on:
            raise RuntimeError
        del self.values[username]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "_stretch", lambda box, text: sha256((box.salt + text).encode()).digest())
    name = f"{Backend.__module__}.{Backend.__qualname__}"
    monkeypatch.setattr(vault, "REAL_BACKENDS", (name,))


def made(home: Path) -> SigningKey:
    return open_signing_key(home, passphrase=lambda: SECRET, use_keyring=False)


def until(*records: str) -> Callable[[str], SignedUntilNow]:
    return lambda key: SignedUntilNow(WHO, records)


def changed(home: Path, secret: str = SECRET, new: str = NEW_SECRET, records: tuple[str, ...] = ()) -> KeyChange:
    done = change_signing_key(
        home,
        until(*records),
        passphrase=lambda: secret,
        new_passphrase=lambda: new,
        use_keyring=False,
    )
    assert not done.old_left
    return done.change


def opened(home: Path, secret: str) -> str:
    return open_signing_key(home, passphrase=lambda: secret, use_keyring=False).public_key


def code(act: object) -> ErrorCode:
    with pytest.raises(ConsentError) as told:
        act()  # type: ignore[operator]
    return told.value.code


def test_the_new_key_takes_the_place_and_the_old_one_is_gone(tmp_path: Path) -> None:
    old = made(tmp_path)
    before = (tmp_path / "keys" / "signing-key.json").read_bytes()
    assert "changes" not in json.loads(before), "a key that was never changed is written as 0.1.0 wrote it"
    change = changed(tmp_path, records=("a" * 64,))
    assert change.holds()
    assert (change.public_key, change.performers, change.records) == (old.public_key, WHO, ("a" * 64,))
    assert opened(tmp_path, NEW_SECRET) == change.new_key
    assert code(lambda: opened(tmp_path, SECRET)) is ErrorCode.KEY_PASSPHRASE_WRONG
    own = own_keys(tmp_path)
    assert (own.current, own.changes, own.laid_aside) == (change.new_key, (change,), frozenset())
    box = json.loads(before)["box"]["box"]
    assert all(box.encode() not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    again = changed(tmp_path, NEW_SECRET)
    assert own_keys(tmp_path).changes == (change, again)


def test_what_stands_in_the_way_changes_nothing(tmp_path: Path) -> None:
    assert code(lambda: changed(tmp_path)) is ErrorCode.KEY_NOT_MADE
    assert list(tmp_path.iterdir()) == []
    old = made(tmp_path)
    before = (tmp_path / "keys" / "signing-key.json").read_bytes()
    assert code(lambda: changed(tmp_path, "wrong one here")) is ErrorCode.KEY_PASSPHRASE_WRONG
    assert code(lambda: changed(tmp_path, new="seven77")) is ErrorCode.KEY_PASSPHRASE_SHORT
    assert code(lambda: changed(tmp_path, new="")) is ErrorCode.KEY_PASSPHRASE_NEEDED
    assert (tmp_path / "keys" / "signing-key.json").read_bytes() == before
    assert opened(tmp_path, SECRET) == old.public_key


@pytest.mark.parametrize("written", [False, True], ids=["before the file has its name", "right after"])
def test_killed_in_the_middle_one_key_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, written: bool
) -> None:
    old = made(tmp_path)
    write = keys.write_durably

    def killed(path: Path, data: bytes) -> None:
        if written:
            write(path, data)
        raise KeyboardInterrupt

    monkeypatch.setattr(keys, "write_durably", killed)
    with pytest.raises(KeyboardInterrupt):
        changed(tmp_path)
    monkeypatch.setattr(keys, "write_durably", write)
    own = own_keys(tmp_path)
    if written:
        assert [change.public_key for change in own.changes] == [old.public_key]
        assert opened(tmp_path, NEW_SECRET) == own.current == own.changes[0].new_key
    else:
        assert (opened(tmp_path, SECRET), own.changes) == (old.public_key, ())
    secret = NEW_SECRET if written else SECRET
    assert changed(tmp_path, secret).public_key == own.current, "and it can be changed again"


@pytest.mark.parametrize("holds_on", [False, True])
def test_in_a_keyring_only_the_new_one_stays(tmp_path: Path, *, holds_on: bool) -> None:
    backend = Backend()
    backend.holds_on = holds_on
    ring = TimedKeyring(backend)
    old = open_signing_key(tmp_path, vault=ring)
    done = change_signing_key(tmp_path, until(), vault=ring)
    assert done.change.public_key == old.public_key
    assert done.old_left == holds_on, "and that is said"
    assert open_signing_key(tmp_path, vault=ring).public_key == done.change.new_key
    assert key_state(tmp_path) is KeyStorage.KEYRING
    assert (b64url(old.seed()) in backend.values.values()) == holds_on
    assert len(backend.values) == 1 + holds_on


def test_what_fails_in_the_middle_leaves_the_keyring_as_it_was(tmp_path: Path) -> None:
    backend = Backend()
    ring = TimedKeyring(backend)
    old = open_signing_key(tmp_path, vault=ring)

    def full(key: str) -> SignedUntilNow:
        raise OSError(28, "no space left")

    with pytest.raises(OSError, match="no space"):
        change_signing_key(tmp_path, full, vault=ring)
    assert list(backend.values.values()) == [b64url(old.seed())]
    assert open_signing_key(tmp_path, vault=ring).public_key == old.public_key


def test_two_at_once_change_it_once_and_nobody_signs_meanwhile(tmp_path: Path) -> None:
    old = made(tmp_path)

    def other() -> str:
        changed(tmp_path)
        return NEW_SECRET

    def late() -> object:
        return change_signing_key(tmp_path, until(), passphrase=lambda: SECRET, new_passphrase=other, use_keyring=False)

    assert code(late) is ErrorCode.KEY_CHANGED_MEANWHILE
    assert [change.public_key for change in own_keys(tmp_path).changes] == [old.public_key]
    assert code(while_in_use(tmp_path, old.public_key).__enter__) is ErrorCode.KEY_CHANGED_MEANWHILE
    with while_in_use(tmp_path, own_keys(tmp_path).current or ""):
        changing = threading.Thread(target=changed, args=(tmp_path, NEW_SECRET))
        changing.start()
        stays(lambda: len(own_keys(tmp_path).changes) == 1, 0.1)
    changing.join()
    assert len(own_keys(tmp_path).changes) == 2


def test_a_folder_that_cannot_be_written_lets_the_key_sign_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = made(tmp_path)

    def refused(*words: object) -> int:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(keys.os, "open", refused)
    with while_in_use(tmp_path, old.public_key):
        assert opened(tmp_path, SECRET) == old.public_key
    with pytest.raises(OSError, match="read-only"):
        changed(tmp_path)
    assert opened(tmp_path, SECRET) == old.public_key


def test_the_list_of_what_was_signed_has_an_end(tmp_path: Path) -> None:
    made(tmp_path)
    change = changed(tmp_path, records=tuple(f"{number:064x}" for number in range(MOST_RECORDS + 5)))
    assert change.records[0] == "0" * 64
    assert len(change.records) == MOST_RECORDS
    assert len(change.canonical()) < 256 << 10, "a receiver reads so much of a message"
    assert own_keys(tmp_path).changes == (change,)
