"""How long the path of a file may be.

Linux, macOS   4096 and 1024 bytes: others are in the way long before
Windows        MAX_PATH, 260 with the NUL behind it, unless long paths are switched on for the computer and for the
               program (RtlAreLongPathsEnabled of ntdll, which has it since long paths exist; learn.microsoft.com,
               "Maximum Path Length Limitation"). Wine has no such limit, and does not say so.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Final

MAX_PATH: Final = 259


def longest_path(system: str = sys.platform, library: Any = None) -> int | None:
    """Letters of the longest path that a file can have; None where nothing that is made here comes near.

    `library` stands in for ntdll in tests.
    """
    if system != "win32":
        return None
    library = library or ctypes.WinDLL("ntdll")  # type: ignore[attr-defined,unused-ignore]
    switched_on = getattr(library, "RtlAreLongPathsEnabled", None)
    limited = not switched_on() & 0xFF if switched_on else not hasattr(library, "wine_get_version")
    return MAX_PATH if limited else None
