"""Tokens of senders: one for each performer, by name, and the one that was made at the first start, which all share.

Only hashes lie on the disk. A running receiver reads the list again when it has changed, so that a token can be given
and taken away beside it.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import threading
from collections.abc import Callable

from perfstudio.durable import remove, sync_folder, write_durably
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.receiver.locking import held
from perfstudio.receiver.token_file import TokenEntry, TokenFile, read_token_file, token_hash

SHARED = "everyone"
"""The name of the token that is nobody's own."""
BYTES = 32
"""Of chance in a token."""
LONGEST_NAME = 80
MOST_NAMED = 12
"""So many names are said when one was not found."""


class Tokens:
    """The list below one receiver's folder, and the shared token beside it. Changes are durable when made."""

    def __init__(self, layout: ReceiverLayout, given: str | None = None) -> None:
        """`given` is shared by all for this run, whatever lies in the folder."""
        self._layout = layout
        self._given = token_hash(given) if given else ""
        self._seen: tuple[int, ...] = ()
        self._file = TokenFile()
        self._unread: DeliveryError | None = None
        self._shared_seen: tuple[int, ...] = ()
        self._shared_hash = ""
        self._lock = threading.Lock()

    def entries(self) -> tuple[TokenEntry, ...]:
        """Every named token. Raises DeliveryError(TOKEN_LIST_UNREADABLE): then none of them is good."""
        return self.file().tokens

    def file(self) -> TokenFile:
        """The list as it lies on the disk. Raises DeliveryError(TOKEN_LIST_UNREADABLE)."""
        file = self._layout.tokens
        with self._lock:
            try:
                stat = file.stat()
            except FileNotFoundError:
                return TokenFile()
            seen = _state(stat)
            if seen != self._seen:
                self._file, self._unread = read_token_file(file)
                self._seen = seen
            if self._unread is not None:
                raise DeliveryError(self._unread.code, **self._unread.facts)
            return self._file

    def change(self, how: Callable[[TokenFile], TokenFile]) -> None:
        """Change the list while nobody else does. Raises DeliveryError, and whatever `how` raises: then it stays."""
        with held(self._layout.tokens_lock):
            write_durably(self._layout.tokens, how(self.file()).canonical())

    def add(self, name: str, *, decides: bool = False) -> str:
        """A new token, told this once. Raises DeliveryError (TOKEN_NAME_WRONG, TOKEN_NAME_TAKEN)."""
        require_name(name)
        token = secrets.token_urlsafe(BYTES)
        made = TokenEntry(name=name, sha256=token_hash(token), made_at=utc_now(), decides=decides)

        def added(file: TokenFile) -> TokenFile:
            self.require_free(name)
            left = tuple(invited for invited in file.invitations if invited.name != name)
            return file.model_copy(update={"tokens": (*file.tokens, made), "invitations": left})

        self.change(added)
        return token

    def revoke(self, name: str) -> None:
        """Token or invitation: good no longer, from the next request on. Raises DeliveryError(TOKEN_NAME_UNKNOWN)."""

        def without(file: TokenFile) -> TokenFile:
            invited = [open_one.name for open_one in file.invitations]
            if name not in (*self.names(), *invited):
                known = ", ".join([*self.names(), *invited][:MOST_NAMED])
                raise DeliveryError(ErrorCode.TOKEN_NAME_UNKNOWN, known=known)
            return file.model_copy(
                update={
                    "tokens": tuple(entry for entry in file.tokens if entry.name != name),
                    "invitations": tuple(open_one for open_one in file.invitations if open_one.name != name),
                }
            )

        self.change(without)
        if name == SHARED:  # behind the list: without either, the next start would make one for everybody
            remove(self._layout.token_hash)
            sync_folder(self._layout.inner)

    def require_free(self, name: str) -> None:
        """Nobody has a token of this name. Raises DeliveryError(TOKEN_NAME_TAKEN)."""
        if name == SHARED or name in self.names():
            raise DeliveryError(ErrorCode.TOKEN_NAME_TAKEN, id=name)

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

    def may_be(self, name: str, performer: str) -> bool:
        """Whether this token is this performer's, or may still become so."""
        return self.admits(name, performer) or (performer != "" and self._performer(name) == "")

    def bind(self, name: str, performer: str) -> bool:
        """As `admits`; the first record that comes by a token decides whose it is."""
        if self.admits(name, performer):
            return True
        taken = False

        def bound(file: TokenFile) -> TokenFile:
            nonlocal taken
            whose = self._performer(name)
            taken = whose not in ("", performer)  # two records of one performer may come at once
            if whose != "":
                return file
            update = {"performer": performer}
            return file.model_copy(
                update={"tokens": tuple(e.model_copy(update=update) if e.name == name else e for e in file.tokens)}
            )

        self.change(bound)
        return not taken

    def decides(self, name: str) -> bool:
        """Whether this token is one of the studio's own: it decides about takes, and brings none."""
        return name != SHARED and any(entry.decides for entry in self.entries() if entry.name == name)

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


def _state(stat: os.stat_result) -> tuple[int, ...]:
    """What changes when a file is written anew."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def require_name(name: str) -> None:
    """One line, as a studio calls somebody. Raises DeliveryError(TOKEN_NAME_WRONG)."""
    if " ".join(name.split()) != name or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise DeliveryError(ErrorCode.TOKEN_NAME_WRONG, id=" ".join(name.split())[:LONGEST_NAME])
