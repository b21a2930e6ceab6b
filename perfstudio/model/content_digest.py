"""What an HTTP message carries to prove its content (RFC 9530)."""

from __future__ import annotations

import base64
import hashlib


def content_digest(data: bytes | bytearray) -> str:
    """The value of Content-Digest: the SHA-256 of what is sent."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"
