"""The one signing key of an installation: in the system keyring, or in a passphrase-protected file.

`<home>/keys/signing-key.json` says where the key is and what its public half is, and is never overwritten. Which place
is used is decided once, when the key is made: a keyring that is gone later is told as KEY_UNAVAILABLE, and never
silently replaced by a new key. `change_signing_key` puts another in its place: key and the change that both signed are
one file, which is replaced at once, so a kill leaves the old key or the new one and never neither. `retire_signing_key`
lays one aside that cannot sign any more. What an earlier key signed stays verifiable.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from perfstudio.consent.key_chain import OwnKeys
from perfstudio.consent.keyfile import MIN_PASSPHRASE, KeyBox, lock, unlock, write_once
from perfstudio.consent.vault import DEADLINE_S, TimedKeyring, find_vault
from perfstudio.durable import remove, rename_durably, take_lock, write_durably
from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.ids import new_id
from perfstudio.model.jws import SigningKey, b64url, from_b64url
from perfstudio.model.key_change import KEY_CHANGE_BYTES, MOST_CHANGES, MOST_RECORDS, KeyChange
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError

Passphrase = Callable[[], str | None]
"""Asks the person; None means they would rather not."""

FOLDER = "keys"
"""Below the home: the key in use, and those that were laid aside."""
SERVICE = "perfstudio signing key"
_NOT_TO_BE_WRITTEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_CARD_BYTES = MOST_CHANGES * KEY_CHANGE_BYTES
_CARD_ITEMS = 2 * MOST_CHANGES * MOST_RECORDS


class KeyStorage(StrEnum):
    """Where the key of this installation is."""

    KEYRING = "keyring"
    FILE = "file"
    NONE = "none"


class KeyCard(Document):
    """signing-key.json: where the key is, without the key."""

    format: Literal["perfstudio-key/1"] = "perfstudio-key/1"
    installation: str
    place: Literal["keyring", "file"]
    backend: str = ""
    public_key: str
    box: KeyBox | None = None
    """The sealed key itself, when its place is this file."""
    changes: tuple[KeyChange, ...] = ()
    """How this key came in the place of the ones before, in their order."""

    def to_json(self) -> dict[str, Any]:
        """As it is kept. A key that was never changed is written as it always was."""
        plain = super().to_json()
        changes = [change.to_json() for change in self.changes]
        return plain | {"changes": changes} if changes else {k: v for k, v in plain.items() if k != "changes"}


def key_state(home: Path) -> KeyStorage:
    """Where the key is. Reads one small file: touches no keyring, asks nothing. Raises ConsentError(KEY_DAMAGED)."""
    card = _card(home)
    return KeyStorage(card.place) if card else KeyStorage.NONE


def keyring_works(deadline_s: float = 5.0) -> bool:
    """Whether a new key would go into a system keyring: what to tell the person before the first signature."""
    return find_vault(deadline_s) is not None


def open_signing_key(
    home: Path,
    *,
    passphrase: Passphrase | None = None,
    vault: TimedKeyring | None = None,
    use_keyring: bool = True,
    deadline_s: float = DEADLINE_S,
) -> SigningKey:
    """The signing key, made on the first call. May wait for a keyring prompt, so never on the window's thread.

    A new key goes into the system keyring; where there is none, or it stays locked, or it is not to be used (a home
    that will be thrown away), into a file under `passphrase()`.
    Raises ConsentError: KEY_PASSPHRASE_NEEDED (none given; minimum: for a new key), KEY_PASSPHRASE_SHORT (a new one),
    KEY_PASSPHRASE_WRONG, KEY_UNAVAILABLE (the keyring that holds the key is gone, locked or silent; detail),
    KEY_DAMAGED.
    """
    card = _card(home)
    if card is None:
        return _make(home, passphrase, vault or (find_vault(deadline_s) if use_keyring else None))
    if card.box is not None:
        return _matching(unlock(card.box, _ask(passphrase)), card)
    return _from_keyring(card, vault or find_vault(deadline_s))


def own_keys(home: Path) -> OwnKeys:
    """What is known here of the keys of this installation. Touches no keyring. Raises ConsentError(KEY_DAMAGED)."""
    card, aside = _card(home), list(_laid_aside(home))
    changes = {change.new_key: change for known in (*aside, *([card] if card else ())) for change in known.changes}
    given_up = frozenset(known.public_key for known in aside)
    return OwnKeys(card.public_key if card else None, tuple(changes.values()), given_up)


@dataclass(frozen=True, slots=True)
class SignedUntilNow:
    """What a key has signed when it is changed."""

    performers: tuple[str, ...]
    """Whose key it is."""
    records: tuple[str, ...]
    """The hashes of the consents, the ones that matter most first; what is beyond `MOST_RECORDS` is not named."""


@dataclass(frozen=True, slots=True)
class KeyReplaced:
    """A change, read back."""

    change: KeyChange
    old_left: bool
    """The keyring did not let go of the old key."""


def change_signing_key(
    home: Path,
    signed: Callable[[str], SignedUntilNow],
    *,
    passphrase: Passphrase | None = None,
    new_passphrase: Passphrase | None = None,
    vault: TimedKeyring | None = None,
    use_keyring: bool = True,
    deadline_s: float = DEADLINE_S,
) -> KeyReplaced:
    """Put a new key in the place of the one in use, which signs that first and nothing after.

    `signed` says what the old key has signed; meanwhile nobody signs (`while_in_use`). The new key goes where
    `open_signing_key` would put it. Raises what that raises, KEY_NOT_MADE, KEY_CHANGED_OFTEN, KEY_CHANGED_MEANWHILE,
    and OSError.
    """
    card = _card(home)
    if card is None:
        raise ConsentError(ErrorCode.KEY_NOT_MADE)
    if len(card.changes) >= MOST_CHANGES:
        raise ConsentError(ErrorCode.KEY_CHANGED_OFTEN)
    vault = vault or (find_vault(deadline_s) if use_keyring or card.box is None else None)
    old = open_signing_key(home, passphrase=passphrase, vault=vault, use_keyring=use_keyring)
    new = SigningKey.generate()
    draft = (_card_in_keyring(new, vault) if vault and use_keyring else None) or _card_in_file(
        new, _ask(new_passphrase, minimum=MIN_PASSPHRASE)
    )
    with contextlib.ExitStack() as undone:
        undone.callback(_dropped, draft, vault)
        with while_in_use(home, card.public_key):
            until = signed(card.public_key)
            change = KeyChange.made(
                old, new, performers=until.performers, at=utc_now(), records=until.records[:MOST_RECORDS]
            )
            made = draft.model_copy(update={"changes": (*card.changes, change)})
            for left in _path(home).parent.glob(f".{_path(home).name}.*.tmp"):  # of a change that was killed
                remove(left)
            write_durably(_path(home), json.dumps(made.to_json(), indent=2).encode() + b"\n")
            undone.pop_all()
            if _card(home) != made:
                raise ConsentError(ErrorCode.KEY_DAMAGED, file=f"{FOLDER}/{_path(home).name}")
    return KeyReplaced(change, old_left=not _dropped(card, vault))


@contextlib.contextmanager
def while_in_use(home: Path, public_key: str) -> Iterator[None]:
    """This key is the one in use, and is not changed meanwhile. Raises ConsentError: KEY_NOT_MADE, KEY_DAMAGED,
    KEY_CHANGED_MEANWHILE.
    """
    with _alone(_path(home).parent):
        card = _card(home)
        if card is None or card.public_key != public_key:
            raise ConsentError(ErrorCode.KEY_CHANGED_MEANWHILE)
        yield


def retire_signing_key(home: Path) -> None:
    """Lay the key aside, so that the next signature makes a new one. Records signed so far stay verifiable."""
    path = _path(home)
    if path.exists():
        with _alone(path.parent):
            rename_durably(path, path.with_name(f"retired-{new_id()}.json"))


def _make(home: Path, passphrase: Passphrase | None, vault: TimedKeyring | None) -> SigningKey:
    key = SigningKey.generate()
    card = (_card_in_keyring(key, vault) if vault else None) or _card_in_file(
        key, _ask(passphrase, minimum=MIN_PASSPHRASE)
    )
    if write_once(_path(home), card):
        return key
    if vault and card.box is None:  # another window of ours was first
        vault.drop(SERVICE, card.installation)
    return open_signing_key(home, passphrase=passphrase, vault=vault)


def _card_in_keyring(key: SigningKey, vault: TimedKeyring) -> KeyCard | None:
    card = KeyCard(installation=new_id(), place="keyring", backend=vault.name, public_key=key.public_key)
    try:
        vault.put(SERVICE, card.installation, b64url(key.seed()))
    except ConsentError:
        return None
    return card


def _card_in_file(key: SigningKey, passphrase: str) -> KeyCard:
    return KeyCard(installation=new_id(), place="file", public_key=key.public_key, box=lock(key, passphrase))


def _dropped(card: KeyCard, vault: TimedKeyring | None) -> bool:
    """Whether no keyring holds the key of this card any more."""
    if card.box is not None:
        return True
    with contextlib.suppress(ConsentError):
        if vault is not None:
            vault.drop(SERVICE, card.installation)
            return vault.get(SERVICE, card.installation) is None
    return False


def _from_keyring(card: KeyCard, vault: TimedKeyring | None) -> SigningKey:
    if vault is None:
        raise ConsentError(ErrorCode.KEY_UNAVAILABLE, detail="no_keyring")
    seed = from_b64url(vault.get(SERVICE, card.installation) or "")
    if not seed or len(seed) != 32:
        raise ConsentError(ErrorCode.KEY_UNAVAILABLE, detail="not_there")
    return _matching(SigningKey(seed), card)


def _matching(key: SigningKey, card: KeyCard) -> SigningKey:
    if key.public_key != card.public_key:
        raise ConsentError(ErrorCode.KEY_UNAVAILABLE, detail="other_key")
    return key


def _ask(passphrase: Passphrase | None, **facts: int) -> str:
    answer = passphrase() if passphrase else None
    if not answer:
        raise ConsentError(ErrorCode.KEY_PASSPHRASE_NEEDED, **facts)
    return answer


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else changes the key meanwhile; whoever comes waits. Where nothing can be written nobody can."""
    if not folder.is_dir():
        raise ConsentError(ErrorCode.KEY_NOT_MADE)
    with contextlib.ExitStack() as held:
        try:
            descriptor = os.open(folder / "change.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as refused:
            if refused.errno not in _NOT_TO_BE_WRITTEN:
                raise
        else:
            lock = held.enter_context(os.fdopen(descriptor, "r+b"))
            take_lock(lock.fileno(), wait=True)
        yield


def _card(home: Path) -> KeyCard | None:
    return _read(_path(home))


def _laid_aside(home: Path) -> Iterator[KeyCard]:
    for file in sorted(_path(home).parent.glob("retired-*.json")):
        with contextlib.suppress(ConsentError):  # one that cannot be read vouches for nothing
            if (known := _read(file)) is not None:
                yield known


def _read(path: Path) -> KeyCard | None:
    try:
        return read_document(path.read_bytes(), KeyCard, limit=_CARD_BYTES, max_items=_CARD_ITEMS, own_words=True)
    except FileNotFoundError:
        return None
    except (OSError, JsonProblemError):
        raise ConsentError(ErrorCode.KEY_DAMAGED, file=f"{FOLDER}/{path.name}") from None


def _path(home: Path) -> Path:
    return home / FOLDER / "signing-key.json"
