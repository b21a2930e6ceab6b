"""Whose a folder is: on another computer, or on this one where other accounts may look into it.

Linux     /proc/self/mountinfo (proc(5)) names each file system; permissions say who may look
macOS     statfs(2), MNT_LOCAL; permissions as on Linux. Not run: from sys/mount.h.
Windows   GetDriveTypeW (winbase.h). Modes say nothing there: by their lists of access, folders outside the own
          profile are open to every account of the computer. Run under Wine.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any, Final, Protocol

MOUNTS: Final = Path("/proc/self/mountinfo")
NETWORK: Final = frozenset(
    ("9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone",
     "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs")
)  # fmt: skip
"""Kinds of file system whose bytes lie on another computer."""
_REMOTE_DRIVE: Final = 4
"""DRIVE_REMOTE."""
_MNT_LOCAL: Final = 0x1000
_STATFS_FLAGS, _STATFS_BYTES = 64, 4096
"""Where f_flags stands in `struct statfs` with 64-bit inodes, and more room than it takes."""
_OTHERS: Final = 0o077
_INTO, _LIST = 0o011, 0o044
"""Group or others may pass through a folder, may list it."""


class Places(Protocol):
    """How one system tells. The folder need not exist yet; nothing is raised."""

    def is_remote(self, folder: Path) -> bool:
        """Whether its bytes lie on another computer."""

    def is_open(self, folder: Path) -> bool:
        """Whether other accounts of this computer may look into it."""

    def is_shared(self, file: Path) -> bool:
        """Whether the file itself says that others may read or change it. Raises OSError."""


class _PosixPlaces:
    """What Linux and macOS share: modes."""

    def is_open(self, folder: Path) -> bool:
        return _may_look(folder)

    def is_shared(self, file: Path) -> bool:
        return bool(file.lstat().st_mode & _OTHERS)


class LinuxPlaces(_PosixPlaces):
    """And whatever else is neither macOS nor Windows."""

    def __init__(self, mounts: Path = MOUNTS) -> None:
        """`mounts` stands in for the system's list in tests."""
        self._mounts = mounts

    def is_remote(self, folder: Path) -> bool:
        return _file_system(folder, self._mounts) in NETWORK


class MacPlaces(_PosixPlaces):
    """A folder that does not exist yet is judged by the nearest one above it."""

    def is_remote(self, folder: Path) -> bool:
        library: Any = ctypes.CDLL(None)
        ask = getattr(library, "statfs$INODE64", None) or library.statfs
        for place in (folder, *folder.parents):
            said = ctypes.create_string_buffer(_STATFS_BYTES)
            if not ask(os.fsencode(place), said):
                flags = int.from_bytes(said.raw[_STATFS_FLAGS : _STATFS_FLAGS + 4], sys.byteorder)
                return not flags & _MNT_LOCAL
        return False


class WindowsPlaces:
    """Drives and the profile."""

    def is_remote(self, folder: Path) -> bool:
        kernel: Any = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
        drive = folder.drive
        return drive.startswith("\\\\") or kernel.GetDriveTypeW(ctypes.c_wchar_p(drive + "\\")) == _REMOTE_DRIVE

    def is_open(self, folder: Path) -> bool:
        try:
            return not folder.is_relative_to(os.path.realpath(Path.home()))
        except RuntimeError:  # no profile is named
            return True

    def is_shared(self, file: Path) -> bool:
        """Of a file nothing is known: its mode says nothing, and it has the list of its folder."""
        return False


def for_system(system: str) -> Places:
    """The version of a system, by its `sys.platform`."""
    if system == "win32":
        return WindowsPlaces()
    return MacPlaces() if system == "darwin" else LinuxPlaces()


def _may_look(folder: Path) -> bool:
    """What will be made is made private; what is there says itself who may list it, and who may come so far."""
    try:
        return bool(folder.stat().st_mode & _LIST) and all(
            above.stat().st_mode & _INTO for above in (folder, *folder.parents)
        )
    except OSError:
        return False


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


PLACES: Final = for_system(sys.platform)
"""Of this system."""
