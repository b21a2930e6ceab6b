"""The signature in a pack: made over its hash, read strictly, judged against the key that its studio is known by."""

from __future__ import annotations

import json
from collections.abc import Collection
from enum import StrEnum
from typing import Final

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.pack_signature import PackSignature
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.packs.problems import invalid

SIGNATURE: Final = "signature.json"
SIGNATURE_BYTES: Final = 4_000
UNSIGNED: Final = "unsigned"
"""What a person says who takes a pack without a signature from a studio that signs its packs."""


class Authorship(StrEnum):
    """Whether a pack is known to be of the studio that it names."""

    UNKNOWN = "unknown"  # it is not signed, and the studio is not known to sign
    SIGNED = "signed"  # with the studio's key, or the first that it was ever known by
    MISSING = "missing"  # the studio signs its packs, and this one is not signed
    OTHER_KEY = "other_key"  # signed with another key than the studio's


def make_signature(sha256: str, key: SigningKey) -> bytes:
    """The bytes of signature.json for a pack with this hash."""
    signed = PackSignature(pack_sha256=sha256).signed(key)
    return json.dumps(signed.to_json(), indent=2).encode() + b"\n"


def signer_of(data: bytes | None, sha256: str, file: str) -> str:
    """The public key that signed a pack with this hash; empty without a signature. Raises PackError(PACK_INVALID)."""
    if data is None:
        return ""
    try:
        signature = read_document(data, PackSignature, limit=SIGNATURE_BYTES)
    except JsonProblemError as bad:
        raise invalid(file, SIGNATURE, bad.problem, **bad.facts) from bad
    if signature.pack_sha256 != sha256:
        raise invalid(file, SIGNATURE, "signature_of_others")
    key = signature.public_key or ""
    if not signature.is_signed_by(key):
        raise invalid(file, SIGNATURE, "signature_wrong")
    return key


def authorship(signed_by: str, keys: Collection[str]) -> Authorship:
    """How a pack that `signed_by` signed stands to the keys that its studio is known by."""
    if not keys:
        return Authorship.SIGNED if signed_by else Authorship.UNKNOWN
    if not signed_by:
        return Authorship.MISSING
    return Authorship.SIGNED if signed_by in keys else Authorship.OTHER_KEY


def require_author(signed_by: str, keys: Collection[str], *, accept: str | None, file: str, studio: str) -> None:
    """What a performer is told before a pack is in. `accept` is what a person has decided to take: UNSIGNED, or the
    fingerprint of another key. Raises PackError: PACK_UNSIGNED (file, studio), PACK_OTHER_KEY (file, studio, known,
    new).
    """
    found, told = authorship(signed_by, keys), _plain(accept or "")
    if found is Authorship.MISSING and told != UNSIGNED:
        raise PackError(ErrorCode.PACK_UNSIGNED, file=file, studio=studio)
    new = fingerprint(signed_by)
    if found is Authorship.OTHER_KEY and told != _plain(new):
        known = ", ".join(sorted(fingerprint(key) for key in keys))
        raise PackError(ErrorCode.PACK_OTHER_KEY, file=file, studio=studio, known=known, new=new)


def _plain(typed: str) -> str:
    return "".join(typed.split()).casefold()
