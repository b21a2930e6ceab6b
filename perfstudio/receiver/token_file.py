"""The file behind the tokens of senders: hashes, names, and who was invited and has not come yet.

One file for both, so that an invitation becomes a token in one write: a kill leaves the one or the other, never both.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.dates import Moment
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import Sha256
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError

log = logging.getLogger(__name__)

MOST = 10_000
"""Tokens in one list, and invitations that are open."""
_MOST_BYTES = 8 << 20
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class TokenEntry(Document):
    """One token that is good."""

    name: Name
    sha256: Sha256
    made_at: Moment
    performer: str = ""
    """Whose record came by it first: from then on it brings no one else's."""
    invitation: Sha256 | None = None
    """Of the code that it was given for: that is used."""
    attempt: Sha256 | None = None
    """Of what the one who came with the code said of themselves: whose answer was lost may ask once more."""
    decides: bool = False
    """It is a token of the studio's own: it decides about takes, and brings none."""


class OpenInvitation(Document):
    """A code that nobody has come with yet."""

    name: Name
    sha256: Sha256
    made_at: Moment
    ends_at: Moment


class TokenFile(Document):
    """What lies in tokens.json."""

    format: Literal["perfstudio-tokens/1"] = "perfstudio-tokens/1"
    tokens: tuple[TokenEntry, ...] = Field(default=(), max_length=MOST)
    invitations: tuple[OpenInvitation, ...] = Field(default=(), max_length=MOST)


def token_hash(token: str) -> str:
    """What is kept and compared instead of the token, or of a code."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_token_file(file: Path) -> tuple[TokenFile, DeliveryError | None]:
    """The list, or why it cannot be read; that is logged here, once for each state of the file."""
    try:
        return read_document(file.read_bytes(), TokenFile, limit=_MOST_BYTES, own_words=True), None
    except JsonProblemError as problem:
        log.error("the list of tokens cannot be read: no token of a performer is good")  # noqa: TRY400 - no traceback
        facts = {"file": str(file), "where": problem.where}
        return TokenFile(), DeliveryError(ErrorCode.TOKEN_LIST_UNREADABLE, **facts)
