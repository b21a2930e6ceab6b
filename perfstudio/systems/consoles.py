"""Whether a person sits at a stream, and whether what is written there may clear a line with the signs of ECMA-48
("erase in line").

Linux, macOS   every terminal since the VT100 knows them
Windows        a console from Windows 10 on, once it was asked to (SetConsoleMode with
               ENABLE_VIRTUAL_TERMINAL_PROCESSING; learn.microsoft.com, "Console Virtual Terminal Sequences");
               an earlier one shows them as they stand. NUL says of itself that it is a terminal, as every device
               for characters does ("_isatty"); a console alone has a mode (GetConsoleMode). Run under Wine, whose
               console is a pipe.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any, Final, TextIO

_STANDARD_ERROR: Final = -12
"""STD_ERROR_HANDLE."""
_KNOWS_SIGNS: Final = 0x4


def clears_lines(system: str = sys.platform, library: Any = None) -> bool:
    """Of the terminal behind standard error; asked of it where it has to be.

    `library` stands in for kernel32 in tests.
    """
    if system != "win32":
        return True
    library = library or ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    library.GetStdHandle.restype = ctypes.c_void_p
    console, mode = ctypes.c_void_p(library.GetStdHandle(_STANDARD_ERROR)), ctypes.c_uint32()
    if not library.GetConsoleMode(console, ctypes.byref(mode)):
        return False
    return bool(mode.value & _KNOWS_SIGNS or library.SetConsoleMode(console, mode.value | _KNOWS_SIGNS))


def is_terminal(
    stream: TextIO | None,
    system: str = sys.platform,
    library: Any = None,
    handle_of: Callable[[int], int] | None = None,
) -> bool:
    """Whether somebody may type there, or reads. Of a stream that is not there or was closed: nobody.

    `library` and `handle_of` stand in for kernel32 and msvcrt.get_osfhandle in tests.
    """
    try:
        if stream is None or not stream.isatty():
            return False
    except (AttributeError, ValueError):
        return False
    return system != "win32" or _is_console(stream, library, handle_of)


def _is_console(stream: TextIO, library: Any, handle_of: Callable[[int], int] | None) -> bool:
    try:
        descriptor = stream.fileno()
    except (AttributeError, ValueError, OSError):  # none of the system's
        return True
    if handle_of is None:
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        handle_of = msvcrt.get_osfhandle  # type: ignore[attr-defined,unused-ignore]
    library = library or ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    handle = ctypes.c_void_p(handle_of(descriptor))
    return bool(library.GetConsoleMode(handle, ctypes.byref(ctypes.c_uint32())))
