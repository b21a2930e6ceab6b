"""Time as the stage needs it: calls that come later, on the owner's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """One-second ticks on the owner's thread; the window has one, tests have another."""

    def after(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call later, once; the answer cancels."""
        ...
