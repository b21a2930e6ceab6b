"""The Enter key, waited for while something else goes on."""

from __future__ import annotations

import select
import sys
import time
from typing import Final

from perfstudio.systems.consoles import is_terminal

_POLL_S: Final = 0.02


def terminal_is_there() -> bool:
    """Whether somebody may press a key."""
    return is_terminal(sys.stdin)


def entered(within_s: float) -> bool:
    """Whether Enter was pressed, waited for so long at most. An input that has ended counts as Enter."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        until = time.monotonic() + within_s
        while not msvcrt.kbhit():
            if time.monotonic() > until:
                return False
            time.sleep(_POLL_S)
        return msvcrt.getwch() in "\r\n"
    readable, _, _ = select.select([sys.stdin], [], [], within_s)
    if readable:
        sys.stdin.readline()
    return bool(readable)
