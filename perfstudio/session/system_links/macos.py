"""macOS: only a bundle can open links, and its Info.plist says so. There is nothing to ask for, and nothing to undo."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path
from xml.parsers.expat import ExpatError

from perfstudio.frozen import is_frozen
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.links import SCHEME
from perfstudio.session.system_links.states import LinkOwner, LinksState


class MacLinks:
    """Reads the bundle that this program runs from."""

    def look(self) -> LinksState:
        """The bundle's own word; nothing of it where the program runs from elsewhere."""
        if SCHEME in _schemes():
            return LinksState(LinkOwner.THIS, "perfstudio.app", installed=True, changeable=False)
        return LinksState(LinkOwner.NONE, changeable=False)

    def register(self) -> None:
        """A bundle is known to the system by lying there. Raises LibraryError(LINKS_BUNDLE_ONLY) outside of one."""
        if SCHEME not in _schemes():
            raise LibraryError(ErrorCode.LINKS_BUNDLE_ONLY)

    def remove(self) -> None:
        """Raises LibraryError(LINKS_BUNDLE_ONLY): what a bundle says of itself is not for one person to take away."""
        raise LibraryError(ErrorCode.LINKS_BUNDLE_ONLY)


def _schemes() -> set[str]:
    """perfstudio.app/Contents/MacOS/perfstudio beside perfstudio.app/Contents/Info.plist"""
    if not is_frozen():
        return set()
    try:
        with (Path(sys.executable).parent.parent / "Info.plist").open("rb") as file:
            said = plistlib.load(file)
        return {scheme for kind in said.get("CFBundleURLTypes", ()) for scheme in kind.get("CFBundleURLSchemes", ())}
    except (OSError, ValueError, AttributeError, TypeError, ExpatError):
        return set()
