"""macOS: only a bundle can open links, packs and clips, as its Info.plist says. Nothing can be asked for or undone."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from perfstudio.frozen import is_frozen
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.links import SCHEME
from perfstudio.session.system_links.states import LinkOwner, LinksState

PACK_UTI, CLIP_UTI = "perfstudio.pack", "perfstudio.clip"
"""What the bundle calls the types of a pack and of a clip."""


class MacLinks:
    """Reads the bundle that this program runs from."""

    def look(self) -> LinksState:
        """The bundle's own word; nothing of it where the program runs from elsewhere."""
        said = _said()
        if SCHEME not in _named(said, "CFBundleURLTypes", "CFBundleURLSchemes"):
            return LinksState(LinkOwner.NONE, changeable=False)
        opened = _named(said, "CFBundleDocumentTypes", "LSItemContentTypes")
        packs, clips = (LinkOwner.THIS if kind in opened else LinkOwner.NONE for kind in (PACK_UTI, CLIP_UTI))
        return LinksState(LinkOwner.THIS, "perfstudio.app", installed=True, changeable=False, packs=packs, clips=clips)

    def register(self) -> None:
        """A bundle is known to the system by lying there. Raises LibraryError(LINKS_BUNDLE_ONLY) outside of one."""
        if self.look().owner is not LinkOwner.THIS:
            raise LibraryError(ErrorCode.LINKS_BUNDLE_ONLY)

    def remove(self) -> None:
        """Raises LibraryError(LINKS_BUNDLE_ONLY): what a bundle says of itself is not for one person to take away."""
        raise LibraryError(ErrorCode.LINKS_BUNDLE_ONLY)


def _said() -> Any:
    """perfstudio.app/Contents/MacOS/perfstudio beside perfstudio.app/Contents/Info.plist"""
    if not is_frozen():
        return {}
    try:
        with (Path(sys.executable).parent.parent / "Info.plist").open("rb") as file:
            return plistlib.load(file)
    except (OSError, ValueError, ExpatError):
        return {}


def _named(said: Any, kinds: str, names: str) -> set[str]:
    try:
        return {name for kind in said.get(kinds, ()) for name in kind.get(names, ())}
    except (AttributeError, TypeError):
        return set()
