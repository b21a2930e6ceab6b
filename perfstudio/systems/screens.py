"""Whether a window can be opened here. Windows and macOS have a screen in every session; Linux says it by variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
PLUGIN: Final = "QT_QPA_PLATFORM"
"""Qt is told by name what to draw on, and asks for no screen then."""


def has_screen(system: str = sys.platform, variables: Mapping[str, str] | None = None) -> bool:
    """Whether there is one, by the `sys.platform` and the variables of a session."""
    named = os.environ if variables is None else variables
    return not system.startswith("linux") or any(named.get(name) for name in SCREENS)
