"""The names of the packs that come with perfstudio: no other pack may take them, and none that did is shown for one.

An id is a slug, so it can only be looked like with other letters of ASCII; the studio's name can be in any letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.prompt import StudioInfo
from perfstudio.packs.reader import PackFile, read_pack
from perfstudio.resources import asset

_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("1i|!íıіӏɩι", "l"),
        **dict.fromkeys("0οоσ", "o"),
        **dict.fromkeys("аαɑ", "a"),
        **dict.fromkeys("сϲⅽ", "c"),
        **dict.fromkeys("еєҽ", "e"),
        **dict.fromkeys("рρ", "p"),
        **dict.fromkeys("гᴦ", "r"),
        **dict.fromkeys("тτ7", "t"),
        **dict.fromkeys("мᴍ", "m"),
        "5": "s",
        "ѕ": "s",
    }
)
"""Letters and digits that look alike, as far as the reserved names have them (Unicode's confusables.txt)."""


@cache
def bundled_studio() -> StudioInfo:
    """Who asks in the bundled packs: nobody but this computer."""
    return read_pack(asset("packs", "practice")).pack.studio


def is_bundled_studio(studio_id: str, legal_name: str) -> bool:
    """Whether this is the practice room's own studio and not somebody else under its id."""
    mine = bundled_studio()
    return (studio_id, legal_name) == (mine.id, mine.legal_name)


def claims(file: PackFile, bundled: Sequence[PackFile]) -> str:
    """The reserved id that a pack calls its own, or nothing; the bundled packs themselves may."""
    if _comes_along(file, bundled):
        return ""
    mine = {*(own.pack.id for own in bundled), bundled_studio().id}
    return next((name for name in (file.pack.id, file.pack.studio.id) if name in mine), "")


def refuse_claim(file: PackFile, bundled: Sequence[PackFile], name: str) -> None:
    """Raises PackError(PACK_RESERVED, file, id; and alike: the reserved name, where `id` only looks like it)."""
    taken = claims(file, bundled)
    if taken:
        raise PackError(ErrorCode.PACK_RESERVED, file=name, id=taken)
    for own, reserved in _looks_like(file, bundled):
        raise PackError(ErrorCode.PACK_RESERVED, file=name, id=own, alike=reserved)


def _comes_along(file: PackFile, bundled: Sequence[PackFile]) -> bool:
    return any(file.sha256 == own.sha256 for own in bundled)


def _looks_like(file: PackFile, bundled: Sequence[PackFile]) -> Iterator[tuple[str, str]]:
    """Names in a pack that people would take for one of a bundled pack's, each with that."""
    if _comes_along(file, bundled):
        return
    mine, pack, studio = bundled_studio(), file.pack, file.pack.studio
    ids = {skeleton(name): name for name in (*(own.pack.id for own in bundled), mine.id)}
    names = ids | {skeleton(mine.name): mine.name}
    for own, reserved in ((pack.id, ids), (studio.id, ids), (studio.name, names), (studio.legal_name, names)):
        if skeleton(own) in reserved:
            yield own, reserved[skeleton(own)]


def skeleton(name: str) -> str:
    """What is left of a name when letters that look alike are one, as in Unicode's UTS 39: two names with the same
    skeleton are taken for each other. Case, accents, spaces and hyphens, and marks that are not seen do not count.
    """
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_ALIKE)
    letters = "".join(c for c in plain if c.isalnum())
    return letters.replace("rn", "m").replace("vv", "w").replace("cl", "d")
