"""A public key as four words: what two people read to each other, and what both ends show alike.

The words are the BIP-39 English list (2048, MIT licence, told apart by their first four letters), so four of them are
44 bits. Whoever wants a key that reads like another's has to try some 2^44 of them; scrypt (RFC 7914, 32 MiB a try)
makes that some ten thousand years of one computer. They are a name and no text: no language has others.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache

from perfstudio.model.jws import from_b64url
from perfstudio.resources import asset

COUNT, BITS = 4, 11
_SALT = b"perfstudio key words 1"


@lru_cache(maxsize=16)  # a tenth of a second each
def key_words(public_key: str) -> tuple[str, ...]:
    """The four words of an Ed25519 public key (base64url). Raises ValueError for what is no key."""
    raw = from_b64url(public_key)
    if raw is None or len(raw) != 32:
        raise ValueError("not a public key")
    return words_of(raw, _SALT)


def words_of(raw: bytes, salt: bytes) -> tuple[str, ...]:
    """The four words of some bytes, for the use that the salt names. Takes a tenth of a second."""
    digest = hashlib.scrypt(raw, salt=salt, n=1 << 15, r=8, p=1, maxmem=64 << 20, dklen=6)
    number = int.from_bytes(digest) >> (48 - COUNT * BITS)
    return tuple(_words()[number >> shift & 2047] for shift in range((COUNT - 1) * BITS, -1, -BITS))


@cache
def _words() -> tuple[str, ...]:
    return tuple(asset("words", "key-words.txt").read_text(encoding="ascii").split())
