"""The base of every value that crosses the border as JSON."""

from __future__ import annotations

import hashlib
import os
from typing import Any

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # what else is installed has no say in what a take is

from pydantic import BaseModel, ConfigDict

from perfstudio.model.canonical import canonical_bytes

__all__ = ["Document", "canonical_bytes", "sha256_hex"]


class Document(BaseModel):
    """A frozen JSON value. Unknown fields are refused, NaN and infinity are refused.

    Its validator is built when it is first used (from any thread), for most programs use few of the documents.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, ser_json_timedelta="float", defer_build=True
    )

    def to_json(self) -> dict[str, Any]:
        """The value as plain JSON types; absent optional values are kept as null so that readers see every field."""
        return self.model_dump(mode="json")

    def canonical(self) -> bytes:
        """The RFC 8785 canonical bytes of this value."""
        return canonical_bytes(self.to_json())


def sha256_hex(data: bytes) -> str:
    """SHA-256 of bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
