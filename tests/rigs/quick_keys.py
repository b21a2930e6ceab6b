"""Key files that are quickly locked and opened, and are what they are elsewhere: any process reads them.

Scrypt takes 40 ms even where it stretches least. Under one salt for all keys it is asked once for each passphrase.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from perfstudio.consent import keyfile
from perfstudio.consent.keyfile import KeyBox

SALT = b"one for all keys"
LEAST = 1 << 14
"""The n of scrypt that a key file has at least."""
SECRETS = ("three calm horses", "correct horse battery")
"""What most keys of tests are locked under."""

_really = keyfile._stretch


def quick_keys(put: Callable[[Any, str, Any], None]) -> None:
    """From now on. `put` is `setattr`, or that of a `MonkeyPatch`."""
    put(keyfile, "STRETCH", LEAST)
    put(keyfile, "_salt", lambda: SALT)
    put(keyfile, "_stretch", stretched)


def stretched(box: KeyBox, passphrase: str) -> bytes:
    """As the program does, once for each salt and passphrase."""
    return _once(passphrase, salt=box.salt, n=box.n, r=box.r, p=box.p)


def stretch_beforehand() -> None:
    """For processes that are forked from this one."""
    for secret in SECRETS:
        stretched(KeyBox(salt=keyfile.b64url(SALT), n=LEAST, nonce="-", public_key="-", box="-"), secret)


@cache
def _once(passphrase: str, **how: Any) -> bytes:
    return _really(KeyBox(nonce="-", public_key="-", box="-", **how), passphrase)
