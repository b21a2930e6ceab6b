"""The headphones of a line: opened, watched, and opened again when they are back.

Opening and closing may take seconds, so that after the first time both are done on a thread beside the line.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from perfstudio.call.media import OpenHeadphones
from perfstudio.model.errors import PerfstudioError

AGAIN_S: Final = 2.0
"""How often headphones that went away are looked for."""


class Ears:
    """`open`, `gone` and `close` from one thread."""

    def __init__(self, open_them: Callable[[], OpenHeadphones]) -> None:
        """`open_them` raises PerfstudioError for headphones that are not there."""
        self._open_them = open_them
        self._there: OpenHeadphones | None = None
        self._looks_for_them: threading.Thread | None = None
        self._over = threading.Event()

    def open(self) -> None:
        """For the first time. Raises PerfstudioError."""
        self._there = self._open_them()

    def gone(self) -> bool:
        """Whether they went away since this was asked last; they are looked for from then on."""
        there = self._there
        if there is None or there.is_well:
            return False
        self._there = None
        self._looks_for_them = threading.Thread(target=self._look, args=(there,), name="perfstudio-ears", daemon=True)
        self._looks_for_them.start()
        return True

    def close(self) -> None:
        """Let them go."""
        self._over.set()
        if self._looks_for_them is not None:
            self._looks_for_them.join(AGAIN_S)
        there, self._there = self._there, None
        if there is not None:
            there.close()

    def _look(self, before: OpenHeadphones) -> None:
        before.close()
        while not self._over.wait(AGAIN_S):
            try:
                self._there = self._open_them()
            except PerfstudioError:
                continue
            return
