"""Documents that a studio signs: a receipt, a proof, a statement. Signed is all of it but the signature itself.

Absent values are left out wherever they stand, so that a later version of a document, with more optional values, still
verifies an earlier one. `format` is part of what is signed: no document can be taken for one of another kind.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document, canonical_bytes
from perfstudio.model.jws import SigningKey, is_signed

PublicKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""Ed25519, base64url without padding."""


class SignedDocument(Document):
    """The base of what is signed as a whole. A document that was never signed has neither of the two fields."""

    public_key: PublicKey | None = None
    """Whose signature it is."""
    signature: str | None = Field(default=None, max_length=1000)
    """Detached JWS (EdDSA) over the RFC 8785 form of this document without this field."""

    def to_json(self) -> dict[str, Any]:
        """As it is signed and kept: what is absent stays absent."""
        return self.model_dump(mode="json", exclude_none=True)

    def signed(self, key: SigningKey) -> Self:
        """The same, signed."""
        named = self.model_copy(update={"public_key": key.public_key, "signature": None})
        return named.model_copy(update={"signature": key.sign(named.canonical())})

    def is_signed_by(self, public_key: str) -> bool:
        """Whether this key has signed every word of it. Never raises."""
        if self.signature is None or self.public_key != public_key:
            return False
        payload = {name: value for name, value in self.to_json().items() if name != "signature"}
        return is_signed(self.signature, canonical_bytes(payload), public_key)
