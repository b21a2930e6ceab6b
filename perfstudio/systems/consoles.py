"""Whether what is written to a terminal may clear a line with the signs of ECMA-48 ("erase in line").

Linux, macOS   every terminal since the VT100 knows them
Windows        a console from Windows 10 on, once it was asked to (SetConsoleMode with
               ENABLE_VIRTUAL_TERMINAL_PROCESSING; learn.microsoft.com, "Console Virtual Terminal Sequences");
               an earlier one shows them as they stand. Run under Wine, whose console is a pipe.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Final

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
