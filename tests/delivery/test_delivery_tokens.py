"""Where tokens are kept, and what happens with keyrings that are missing, locked, hanging or not trusted."""

from __future__ import annotations

import threading
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from perfstudio.delivery.origin import Origin
from perfstudio.delivery.tokens import KNOWN, LONGEST, SERVICE, StoredToken, TokenStore, system_keyring
from perfstudio.model.errors import DeliveryError, ErrorCode

HERE = Origin("https", "up.example", 443)
THERE = Origin("https", "up.example", 8443)


class Memory(KeyringBackend):
    """A keyring that works."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Memory):
    """The prompt was refused."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(password)

    get_password = set_password  # type: ignore[assignment]


def test_token_per_origin() -> None:
    vault = Memory()
    store = TokenStore(lambda: vault)
    assert store.put(HERE, "one") is StoredToken.KEYRING
    assert TokenStore(lambda: vault).get(HERE) == "one"
    assert store.get(THERE) is None
    assert vault.kept == {(SERVICE, "https://up.example:443"): "one"}
    store.forget(HERE)
    assert store.get(HERE) is None
    assert vault.kept == {}


def test_crd_1_no_keyring_is_said() -> None:
    store = TokenStore(lambda: None)
    assert store.put(HERE, "one") is StoredToken.NO_KEYRING
    assert store.get(HERE) == "one"
    assert TokenStore(lambda: None).get(HERE) is None


def test_crd_2_refused_prompt() -> None:
    store = TokenStore(Locked)
    assert store.put(HERE, "one") is StoredToken.KEYRING_LOCKED
    assert store.get(HERE) == "one"
    assert TokenStore(Locked).get(HERE) is None


def test_crd_3_hanging_keyring_is_left_alone() -> None:
    release = threading.Event()
    calls: list[str] = []

    class Hanging(Memory):
        def set_password(self, service: str, username: str, password: str) -> None:
            calls.append(username)
            release.wait(20)

    store = TokenStore(Hanging, patience_s=0.1)
    assert store.put(HERE, "one") is StoredToken.KEYRING_HANGS
    assert store.put(THERE, "two") is StoredToken.KEYRING_HANGS
    assert (store.get(HERE), store.get(THERE)) == ("one", "two")
    assert calls == [str(HERE)]
    release.set()


def test_crd_5_too_long_for_windows() -> None:
    vault = Memory()
    store = TokenStore(lambda: vault)
    assert store.put(HERE, "x" * (LONGEST + 1)) is StoredToken.TOO_LONG
    assert store.get(HERE) == "x" * (LONGEST + 1)
    assert vault.kept == {}


def test_what_is_no_token() -> None:
    with pytest.raises(DeliveryError) as refused:
        TokenStore(lambda: None).put(HERE, "two words")
    assert refused.value.code is ErrorCode.TOKEN_WRONG


def test_crd_7_plain_text_back_end_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Plaintext(Memory):
        pass

    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Plaintext())
        assert system_keyring() is None
        assert TokenStore().put(HERE, "canary-5521") is StoredToken.NO_KEYRING
        secret_service = type("Keyring", (Memory,), {"__module__": "keyring.backends.SecretService"})()
        assert "keyring.backends.SecretService.Keyring" in KNOWN
        keyring.set_keyring(secret_service)
        assert system_keyring() is secret_service
    finally:
        keyring.set_keyring(before)


def test_t15_repr_shows_nothing() -> None:
    store = TokenStore(lambda: None)
    store.put(HERE, "canary-5521")
    assert "canary" not in repr(store) + str(vars(store).get("_vault"))
