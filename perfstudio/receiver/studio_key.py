"""The studio's own signing key: what a receiver says of takes and deletions can be held to whoever runs it.

`.receiver/studio-key.json` holds the secret, 0600, and is made once, at the first start. Its public half lies beside it
too: where that is left and the secret is gone, no other key takes its place unseen, for every performer who knows the
studio by its key would refuse what the new one signs.
"""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Literal

from pydantic import Field

from perfstudio.durable import disk_error, read_plain, write_durably
from perfstudio.model.base import Document
from perfstudio.model.errors import DeliveryError, ErrorCode, LibraryError
from perfstudio.model.jws import SigningKey, b64url, from_b64url
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.systems.places import PLACES

_MOST_BYTES = 4096


class StudioKeyFile(Document):
    """studio-key.json: both halves, base64url without padding. `secret` is the 32 bytes of RFC 8032."""

    format: Literal["perfstudio-studio-key/1"] = "perfstudio-studio-key/1"
    public_key: str
    secret: str = Field(repr=False)


class KeyFileError(ValueError):
    """A file that holds no studio's key that can be used; its text is a code for why not."""


def studio_key(layout: ReceiverLayout) -> SigningKey:
    """The key of this folder, made when there never was one. Called by whoever holds the folder's lock.

    Raises DeliveryError(STUDIO_KEY_UNUSABLE) or LibraryError (FOLDER_NOT_WRITABLE, DISK_FULL, DISK_WRITE).
    """
    try:
        known = read_or_none(layout.studio_key_public)
        if not os.path.lexists(layout.studio_key):
            if known is not None:
                raise _unusable(layout, "key_gone")
            return _make(layout)
        key = _open(layout)
        if known is None:  # a kill came between the two
            _keep_public(layout, key)
        elif known.strip() != key.public_key.encode():
            raise _unusable(layout, "key_halves")
    except OSError as problem:
        raise disk_error(problem, layout.inner, LibraryError) from problem
    return key


def _make(layout: ReceiverLayout) -> SigningKey:
    key = SigningKey.generate()
    write_durably(layout.studio_key, key_file_bytes(key))
    _keep_public(layout, key)
    return key


def _keep_public(layout: ReceiverLayout, key: SigningKey) -> None:
    write_durably(layout.studio_key_public, key.public_key.encode() + b"\n")


def _open(layout: ReceiverLayout) -> SigningKey:
    try:
        return read_key_file(layout.studio_key)
    except KeyFileError as problem:
        raise _unusable(layout, str(problem)) from None


def key_file_bytes(key: SigningKey) -> bytes:
    """A studio-key.json with this key."""
    kept = StudioKeyFile(public_key=key.public_key, secret=b64url(key.seed()))
    return json.dumps(kept.to_json(), indent=2).encode() + b"\n"


def read_key_file(file: Path) -> SigningKey:
    """The key in a studio-key.json. Raises KeyFileError: missing, key_open, key_damaged, EACCES."""
    try:
        if PLACES.is_shared(file) and not file.is_symlink():
            raise KeyFileError("key_open")
        kept = read_document(read_plain(file, _MOST_BYTES), StudioKeyFile, limit=_MOST_BYTES)
    except JsonProblemError:
        raise KeyFileError("key_damaged") from None
    except FileNotFoundError:
        raise KeyFileError("missing") from None
    except OSError as problem:
        denied = problem.errno in (errno.EACCES, errno.EPERM)
        raise KeyFileError("EACCES" if denied else "key_damaged") from None
    secret = from_b64url(kept.secret)
    if secret is None or len(secret) != 32:
        raise KeyFileError("key_damaged")
    key = SigningKey(secret)
    if key.public_key != kept.public_key:
        raise KeyFileError("key_damaged")
    return key


def _unusable(layout: ReceiverLayout, problem: str) -> DeliveryError:
    file = layout.studio_key.relative_to(layout.folder).as_posix()
    return DeliveryError(ErrorCode.STUDIO_KEY_UNUSABLE, folder=str(layout.folder), file=file, problem=problem)
