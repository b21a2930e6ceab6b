"""The system keyring, if there is a real one, behind a deadline.

Only back ends that keep secrets in the desktop's own store are used, found by asking each of them in turn. What the
environment or a configuration file names is never asked (a plain-text back end chosen by a variable would be
written to without a word). A locked or broken store can hang inside its own D-Bus call, so every call runs on a
thread of its own and is given up after a deadline; the thread is a daemon and ends with its call.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from perfstudio.model.errors import ConsentError, ErrorCode

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

REAL_BACKENDS = (
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
)
"""Everything that may hold a key; a back end is used only when its class is one of these."""

DEADLINE_S = 30.0
"""Long enough to type a keyring password into the desktop's prompt."""

ANSWER_S = 5.0
"""For the question whether a back end works at all, which asks the person nothing."""

_DETAILS = {"KeyringLocked": "locked"}
"""Failures of back ends that have a name in this house."""


class TimedKeyring:
    """One keyring back end whose every call ends within the deadline. Raises ConsentError(KEY_UNAVAILABLE, detail)."""

    def __init__(self, backend: KeyringBackend, deadline_s: float = DEADLINE_S) -> None:
        self.name = f"{type(backend).__module__}.{type(backend).__qualname__}"
        if self.name not in REAL_BACKENDS:
            raise ConsentError(ErrorCode.KEY_UNAVAILABLE, detail="not_allowed")
        self._backend = backend
        self._deadline_s = deadline_s

    def get(self, service: str, name: str) -> str | None:
        """The stored value, or None when there is none."""
        return within(lambda: self._backend.get_password(service, name), self._deadline_s)

    def put(self, service: str, name: str, value: str) -> None:
        """Store a value and read it back."""
        within(lambda: self._backend.set_password(service, name, value), self._deadline_s)
        if self.get(service, name) != value:
            raise ConsentError(ErrorCode.KEY_UNAVAILABLE, detail="read_back")

    def drop(self, service: str, name: str) -> None:
        """Delete a value from the keyring."""
        within(lambda: self._backend.delete_password(service, name), self._deadline_s)


def find_vault(deadline_s: float = DEADLINE_S) -> TimedKeyring | None:
    """The first real keyring that says it works here, or None. Reads no secret and asks the person nothing."""
    for name in REAL_BACKENDS:
        try:
            backend = within(partial(_viable, name), min(deadline_s, ANSWER_S))
        except ConsentError:
            continue
        if backend is not None:
            return TimedKeyring(backend, deadline_s)
    return None


def within(work: Callable[[], T], deadline_s: float) -> T:
    """The result of `work`, done on a thread of its own. Raises ConsentError(KEY_UNAVAILABLE, detail=...)."""
    results: list[T] = []
    failures: list[str] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as failure:  # noqa: BLE001  back ends raise whatever their system library raises
            failures.append(_DETAILS.get(type(failure).__name__, type(failure).__name__))

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(deadline_s)
    if results:
        return results[0]
    raise ConsentError(ErrorCode.KEY_UNAVAILABLE, detail=failures[0] if failures else "timeout")


def _viable(name: str) -> KeyringBackend | None:
    module_name, _, class_name = name.rpartition(".")
    try:
        kind = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, OSError):
        return None
    return kind() if kind.viable else None
