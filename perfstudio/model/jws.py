"""Ed25519 signatures as detached JSON Web Signatures: RFC 7515, the unencoded payload of RFC 7797, EdDSA of RFC 8037.

`<protected header>..<signature>`, both base64url. Signed is ASCII(header) + "." + payload, so any JOSE library can
check it. The header has one spelling only, and names the key by its RFC 7638 thumbprint.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from perfstudio.model.base import canonical_bytes, sha256_hex


class SigningKey:
    """A private key, an installation's or a studio's. It has no readable form: only `seed` gives the secret."""

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - loads when somebody signs or checks

        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = b64url(self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> SigningKey:
        """A fresh key from the system's randomness (RFC 8032: a private key is 32 random bytes)."""
        return cls(secrets.token_bytes(32))

    def seed(self) -> bytes:
        """The 32 secret bytes."""
        return self._key.private_bytes_raw()

    def sign(self, payload: bytes) -> str:
        """The detached JWS over `payload`."""
        header = _header(self.public_key)
        return f"{header}..{b64url(self._key.sign(header.encode() + b'.' + payload))}"

    def __repr__(self) -> str:
        return f"SigningKey(public {self.public_key})"

    def __reduce__(self) -> str:
        raise TypeError("a signing key does not leave its process")


def is_signed(jws: str, payload: bytes, public_key: str) -> bool:
    """Whether `jws` is this key's signature over `payload`. Never raises."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - loads when somebody signs or checks
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above

    header, _, signature = jws.partition("..")
    key, signed = from_b64url(public_key), from_b64url(signature)
    if key is None or len(key) != 32 or signed is None or header != _header(public_key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed, header.encode() + b"." + payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def names_key(jws: str, public_key: str) -> bool:
    """Whether the header of `jws` names this key."""
    return jws.partition("..")[0] == _header(public_key)


def is_public_key(text: str) -> bool:
    """Whether `text` is an Ed25519 public key in the one spelling that is accepted."""
    raw = from_b64url(text)
    return raw is not None and len(raw) == 32


def fingerprint(public_key: str) -> str:
    """The key in a form for people: 16 hexadecimal digits of its SHA-256, in groups of four."""
    digits = sha256_hex(from_b64url(public_key) or b"")[:16]
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))


def names_fingerprint(text: str, public_key: str) -> bool:
    """Whether somebody has written the fingerprint of this key: the same digits, in whatever groups."""
    return "".join(text.split()).replace("-", "").lower() == fingerprint(public_key).replace(" ", "")


def b64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes | None:
    """The bytes of base64url without padding; None for any other spelling, also for stray bits at the end."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if b64url(data) == text else None


def _header(public_key: str) -> str:
    thumbprint = sha256_hex(canonical_bytes({"crv": "Ed25519", "kty": "OKP", "x": public_key}))
    kid = b64url(bytes.fromhex(thumbprint))
    return b64url(canonical_bytes({"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": kid}))
