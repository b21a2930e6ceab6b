"""The challenge at the end of a delivery, and its answer: only who has the bytes can give it.

The sender makes up a salt when everything has come; the receiver reads every file again and signs SHA-256(salt + file).
Whoever only repeats the hashes that were announced cannot know it.
"""

from __future__ import annotations

from typing import Literal

from perfstudio.model.base import Document
from perfstudio.model.dates import Moment
from perfstudio.model.delivery import Answer, Receipt
from perfstudio.model.ids import Sha256
from perfstudio.model.signed import SignedDocument

SALT_BYTES = 32


class ProofRequest(Document):
    """Body of `POST /v1/takes/{take_id}/proof`."""

    salt: Sha256
    """32 random bytes in hex. The same salt is answered from what is kept."""


class ProofUnderWay(Answer):
    """The receiver reads the take, or will when it is its turn: ask again."""

    state: Literal["reading"] = "reading"


class SaltedFile(Document):
    """One file of the take."""

    name: str
    sha256: Sha256
    """SHA-256 of the bytes of the salt, followed by those of the file."""


class TakeProof(SignedDocument):
    """The receipt of a take, and that its bytes were there when it was asked for; signed by the studio."""

    format: Literal["perfstudio-proof/1"] = "perfstudio-proof/1"
    receipt: Receipt
    salt: Sha256
    files: tuple[SaltedFile, ...]
    """Every file of the receipt."""
    at: Moment
    """When they had been read."""
