"""Another signing key in the place of the one in use: what the old one has signed is named by it, and stays good."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from perfstudio.consent import keys
from perfstudio.consent.key_chain import OwnKeys
from perfstudio.consent.verify import verify_record
from perfstudio.durable import disk_error
from perfstudio.library.library import Library
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode, PerfstudioError
from perfstudio.model.jws import fingerprint
from perfstudio.model.key_change import MOST_PERFORMERS, KeyChange
from perfstudio.paths import AppPaths
from perfstudio.session.settings import SettingsStore
from perfstudio.session.takes.earlier_consents import earlier_records

Passphrase = Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """What a change of key came to, as it was read back."""

    change: KeyChange
    records: int
    """Consents that the old key had signed and that stay good."""
    old_left: bool = False
    """The keyring still holds the old key."""

    @property
    def fingerprint(self) -> str:
        """The new key, as receipts show it."""
        return fingerprint(self.change.new_key)


class KeyDesk:
    """Where the performer's key is looked at and changed. May wait for a keyring: use a worker."""

    def __init__(self, library: Library, settings: SettingsStore, paths: AppPaths, *, use_keyring: bool = True) -> None:
        self._library = library
        self._settings = settings
        self._home = paths.home
        self._use_keyring = use_keyring

    def own(self) -> OwnKeys:
        """The public keys of this installation. Raises ConsentError(KEY_DAMAGED)."""
        return keys.own_keys(self._home)

    def place(self) -> keys.KeyStorage:
        """Where the key is. Raises ConsentError(KEY_DAMAGED)."""
        return keys.key_state(self._home)

    def require_made(self) -> str:
        """The public key in use. Raises ConsentError: KEY_NOT_MADE, KEY_DAMAGED."""
        current = self.own().current
        if current is None:
            raise ConsentError(ErrorCode.KEY_NOT_MADE)
        return current

    def lay_aside(self) -> str:
        """Give up a key that is lost: the next signature makes a new one. Returns it. Raises ConsentError."""
        key = self.require_made()
        try:
            keys.retire_signing_key(self._home)
        except OSError as problem:
            raise disk_error(problem, self._home, ConsentError) from problem
        return key

    def away(self) -> int:
        """Takes that are not here now, so that nobody can say what was signed for them: a disk is not connected."""
        return sum(row.missing for row in self._library.list())

    def change(self, passphrase: Passphrase | None = None, new_passphrase: Passphrase | None = None) -> ChangedKey:
        """Make a new key and let the old one sign that. Studios hear of it at their next contact.

        Raises what `keys.change_signing_key` raises, and ConsentError for a disk that cannot be written.
        """
        try:
            done = keys.change_signing_key(
                self._home,
                self._signed_until_now,
                passphrase=passphrase,
                new_passphrase=new_passphrase,
                use_keyring=self._use_keyring,
            )
        except OSError as problem:
            raise disk_error(problem, self._home, ConsentError) from problem
        return ChangedKey(done.change, len(done.change.records), done.old_left)

    def _signed_until_now(self, public_key: str) -> keys.SignedUntilNow:
        signed = tuple(self._signed(public_key))
        earlier = (performer for change in self.own().changes for performer in change.performers)
        who = dict.fromkeys((self._settings.now.performer_id, *(record.subject.id for record in signed), *earlier))
        return keys.SignedUntilNow(tuple(who)[:MOST_PERFORMERS], tuple(record.digest() for record in signed))

    def _signed(self, public_key: str) -> Iterator[ConsentRecord]:
        """The records that this key has signed, also those that another replaced and those of takes that were deleted:
        a studio may have lost what it is told about. First of takes that have not left yet, each part newest first.
        """
        rows = sorted(self._library.list(), key=lambda row: bool(row.sent))
        for take_id in (*(row.take_id for row in rows), *self._library.deleted_with_papers()):
            with contextlib.suppress(PerfstudioError, OSError):  # a damaged take is sent by nobody
                standing = self._library.consent(take_id)
                for record in (standing, *earlier_records(self._library.papers_folder(take_id))):
                    if record is not None and record.public_key == public_key and not verify_record(record, None):
                        yield record
