"""Invitations: a code that becomes a token of one's own, once, within some days. On the disk lies its hash."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from perfstudio.model.clock import utc_now
from perfstudio.receiver.token_file import OpenInvitation, TokenEntry, TokenFile, token_hash
from perfstudio.receiver.tokens import BYTES, Tokens, require_name

CODE_BYTES = 16
"""128 bits: nobody comes by one by guessing, and the door is slow to those who try (see `wrong_tokens`)."""
DAYS, MOST_DAYS = 7, 60
REMEMBERED = timedelta(days=30)
"""So long it is still known that a code ran out, so that whoever comes late is told why."""
ONCE_MORE = timedelta(minutes=15)
"""Whoever came with a code and never got the answer may ask again, with the same attempt."""


class CodeProblem(StrEnum):
    """Why a code is not good; the words are what its bearer is told."""

    UNKNOWN = "no such invitation"
    USED = "this invitation was used"
    EXPIRED = "this invitation has run out"


@dataclass(frozen=True, slots=True)
class MadeInvitation:
    """What an invitation is told as, once."""

    name: str
    code: str = field(repr=False)
    ends_at: datetime
    instead: bool
    """An earlier one of this name was open; that is good no longer."""


@dataclass(frozen=True, slots=True)
class MadeToken:
    """What a code became, told once."""

    name: str
    token: str = field(repr=False)
    code_sha256: str
    made_at: datetime


class Invitations:
    """Over the same list as the tokens. Changes are durable when made."""

    def __init__(self, tokens: Tokens, clock: Callable[[], datetime] = utc_now) -> None:
        self._tokens = tokens
        self._clock = clock

    def open(self) -> tuple[OpenInvitation, ...]:
        """Who was invited and has not come, and whose time is not over. Raises DeliveryError(TOKEN_LIST_UNREADABLE)."""
        return tuple(one for one in self._tokens.file().invitations if self._clock() <= one.ends_at)

    def make(self, name: str, days: int = DAYS) -> MadeInvitation:
        """Invite somebody; an earlier invitation of the same name ends. Raises DeliveryError (TOKEN_NAME_WRONG,
        TOKEN_NAME_TAKEN, TOKEN_LIST_UNREADABLE)."""
        require_name(name)
        code, now = secrets.token_urlsafe(CODE_BYTES), self._clock()
        made = OpenInvitation(
            name=name, sha256=token_hash(code), made_at=now, ends_at=now + timedelta(days=min(days, MOST_DAYS))
        )
        instead = False

        def invited(file: TokenFile) -> TokenFile:
            nonlocal instead
            self._tokens.require_free(name)
            instead = any(one.name == name and now <= one.ends_at for one in file.invitations)
            left = (one for one in file.invitations if one.name != name and now - one.ends_at < REMEMBERED)
            return file.model_copy(update={"invitations": (*left, made)})

        self._tokens.change(invited)
        return MadeInvitation(name, code, made.ends_at, instead)

    def take_up(self, code: str, attempt: str) -> MadeToken | CodeProblem:
        """A token for a code. The same code with the same attempt gives another token in place of the first, for as
        long as nothing has come by that. Raises DeliveryError(TOKEN_LIST_UNREADABLE), OSError.
        """
        problem = self._look(self._tokens.file(), code, attempt)
        if problem is not None:
            return problem
        token, now = secrets.token_urlsafe(BYTES), self._clock()
        name = ""

        def taken_up(file: TokenFile) -> TokenFile:
            nonlocal problem, name
            problem = self._look(file, code, attempt)  # somebody may have been quicker
            if problem is not None:
                return file
            name = _named(file, code)
            made = TokenEntry(
                name=name, sha256=token_hash(token), made_at=now, invitation=token_hash(code),
                attempt=token_hash(attempt),
            )  # fmt: skip
            return file.model_copy(
                update={
                    "tokens": (*(entry for entry in file.tokens if entry.name != name), made),
                    "invitations": tuple(one for one in file.invitations if one.name != name),
                }
            )

        self._tokens.change(taken_up)
        return problem or MadeToken(name, token, token_hash(code), now)

    def _look(self, file: TokenFile, code: str, attempt: str) -> CodeProblem | None:
        """Every hash is compared, in constant time."""
        given = token_hash(code)
        invited = [one for one in file.invitations if hmac.compare_digest(one.sha256, given)]
        used = [entry for entry in file.tokens if hmac.compare_digest(entry.invitation or "", given)]
        if invited:
            return None if self._clock() <= invited[0].ends_at else CodeProblem.EXPIRED
        if not used:
            return CodeProblem.UNKNOWN
        same = hmac.compare_digest(used[0].attempt or "", token_hash(attempt))
        fresh = self._clock() - used[0].made_at < ONCE_MORE and not used[0].performer
        return None if same and fresh else CodeProblem.USED


def _named(file: TokenFile, code: str) -> str:
    given = token_hash(code)
    names = [one.name for one in file.invitations if one.sha256 == given]
    names += [entry.name for entry in file.tokens if entry.invitation == given]
    return names[0]
