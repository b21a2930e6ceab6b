"""What the system's own words are in, where no variable says it.

Linux     variables say it (locale(7)), or nobody does
macOS     the same in a terminal; a window asks Qt, which knows the system's list
Windows   GetUserDefaultLocaleName (learn.microsoft.com, winnls.h). Run under Wine.
"""

from __future__ import annotations

import sys

_MOST_LETTERS = 85
"""LOCALE_NAME_MAX_LENGTH."""


def system_language() -> str:
    """A name as in `de-CH`; empty where nothing is known beside the variables."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only there

        name = ctypes.create_unicode_buffer(_MOST_LETTERS)
        if ctypes.windll.kernel32.GetUserDefaultLocaleName(name, len(name)):
            return name.value
    return ""
