"""Whether a language tag names a language: by its first part, in the registry that BCP 47 tags are made of.

`assets/schemas/languages.txt` holds the 8142 languages of the IANA Language Subtag Registry as of 2024-05-16, without
its groups of languages and its places for private use.
"""

from __future__ import annotations

from functools import cache

from perfstudio.resources import asset


def is_known(tag: str) -> bool:
    """Whether a well-formed tag begins with a language that somebody registered."""
    return tag.partition("-")[0].casefold() in _registered()


@cache
def _registered() -> frozenset[str]:
    return frozenset(asset("schemas", "languages.txt").read_text(encoding="ascii").split())
