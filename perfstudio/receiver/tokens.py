"""Tokens of senders: one for each performer, by name, and the one that was made at the first start, which all share.

Only hashes lie on the disk. A running receiver reads the list again when it has changed, so that a token can be given
and taken away beside it.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
import threading
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.durable import sync_folder, write_durably
from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.dates import Moment
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import Sha256
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.receiver.locking import held

log = logging.getLogger(__name__)

SHARED = "everyone"
"""The name of the token that is nobody's own."""
BYTES = 32
"""Of chance in a token."""
LONGEST_NAME = 80
MOST_NAMED = 12
"""So many names are said when one was not found."""
_MOST_BYTES = 4 << 20


class TokenEntry(Document):
    """One token that is good."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    sha256: Sha256
    made_at: Moment
    performer: str = ""
    """Whose record came by it first: from then on it brings no one else's."""


class _TokenFile(Document):
    format: Literal["perfstudio-tokens/1"] = "perfstudio-tokens/1"
    tokens: tuple[TokenEntry, ...] = Field(default=(), max_length=10_000)


def token_hash(token: str) -> str:
    """What is kept and compared instead of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Tokens:
    """The list below one receiver's folder, and the shared token beside it. Changes are durable when made."""

    def __init__(self, layout: ReceiverLayout, given: str | None = None) -> None:
        """`given` is shared by all for this run, whatever lies in the folder."""
        self._layout = layout
        self._given = token_hash(given) if given else ""
        self._seen: tuple[int, ...] = ()
        self._entries: tuple[TokenEntry, ...] = ()
        self._unread: DeliveryError | None = None
        self._shared_seen: tuple[int, ...] = ()
        self._shared_hash = ""
        self._lock = threading.Lock()

    def entries(self) -> tuple[TokenEntry, ...]:
        """Every named token. Raises DeliveryError(TOKEN_LIST_UNREADABLE): then none of them is good."""
        file = self._layout.tokens
        with self._lock:
            try:
                stat = file.stat()
            except FileNotFoundError:
                return ()
            seen = _state(stat)
            if seen != self._seen:
                self._entries, self._unread = _read(file)
                self._seen = seen
            if self._unread is not None:
                raise DeliveryError(self._unread.code, **self._unread.facts)
            return self._entries

    def add(self, name: str) -> str:
        """A new token, told this once. Raises DeliveryError (TOKEN_NAME_WRONG, TOKEN_NAME_TAKEN)."""
        if " ".join(name.split()) != name or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise DeliveryError(ErrorCode.TOKEN_NAME_WRONG, id=" ".join(name.split())[:LONGEST_NAME])
        token = secrets.token_urlsafe(BYTES)
        with held(self._layout.tokens_lock):
            if name == SHARED or name in self.names():
                raise DeliveryError(ErrorCode.TOKEN_NAME_TAKEN, id=name)
            self._write((*self.entries(), TokenEntry(name=name, sha256=token_hash(token), made_at=utc_now())))
        return token

    def revoke(self, name: str) -> None:
        """It is good no longer, from the next request on. Raises DeliveryError(TOKEN_NAME_UNKNOWN)."""
        with held(self._layout.tokens_lock):
            if name not in self.names():
                known = ", ".join(self.names()[:MOST_NAMED])
                raise DeliveryError(ErrorCode.TOKEN_NAME_UNKNOWN, id=name[:LONGEST_NAME], known=known)
            self._write(tuple(entry for entry in self.entries() if entry.name != name))
            if name == SHARED:  # behind the list: without either, the next start would make one for everybody
                self._layout.token_hash.unlink()
                sync_folder(self._layout.inner)

    def names(self) -> list[str]:
        """Every name that is in use, the shared token's first."""
        shared = [SHARED] if self._layout.token_hash.exists() else []
        return [*shared, *(entry.name for entry in self.entries())]

    def whose(self, token: str) -> str | None:
        """The name of this token, or None. Every one is compared, in constant time; an unreadable list holds none."""
        given = token_hash(token)
        try:
            named = [(entry.name, entry.sha256) for entry in self.entries()]
        except (DeliveryError, OSError):  # said once, when it was read
            named = []
        good = [name for name, sha256 in (*named, (SHARED, self._shared())) if hmac.compare_digest(sha256, given)]
        return good[0] if good else None

    def admits(self, name: str, performer: str) -> bool:
        """Whether what is this performer's may come by this token."""
        return name == SHARED or (performer != "" and self._performer(name) == performer)

    def bind(self, name: str, performer: str) -> bool:
        """As `admits`; the first record that comes by a token decides whose it is."""
        if self.admits(name, performer):
            return True
        with held(self._layout.tokens_lock):
            if self._performer(name) != "":
                return False
            bound = (e.model_copy(update={"performer": performer}) if e.name == name else e for e in self.entries())
            self._write(tuple(bound))
        return True

    def _performer(self, name: str) -> str | None:
        """Whose token it is; empty while that is open, None when there is no such token."""
        return next((entry.performer for entry in self.entries() if entry.name == name), None)

    def _shared(self) -> str:
        if self._given:
            return self._given
        with self._lock:
            try:
                seen = _state(self._layout.token_hash.stat())
            except FileNotFoundError:
                return ""
            if seen != self._shared_seen:
                known = (read_or_none(self._layout.token_hash) or b"").strip()
                self._shared_hash = known.decode("ascii") if re.fullmatch(b"[0-9a-f]{64}", known) else ""
                self._shared_seen = seen
            return self._shared_hash

    def _write(self, entries: tuple[TokenEntry, ...]) -> None:
        write_durably(self._layout.tokens, _TokenFile(tokens=entries).canonical())


def _state(stat: os.stat_result) -> tuple[int, ...]:
    """What changes when a file is written anew."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _read(file: Path) -> tuple[tuple[TokenEntry, ...], DeliveryError | None]:
    """The list, or why it cannot be read; that is logged here, once for each state of the file."""
    try:
        return read_document(file.read_bytes(), _TokenFile, limit=_MOST_BYTES).tokens, None
    except JsonProblemError as problem:
        log.error("the list of tokens cannot be read: no token of a performer is good")  # noqa: TRY400 - no traceback
        facts = {"file": str(file), "where": problem.where}
        return (), DeliveryError(ErrorCode.TOKEN_LIST_UNREADABLE, **facts)
