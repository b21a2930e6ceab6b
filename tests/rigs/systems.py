"""What a test needs of its system, and Windows has not: said in one place, with the reason.

@posix_only("a pipe has no name there")          the test is skipped on Windows
@linux_only("a session may have no screen")      and on macOS
[installed("ffprobe"), "-v", …]                   the test is skipped where that program is not there
assert mode_of(file) == private(0o600)           what a mode is there: only whether a file may be written
"""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WINDOWS = sys.platform == "win32"
WINE = WINDOWS and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")  # type: ignore[attr-defined,unused-ignore]
"""A Windows that is none: what it does is evidence of our calls, and not of what Windows does."""
_RUNTIME: Any = ctypes.CDLL("ucrtbase") if WINDOWS else None
"""Loaded before a test puts something of its own in the place of what loads it."""


def posix_only(reason: str) -> pytest.MarkDecorator:
    """The test needs what only Linux and macOS have."""
    return pytest.mark.skipif(WINDOWS, reason=f"not on Windows: {reason}")


def linux_only(reason: str) -> pytest.MarkDecorator:
    """The test needs what only Linux has."""
    return pytest.mark.skipif(not sys.platform.startswith("linux"), reason=f"not here: {reason}")


def no_wine(reason: str) -> pytest.MarkDecorator:
    """The test asks for what Windows does and Wine does not."""
    return pytest.mark.skipif(WINE, reason=f"not under Wine: {reason}")


def installed(program: str) -> str:
    """Where a program of others lies; the test is skipped where it is not there."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not here")
    return path


def mode_of(path: Path) -> int:
    """The permissions of a file or a folder, without what it is and without following a link."""
    return stat.S_IMODE(path.lstat().st_mode)


def private(mode: int) -> int:
    """What the system says of something made with a private mode (0600, 0700).

    Windows says of everything that all may read it, and whether it may be written: the profile's own list decides who.
    """
    return mode if not WINDOWS else 0o777 if mode & 0o100 else 0o666


def _links_or_skips(link: Callable[..., None]) -> Callable[..., None]:
    def make(path: Path, *words: Any, **more: Any) -> None:
        if str(sys._getframe(1).f_globals.get("__name__")).startswith("_pytest"):  # its own link to the newest folder
            raise NotImplementedError
        try:
            link(path, *words, **more)
        except (OSError, NotImplementedError) as problem:
            pytest.skip(f"not on this Windows: a link needs a right of its own ({problem})")
        if not path.is_symlink():
            pytest.skip("not under Wine: there are no links")

    return make


def pytest_runtest_teardown() -> None:
    """OpenCV's nets take the smallest numbers for nothing while they work; when one fails there, its thread goes on so,
    and every sum after it would be another one."""
    if WINDOWS:
        _RUNTIME._controlfp_s(ctypes.byref(ctypes.c_uint()), 0, 0x03000000)  # _DN_SAVE of _MCW_DN


if WINDOWS:
    Path.symlink_to = _links_or_skips(Path.symlink_to)  # type: ignore[method-assign]
    os.mkfifo = lambda path: pytest.skip("not on Windows: a pipe has no name in a folder")
