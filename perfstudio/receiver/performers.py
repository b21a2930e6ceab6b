"""Which key a performer signs with: kept at the first take that may come, and from then on no other signs for them.

A key that was lost is replaced by a person of the studio alone, who asks the performer and accepts the new one; one
that its performer changes says so itself (`key_changes`). Taking back never depends on it: a record that is here may
grow by whatever takes back, with any key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.durable import write_durably
from perfstudio.model.base import Document, sha256_hex
from perfstudio.model.clock import utc_now
from perfstudio.model.dates import Moment
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import fingerprint, names_fingerprint
from perfstudio.model.key_change import KeyChange
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout, make_folder, read_or_none
from perfstudio.receiver.locking import held

LONGEST_ID = 200
MOST_KEYS = 1000
MOST_NAMED = 12
"""So many performers are said when one was not found."""
_MOST_BYTES = 16 << 20
_MOST_ITEMS = 200_000
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{7,63}")
"""An id that is a file's name on every system: of one case, and too long to be a device of Windows."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class SigningKeyKnown(Document):
    """One key of a performer."""

    public_key: Key
    """Ed25519, base64url without padding, as their records name it."""
    since: Moment
    how: Literal["first_contact", "accepted", "signed"]
    """It came with their first take, a person of the studio accepted it, or a change that both keys signed names it."""
    change: KeyChange | None = None
    """How it came in the place of the one before, where the performer has signed that."""


class PerformerKnown(Document):
    """Who has sent something, and the keys they signed with; the last one is good for new records."""

    format: Literal["perfstudio-performer/1"] = "perfstudio-performer/1"
    performer_id: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
    keys: tuple[SigningKeyKnown, ...] = Field(min_length=1, max_length=MOST_KEYS)
    waiting: Key | None = None
    """The key of the newest record that was turned away."""
    waiting_since: Moment | None = None


class Performers:
    """The files below one receiver's folder. Read at every question: a person may accept a key while it runs."""

    def __init__(self, layout: ReceiverLayout) -> None:
        self._folder = layout.performers
        self._lock = layout.performers_lock

    def require_key(self, performer_id: str, public_key: str) -> None:
        """A record of this performer may be signed with this key; one that waits is noted.

        Raises RefusedError: 403 another key, 507 what is known of them cannot be read.
        """
        known = self.known(performer_id)
        if known is not None and public_key not in (known.keys[-1].public_key, known.waiting):
            known = self.update(performer_id, lambda now: _turned_away(now, public_key))
        if known is not None and known.keys[-1].public_key != public_key:
            raise RefusedError(403, "key_not_known")

    def keep(self, performer_id: str, public_key: str) -> None:
        """At their first take this is their key. Raises RefusedError as `require_key` does."""
        with held(self._lock):
            if self.known(performer_id) is None:
                first = SigningKeyKnown(public_key=public_key, since=utc_now(), how="first_contact")
                self._write(PerformerKnown(performer_id=performer_id, keys=(first,)))
        self.require_key(performer_id, public_key)

    def all(self) -> tuple[PerformerKnown, ...]:
        """Everybody, by id. Raises DeliveryError(PERFORMER_UNREADABLE, file)."""
        found = []
        for file in sorted(self._folder.glob("*.json")):
            known = _read(file)
            if known is None:
                raise DeliveryError(ErrorCode.PERFORMER_UNREADABLE, file=file.name)
            found.append(known)
        return tuple(found)

    def accept_key(self, performer_id: str, named: str) -> SigningKeyKnown:
        """The key that waits is theirs from now on, if its fingerprint is the one that the performer has `named`:
        whoever sends takes in their name can make another wait at any moment.

        Raises DeliveryError: PERFORMER_UNKNOWN (id, known), PERFORMER_KEY_NONE (id), PERFORMER_KEY_OTHER (id, waiting),
        PERFORMER_UNREADABLE.
        """
        with held(self._lock):
            everybody = {known.performer_id: known for known in self.all()}
            known = everybody.get(performer_id)
            if known is None:
                names = ", ".join(list(everybody)[:MOST_NAMED])
                raise DeliveryError(ErrorCode.PERFORMER_UNKNOWN, id=performer_id[:80], known=names)
            if known.waiting is None:
                raise DeliveryError(ErrorCode.PERFORMER_KEY_NONE, id=performer_id)
            if not names_fingerprint(named, known.waiting):
                waiting = fingerprint(known.waiting)
                raise DeliveryError(ErrorCode.PERFORMER_KEY_OTHER, id=performer_id, waiting=waiting)
            new = SigningKeyKnown(public_key=known.waiting, since=utc_now(), how="accepted")
            told = {"keys": (*known.keys, new)[-MOST_KEYS:], "waiting": None, "waiting_since": None}
            self._write(known.model_copy(update=told))
            return new

    def known(self, performer_id: str) -> PerformerKnown | None:
        """What is known of somebody. Raises RefusedError(507) when that cannot be read."""
        file = self._file(performer_id)
        known = _read(file)
        if known is None and file.exists():
            raise RefusedError(507, "the receiver's folder cannot be used")
        return known

    def update(self, performer_id: str, how: Callable[[PerformerKnown], PerformerKnown]) -> PerformerKnown | None:
        """Change what is known of somebody while nobody else does, and say what is known now; nothing of nobody.

        Raises RefusedError, and what `how` raises.
        """
        with held(self._lock):
            known = self.known(performer_id)
            changed = how(known) if known is not None else None
            if changed is not None and changed != known:
                self._write(changed)
            return changed

    def _write(self, known: PerformerKnown) -> None:
        make_folder(self._folder)
        write_durably(self._file(known.performer_id), known.model_dump_json(indent=1).encode())

    def _file(self, performer_id: str) -> Path:
        """An id that is no plain name is kept under its hash."""
        name = performer_id if _PLAIN.fullmatch(performer_id) else f"sha256-{sha256_hex(performer_id.encode())}"
        return self._folder / f"{name}.json"


def is_performer_id(text: str) -> bool:
    """Whether somebody may be called so: it is kept in lists that all senders share, and shown in a terminal."""
    return 0 < len(text) <= LONGEST_ID and text.isprintable()


def _turned_away(known: PerformerKnown, public_key: str) -> PerformerKnown:
    if known.keys[-1].public_key == public_key:  # it has become theirs meanwhile
        return known
    return known.model_copy(update={"waiting": public_key, "waiting_since": utc_now()})


def _read(file: Path) -> PerformerKnown | None:
    data = read_or_none(file)
    if data is None:
        return None
    try:
        return read_document(data, PerformerKnown, limit=_MOST_BYTES, max_items=_MOST_ITEMS, own_words=True)
    except JsonProblemError:
        return None
