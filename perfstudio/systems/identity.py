"""By what the system knows that a window is perfstudio's and no other Python's: its mark on the task bar, and its name
on notices, come from there.

Linux     the desktop entry, which the window names (Qt's setDesktopFileName)
macOS     CFBundleIdentifier in the bundle's Info.plist; outside of a bundle it is Python's
Windows   the AppUserModelID (learn.microsoft.com, "Application User Model IDs"), given to the process before its first
          window; the start menu's shortcut carries the same, or the task bar shows two. Not run but under Wine.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Final, Protocol

APP_ID: Final = "perfstudio.perfstudio"
"""Company and product as Windows asks for them, and the bundle's identifier on macOS."""
_OK: Final = 0
"""S_OK."""
_ANY: Final = -1
"""ASFW_ANY."""


class Identity(Protocol):
    """How one system is told. Nothing is raised: without it a window works as well."""

    def take(self) -> bool:
        """Make this process perfstudio, before its first window; whether the system was told and agreed."""

    def give_way(self) -> bool:
        """Let the window that is open come to the front: it was this process that a person started. Whether asked."""


class QuietIdentity:
    """Linux and macOS: said elsewhere, by files that are installed; windows may come to the front."""

    def take(self) -> bool:
        return False

    def give_way(self) -> bool:
        return False


class WindowsIdentity:
    """`SetCurrentProcessExplicitAppUserModelID` (shobjidl_core.h), `AllowSetForegroundWindow` (winuser.h)."""

    def __init__(self, shell: Any = None, user: Any = None) -> None:
        """`shell` and `user` stand in for shell32 and user32 in tests."""
        self._shell, self._user = shell, user

    def take(self) -> bool:
        try:
            shell = self._shell or ctypes.WinDLL("shell32")  # type: ignore[attr-defined,unused-ignore]
            return bool(shell.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(APP_ID)) == _OK)
        except (OSError, AttributeError):  # an edition without it
            return False

    def give_way(self) -> bool:
        try:
            user = self._user or ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
            return bool(user.AllowSetForegroundWindow(_ANY))
        except (OSError, AttributeError):
            return False


def for_system(system: str) -> Identity:
    """The version of a system, by its `sys.platform`."""
    return WindowsIdentity() if system == "win32" else QuietIdentity()


IDENTITY: Final = for_system(sys.platform)
"""Of this system."""
