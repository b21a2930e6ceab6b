"""What kind of folder takes live in: another computer's, one that a program copies elsewhere, or a plain one."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")
_NETWORK: Final = frozenset(
    ("9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone",
     "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs")
)  # fmt: skip
"""Kinds of file system whose bytes lie on another computer."""
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
"""Where macOS keeps such folders."""
_REMOTE_DRIVE: Final = 4


class StorageKind(StrEnum):
    """Where the bytes of a folder really go."""

    LOCAL = "local"
    NETWORK = "network"
    SYNCED = "synced"


@dataclass(frozen=True, slots=True)
class StorageLocation:
    """The kind of a folder; `keeper` is the program that copies it elsewhere."""

    kind: StorageKind = StorageKind.LOCAL
    keeper: str = ""


def place_of(folder: Path, *, mounts: Path = MOUNTS) -> StorageLocation:
    """Look at a folder, which need not exist yet. LOCAL where nothing says otherwise; never raises OSError."""
    folder = Path(os.path.realpath(folder))
    keeper = _keeper(folder)
    if keeper:
        return StorageLocation(StorageKind.SYNCED, keeper)
    return StorageLocation(StorageKind.NETWORK if _is_remote(folder, mounts) else StorageKind.LOCAL)


def _keeper(folder: Path) -> str:
    for variable, name in _NAMES.items():
        top = os.environ.get(variable)
        if top and folder.is_relative_to(os.path.realpath(top)):
            return name
    for parts, name in _HOMES.items():
        if sys.platform == "darwin" and folder.is_relative_to(Path.home().joinpath(*parts)):
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


def _is_remote(folder: Path, mounts: Path) -> bool:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - asked nowhere else

        drive = folder.drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == _REMOTE_DRIVE
    return _file_system(folder, mounts) in _NETWORK


def _file_system(folder: Path, mounts: Path) -> str:
    """The kind of the file system that holds a folder, by the longest mount point above it; empty when unknown."""
    found, longest = "", -1
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ") if before.count(" ") >= 4 else ""
        if point and len(point) >= longest and folder.is_relative_to(point):
            found, longest = after.split(" ")[0], len(point)
    return found
