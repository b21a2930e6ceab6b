"""How bytes and names get onto the disk itself, and not only on their way to it.

Linux     fsync(2), fdatasync(2), and fsync of a folder for its names
macOS     fcntl(2) F_FULLFSYNC: "fsync() … there is a chance that the drive will not write it for some time";
          where the file system refuses it (a share, FAT by some drivers), fsync. Not run: from the manual.
Windows   _commit, which is FlushFileBuffers, and MoveFileExW with MOVEFILE_WRITE_THROUGH: "does not return until
          the file is actually moved on the disk" (learn.microsoft.com, winbase.h). Run under Wine alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

SQLITE_PRAGMAS: Final = ("PRAGMA fullfsync=ON", "PRAGMA checkpoint_fullfsync=ON")
"""For every database: what F_FULLFSYNC is for files. Other systems than macOS take the words and do nothing."""
_F_FULLFSYNC: Final = 51
"""sys/fcntl.h of macOS; Python names it there alone."""
_REFUSED: Final = frozenset(
    (errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EPERM, errno.EACCES)
)
"""The file system knows no such call. All else is a disk that failed."""
_REPLACE, _WRITE_THROUGH = 0x1, 0x8
"""MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH."""
_HELD: Final = frozenset((5, 32, 33))
"""ERROR_ACCESS_DENIED (a file to be replaced, or one in a folder that is renamed, is open), ERROR_SHARING_VIOLATION,
ERROR_LOCK_VIOLATION (MS-ERREF 2.2)."""
_NOT_EMPTY: Final = 145
"""ERROR_DIR_NOT_EMPTY: what was removed from it is there until the last program has closed it."""


class Durability(Protocol):
    """Everything raises OSError."""

    HOLDS_NAMES: bool
    """Whether an open file keeps its name, and its folder's."""

    def flush(self, descriptor: int) -> None:
        """The bytes of an open file, and what is known of it, are on the disk."""

    def flush_data(self, descriptor: int) -> None:
        """The bytes of an open file are on the disk, and its length."""

    def flush_folder(self, folder: Path) -> None:
        """The names in a folder are on the disk."""

    def replace(self, source: Path, target: Path) -> None:
        """Give a file its name; what had that name is gone."""

    def rename(self, source: Path, target: Path) -> None:
        """Give a file or a folder a name that nothing has."""

    def passes(self, problem: OSError) -> bool:
        """Whether what stood in the way of a name may be gone in a moment: another program has the file open."""


class _PosixDisk:
    """What Linux and macOS share."""

    HOLDS_NAMES = False

    def flush(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def flush_data(self, descriptor: int) -> None:
        self.flush(descriptor)

    def flush_folder(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            self.flush(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def rename(self, source: Path, target: Path) -> None:
        source.rename(target)

    def passes(self, problem: OSError) -> bool:
        return False


class LinuxDisk(_PosixDisk):
    """And whatever else is neither macOS nor Windows."""

    def flush_data(self, descriptor: int) -> None:
        getattr(os, "fdatasync", os.fsync)(descriptor)


class MacDisk(_PosixDisk):
    """Asks the drive, too."""

    def flush(self, descriptor: int) -> None:
        import fcntl  # noqa: PLC0415 - does not exist on Windows

        ask: Any = getattr(fcntl, "fcntl", None)
        try:
            ask(descriptor, _F_FULLFSYNC)
        except OSError as problem:
            if problem.errno not in _REFUSED:
                raise
            os.fsync(descriptor)


class WindowsDisk:
    """Names are written through, bytes flushed by handle."""

    HOLDS_NAMES = True

    def flush(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def flush_data(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def flush_folder(self, folder: Path) -> None:
        """Nothing: there is no such call, and every name is written through (NTFS keeps names in its journal)."""

    def replace(self, source: Path, target: Path) -> None:
        """Windows says "access denied" where a folder is in the way, as of a file that is open."""
        if target.is_dir() and not target.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        self._move(source, target, _REPLACE | _WRITE_THROUGH)

    def rename(self, source: Path, target: Path) -> None:
        self._move(source, target, _WRITE_THROUGH)

    def passes(self, problem: OSError) -> bool:
        """Python's `open` hands on what the C library makes of all of them: EACCES, without the system's number."""
        number = getattr(problem, "winerror", None)
        return number in {*_HELD, _NOT_EMPTY} if number else isinstance(problem, PermissionError)

    def _move(self, source: Path, target: Path, how: int) -> None:
        if not _kernel32().MoveFileExW(str(source), str(target), how):
            raise _said(source, target)


def for_system(system: str) -> Durability:
    """The version of a system, by its `sys.platform`."""
    if system == "win32":
        return WindowsDisk()
    return MacDisk() if system == "darwin" else LinuxDisk()


@cache
def _kernel32() -> Any:
    library: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    library.MoveFileExW.argtypes = (ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint32)
    library.MoveFileExW.restype = ctypes.c_int
    return library


def _said(source: Path, target: Path) -> OSError:
    """What Windows says, as Python says it."""
    number = ctypes.get_last_error()  # type: ignore[attr-defined,unused-ignore]
    words = ctypes.FormatError(number)  # type: ignore[attr-defined,unused-ignore]
    return OSError(0, words, str(source), number, str(target))


DURABILITY: Final = for_system(sys.platform)
"""Of this system."""
