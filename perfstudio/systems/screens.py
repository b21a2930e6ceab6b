"""Whether a window can be opened here, and seen. Windows and macOS have a screen in every session; Linux says it by
variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
PLUGIN: Final = "QT_QPA_PLATFORM"
"""Qt is told by name what to draw on, and asks for no screen then."""
_UNSEEN: Final = ("minimal", "offscreen", "vnc")
"""Plugins of Qt behind which nobody need sit."""


def has_screen(system: str = sys.platform, variables: Mapping[str, str] | None = None) -> bool:
    """Whether there is one, by the `sys.platform` and the variables of a session."""
    named = os.environ if variables is None else variables
    return not system.startswith("linux") or any(named.get(name) for name in SCREENS)


def is_seen(system: str = sys.platform, variables: Mapping[str, str] | None = None) -> bool:
    """Whether somebody sees what is opened: a box that waits for a press would wait for ever elsewhere."""
    named = os.environ if variables is None else variables
    return has_screen(system, named) and named.get(PLUGIN, "").partition(":")[0] not in _UNSEEN
