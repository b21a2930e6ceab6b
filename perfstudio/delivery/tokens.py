"""Tokens of studios: one per origin, in the system's keyring, or for this session only, and never anywhere else.

Only known keyrings are used: a plain-text back end chosen by an environment variable is refused, a chain of back ends
is searched for the first known one. Keyrings may hang on a prompt that nobody sees, so every call has a thread and a
time limit; after one that hung, the store stays in this session's memory. Values longer than Windows takes stay there,
too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from perfstudio.delivery.http import checked_token
from perfstudio.delivery.origin import Origin

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "perfstudio delivery"
LONGEST = 1280
"""Characters: what the Windows credential store takes."""
PATIENCE_S = 10.0
_PROBE = "whether this keyring opens"

KNOWN = frozenset(
    {
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
    }
)

_T = TypeVar("_T")


class StoredToken(StrEnum):
    """Where a token is. Everything but KEYRING means: only until the app is closed, and why."""

    KEYRING = "keyring"
    NO_KEYRING = "no_keyring"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_HANGS = "keyring_hangs"
    TOO_LONG = "too_long"


class PasswordStore(Protocol):
    """What is used of a keyring."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


@dataclass(slots=True)
class _Outcome:
    value: object = None
    failed: bool = False


class TokenStore:
    """Thread-safe. `repr` shows nothing."""

    def __init__(
        self, find: Callable[[], PasswordStore | None] | None = None, *, patience_s: float = PATIENCE_S
    ) -> None:
        """`find` looks for a usable keyring; by default the system's, from the list of known ones."""
        self._find = find or system_keyring
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._session: dict[str, str] = {}
        self._vault: PasswordStore | None = None
        self._searched = False
        self._hung = False
        self._refused = False
        self._read: dict[str, str] = {}
        """What the keyring gave in this run: it is asked for each token once."""

    def get(self, origin: Origin) -> str | None:
        """The token for an origin, or None."""
        with self._lock:
            known = self._session.get(str(origin)) or self._read.get(str(origin))
            vault = self._keyring() if known is None else None
            if vault is None:
                return known
            found = self._call(lambda: vault.get_password(SERVICE, str(origin)))
            self._refused = self._refused or found.failed
            if not isinstance(found.value, str) or not found.value:
                return None
            self._read[str(origin)] = found.value
            return found.value

    def read_again(self, origin: Origin) -> None:
        """The token that the keyring gave is not good: another perfstudio may have put a new one there since."""
        with self._lock:
            self._read.pop(str(origin), None)

    @property
    def refusal(self) -> StoredToken | None:
        """Why the keyring is not asked any more in this run, where it was not opened or did not answer."""
        if self._hung:
            return StoredToken.KEYRING_HANGS
        return StoredToken.KEYRING_LOCKED if self._refused else None

    def would_keep(self) -> StoredToken:
        """Where a token of ordinary length would be kept, tried with a word that is no secret. May ask for the keyring
        to be opened."""
        with self._lock:
            kept, vault = self._try_to_keep(_PROBE, _PROBE), self._keyring()
            if kept is StoredToken.KEYRING and vault is not None:
                self._call(lambda: vault.delete_password(SERVICE, _PROBE))
            return kept

    def put(self, origin: Origin, token: str) -> StoredToken:
        """Keep a token, and say where. Raises DeliveryError(TOKEN_WRONG) for what can be no token."""
        checked_token(token, str(origin))
        with self._lock:
            self._read.pop(str(origin), None)
            self._session[str(origin)] = token
            kept = StoredToken.TOO_LONG if len(token) > LONGEST else self._try_to_keep(str(origin), token)
            if kept is StoredToken.KEYRING:
                self._read[str(origin)] = self._session.pop(str(origin))
            return kept

    def forget(self, origin: Origin) -> None:
        """Forget a token everywhere."""
        with self._lock:
            self._session.pop(str(origin), None)
            self._read.pop(str(origin), None)
            vault = self._keyring()
            if vault is not None:
                self._call(lambda: vault.delete_password(SERVICE, str(origin)))

    def __repr__(self) -> str:
        return "TokenStore(…)"

    def _keyring(self) -> PasswordStore | None:
        if not self._searched:
            self._searched = True
            found = self._call(self._find)
            self._vault = None if found.failed else found.value  # type: ignore[assignment]
        return None if self._hung or self._refused else self._vault

    def _try_to_keep(self, name: str, value: str) -> StoredToken:
        vault = self._keyring()
        if vault is None:
            return self.refusal or StoredToken.NO_KEYRING
        stored = self._call(lambda: vault.set_password(SERVICE, name, value))
        self._refused = self._refused or stored.failed
        return self.refusal or StoredToken.KEYRING

    def _call(self, work: Callable[[], _T]) -> _Outcome:
        outcome = _Outcome()

        def run() -> None:
            try:
                outcome.value = work()
            except Exception:  # noqa: BLE001 - back ends raise whatever their systems raise; the text may hold the value
                outcome.failed = True

        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(self._patience_s)
        if thread.is_alive():
            self._hung = True
            return _Outcome(failed=True)
        return outcome


def system_keyring() -> KeyringBackend | None:
    """The system's keyring if it is one of the known ones, else None."""
    import keyring  # noqa: PLC0415 - loads when somebody asks for a token

    chosen = keyring.get_keyring()
    candidates = [chosen, *getattr(chosen, "backends", ())]
    return next((backend for backend in candidates if _name(backend) in KNOWN), None)


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"
