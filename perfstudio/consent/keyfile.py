"""Files that are written once and whole, and the passphrase-protected key file among them.

The PKCS8 encryption that `cryptography` writes stretches a passphrase with 2048 rounds of PBKDF2, which is too little
for a file that may be copied. So the 32 secret bytes are sealed with AES-256-GCM under scrypt (RFC 7914) at
n = 2^17, r = 8, p = 1 (OWASP Password Storage Cheat Sheet: 128 MiB a guess); the public part is authenticated too.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.durable import remove, rename_durably, sync_folder, write_new
from perfstudio.model.base import Document, canonical_bytes
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import SigningKey, b64url, from_b64url

MIN_PASSPHRASE = 8
"""Characters; NIST SP 800-63B-4 asks for at least eight, and for no rules about their kinds."""

STRETCH = 1 << 17
"""The n of scrypt for new files; a file says its own."""

B64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,200}$")]


class KeyBox(Document):
    """The key file: how the passphrase is stretched, and the sealed secret."""

    format: Literal["perfstudio-key-box/1"] = "perfstudio-key-box/1"
    kdf: Literal["scrypt"] = "scrypt"
    n: int = Field(ge=1 << 14, le=1 << 20)
    r: int = Field(default=8, ge=8, le=16)
    p: int = Field(default=1, ge=1, le=4)
    salt: B64
    cipher: Literal["AES-256-GCM"] = "AES-256-GCM"
    nonce: B64
    public_key: B64
    box: B64


def lock(key: SigningKey, passphrase: str) -> KeyBox:
    """Seal a key under a passphrase. Raises ConsentError(KEY_PASSPHRASE_SHORT)."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - loads when a key is locked or opened

    if len(passphrase) < MIN_PASSPHRASE:
        raise ConsentError(ErrorCode.KEY_PASSPHRASE_SHORT, minimum=MIN_PASSPHRASE)
    salt, nonce = _salt(), secrets.token_bytes(12)
    draft = KeyBox(salt=b64url(salt), nonce=b64url(nonce), public_key=key.public_key, box="-", n=STRETCH)
    sealed = AESGCM(_stretch(draft, passphrase)).encrypt(nonce, key.seed(), _public_part(draft))
    return draft.model_copy(update={"box": b64url(sealed)})


def unlock(box: KeyBox, passphrase: str) -> SigningKey:
    """Open a sealed key. Raises ConsentError(KEY_PASSPHRASE_WRONG), also when the file was altered."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    nonce, sealed = from_b64url(box.nonce), from_b64url(box.box)
    try:
        seed = AESGCM(_stretch(box, passphrase)).decrypt(nonce or b"", sealed or b"", _public_part(box))
    except (InvalidTag, ValueError):
        raise ConsentError(ErrorCode.KEY_PASSPHRASE_WRONG) from None
    return SigningKey(seed)


def write_once(path: Path, document: Document) -> bool:
    """Write a small private file, whole or not at all; False when it is there already. It is never overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        write_new(temporary, json.dumps(document.to_json(), indent=2).encode() + b"\n")
        return _place(temporary, path)
    finally:
        remove(temporary)


def _place(temporary: Path, path: Path) -> bool:
    """Give the file its name unless that is taken: a link is refused then, where a rename would replace."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        rename_durably(temporary, path)
        return True
    sync_folder(path.parent)
    return True


def _salt() -> bytes:
    return secrets.token_bytes(16)


def _stretch(box: KeyBox, passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - as above

    salt = from_b64url(box.salt) or b""
    return Scrypt(salt=salt, length=32, n=box.n, r=box.r, p=box.p).derive(passphrase.encode())


def _public_part(box: KeyBox) -> bytes:
    return canonical_bytes({k: v for k, v in box.to_json().items() if k != "box"})
