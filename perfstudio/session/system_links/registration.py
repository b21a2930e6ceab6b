"""The way of the system at hand."""

from __future__ import annotations

import sys
from pathlib import Path

from perfstudio.frozen import is_frozen
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.resources import asset
from perfstudio.session.system_links.states import LinkOwner, LinksState, SystemLinks


def system_links(home: Path) -> SystemLinks:
    """What opens links, packs and clips with this program and this home. Raises LibraryError(LINKS_NOT_INSTALLED)."""
    if sys.platform == "darwin":
        from perfstudio.session.system_links.macos import MacLinks  # noqa: PLC0415 - one of three

        return MacLinks()
    from perfstudio.session.system_links.start_command import start_words  # noqa: PLC0415 - as above

    words = start_words(home)
    if sys.platform == "win32":
        from perfstudio.session.system_links.windows import WindowsLinks  # noqa: PLC0415 - as above

        return WindowsLinks(words)
    from perfstudio.session.system_links.linux import LinuxLinks  # noqa: PLC0415 - as above

    icon = "perfstudio" if is_frozen() else str(asset("mark", "perfstudio.svg"))  # what is unpacked does not stay
    return LinuxLinks(words, icon)


def turned(links: SystemLinks, *, on: bool) -> LinksState:
    """Ask the system, and read back what it says. Raises LibraryError; LINKS_UNCHANGED where it did not follow."""
    links.register() if on else links.remove()
    now = links.look()
    if not (now.all_this if on else not now.any_this):
        half = on and now.owner is LinkOwner.THIS  # links follow, files do not
        raise LibraryError(ErrorCode.LINKS_UNCHANGED, by="" if half else now.by)
    return now
