"""The ids of the pack that comes with perfstudio: no other pack may take them, and none that did is shown for it."""

from __future__ import annotations

from functools import cache

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.prompt import StudioInfo
from perfstudio.packs.reader import PackFile, read_pack
from perfstudio.resources import asset


@cache
def bundled_studio() -> StudioInfo:
    """Who asks in the bundled pack: nobody but this computer."""
    return read_pack(asset("packs", "practice")).pack.studio


def is_bundled_studio(studio_id: str, legal_name: str) -> bool:
    """Whether this is the practice room's own studio and not somebody else under its id."""
    mine = bundled_studio()
    return (studio_id, legal_name) == (mine.id, mine.legal_name)


def claims(file: PackFile, bundled: PackFile) -> str:
    """The reserved id that a pack calls its own, or nothing; the bundled pack itself may."""
    if file.sha256 == bundled.sha256:
        return ""
    mine = {bundled.pack.id, bundled_studio().id}
    return next((name for name in (file.pack.id, file.pack.studio.id) if name in mine), "")


def refuse_claim(file: PackFile, bundled: PackFile, name: str) -> None:
    """Raises PackError(PACK_RESERVED, file, id)."""
    taken = claims(file, bundled)
    if taken:
        raise PackError(ErrorCode.PACK_RESERVED, file=name, id=taken)
