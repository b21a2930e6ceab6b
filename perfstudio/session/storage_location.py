"""What kind of folder takes live in: another computer's, one that a program copies elsewhere, one that others may look
into, or a plain one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from perfstudio.paths import leads_to
from perfstudio.systems.places import PLACES, Places

_MARKS: Final = {
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".tmp.drivedownload": "Google Drive",
    "._sync_*.db": "Nextcloud",
    ".sync_*.db": "Nextcloud",
}
"""What programs that keep folders in step leave at the top of them."""
_NAMES: Final = {"OneDrive": "OneDrive", "OneDriveConsumer": "OneDrive", "OneDriveCommercial": "OneDrive"}
"""Variables in which such a program names its folder."""
_HOMES: Final = {("Library", "Mobile Documents"): "iCloud", ("Library", "CloudStorage"): "the system"}
"""Where macOS keeps such folders; elsewhere nothing has such a name."""


class StorageKind(StrEnum):
    """Where the bytes of a folder really go."""

    LOCAL = "local"
    NETWORK = "network"
    SYNCED = "synced"
    OPEN = "open"  # to other accounts of this computer


@dataclass(frozen=True, slots=True)
class StorageLocation:
    """The kind of a folder; `keeper` is the program that copies it elsewhere."""

    kind: StorageKind = StorageKind.LOCAL
    keeper: str = ""


def place_of(folder: Path, places: Places = PLACES) -> StorageLocation:
    """Look at a folder, which need not exist yet. LOCAL where nothing says otherwise; never raises OSError."""
    folder = leads_to(folder)
    keeper = _keeper(folder)
    if keeper:
        return StorageLocation(StorageKind.SYNCED, keeper)
    if places.is_remote(folder):
        return StorageLocation(StorageKind.NETWORK)
    return StorageLocation(StorageKind.OPEN if places.is_open(folder) else StorageKind.LOCAL)


def _keeper(folder: Path) -> str:
    for variable, name in _NAMES.items():
        top = os.environ.get(variable)
        if top and folder.is_relative_to(leads_to(Path(top))):
            return name
    for parts, name in _HOMES.items():
        if folder.is_relative_to(Path.home().joinpath(*parts)):
            return name
    for above in (folder, *folder.parents[:-1]):
        for mark, name in _MARKS.items():
            if _holds(above, mark):
                return name
    return ""


def _holds(folder: Path, mark: str) -> bool:
    try:
        return next(folder.glob(mark), None) is not None
    except OSError:
        return False
