"""A line between two as four words, which both read to each other: they are the same if nobody stands between them.

Whoever stands between shows each side a key of their own, and so other words. To find keys that give the same words
takes some 2^44 tries of a tenth of a second (see `key_words`), and two who talk wait for seconds.
"""

from __future__ import annotations

from perfstudio.model.key_words import words_of

_SALT = b"perfstudio line words 1"
_NAMES_A_KEY = "fingerprint"


def line_words(offer: str, answer: str) -> tuple[str, ...]:
    """The four words of a line, by all fingerprints in what the two said of how they can be reached. Raises ValueError
    where one named none: then nothing binds the line to who said it.

    Every line that a reader could take for a fingerprint is in it, whatever sign it ends with.
    """
    sides = _keys_in(offer), _keys_in(answer)
    if not all(sides):
        raise ValueError("no fingerprint")
    return words_of("|".join(";".join(side) for side in sides).encode(), _SALT)


def _keys_in(said: str) -> list[str]:
    return sorted(line.strip().lower() for line in said.splitlines() if _NAMES_A_KEY in line.lower())
