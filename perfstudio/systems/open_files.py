"""Which programs have a file open that cannot get a new name, or go, because of that.

Linux, macOS   nobody is asked: there an open file is in nobody's way
Windows        the Restart Manager (learn.microsoft.com, restartmanager.h): a session, the file, the list of
               those who hold it. It takes files and no folders, so those of a folder are asked about one by one.
               Tried against a library of the same form; Wine's own knows no holder.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

MOST_FILES: Final = 64
"""So many files of a folder are asked about, a few milliseconds each."""
_MOST_PROGRAMS: Final = 8
_MORE_DATA: Final = 234
"""ERROR_MORE_DATA: more programs than there was room for; the first ones are there."""

Holders = Callable[[Path], tuple[str, ...]]


class _UniqueProcess(ctypes.Structure):
    """Which process: RM_UNIQUE_PROCESS."""

    _fields_ = (("pid", ctypes.c_uint32), ("started_low", ctypes.c_uint32), ("started_high", ctypes.c_uint32))


class HolderRow(ctypes.Structure):
    """One program that holds a file: RM_PROCESS_INFO."""

    _fields_ = (
        ("process", _UniqueProcess),
        ("name", ctypes.c_wchar * 256),
        ("service", ctypes.c_wchar * 64),
        ("kind", ctypes.c_int32),
        ("status", ctypes.c_uint32),
        ("session", ctypes.c_uint32),
        ("restartable", ctypes.c_int32),
    )


def nobody(path: Path) -> tuple[str, ...]:
    """There an open file is in nobody's way."""
    return ()


class WindowsHolders:
    """Names of programs as the system shows them, those of services too. Empty where it does not tell."""

    def __init__(self, library: Any = None) -> None:
        """`library` stands in for rstrtmgr.dll in tests."""
        self._library = library

    def __call__(self, path: Path) -> tuple[str, ...]:
        """Who holds a file, or any file below a folder. Takes up to some tenths of a second; raises nothing."""
        with contextlib.suppress(OSError, AttributeError):
            library = self._library or ctypes.WinDLL("rstrtmgr")  # type: ignore[attr-defined,unused-ignore]
            for file in _files(path):
                found = _ask(library, file)
                if found:
                    return found
        return ()


def _ask(library: Any, file: Path) -> tuple[str, ...]:
    session, key = ctypes.c_uint32(), ctypes.create_unicode_buffer(33)
    if library.RmStartSession(ctypes.byref(session), 0, key):
        return ()
    try:
        names = (ctypes.c_wchar_p * 1)(str(file))
        if library.RmRegisterResources(session, 1, names, 0, None, 0, None):
            return ()
        needed, room, reasons = ctypes.c_uint32(), ctypes.c_uint32(_MOST_PROGRAMS), ctypes.c_uint32()
        rows = (HolderRow * _MOST_PROGRAMS)()
        said = library.RmGetList(session, ctypes.byref(needed), ctypes.byref(room), rows, ctypes.byref(reasons))
        if said not in (0, _MORE_DATA):
            return ()
        return tuple(dict.fromkeys(row.name for row in rows[: room.value] if row.name))
    finally:
        library.RmEndSession(session)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    count = 0
    for folder, _, names in os.walk(path):
        for name in names:
            yield Path(folder, name)
            count += 1
            if count == MOST_FILES:
                return


def for_system(system: str) -> Holders:
    """The version of a system, by its `sys.platform`."""
    return WindowsHolders() if system == "win32" else nobody


programs_holding: Final = for_system(sys.platform)
"""Names of the programs that hold a file, or any file below a folder, as far as this system tells."""
