"""Something that is asked of the desktop while a take rolls, and given back after it."""

from __future__ import annotations

import logging
import threading

_log = logging.getLogger(__name__)


class HeldRequest:
    """Asked for and given back on a thread of its own: no desktop service, however slow, holds up a take.

    Where the system offers no way, nothing happens: the take rolls all the same. The end of the process gives it back.
    """

    NAME = "request"
    """What the thread is called, behind "perfstudio-"."""

    def __init__(self) -> None:
        self.active = threading.Event()
        """Set while the system has agreed."""
        self._over: threading.Event | None = None

    def hold(self) -> None:
        """Ask from now on; returns at once. Does nothing when it is held already."""
        if self._over is not None:
            return
        self._over = threading.Event()
        threading.Thread(target=self._run, args=(self._over,), name=f"perfstudio-{self.NAME}", daemon=True).start()

    def release(self) -> None:
        """No longer; returns at once."""
        if self._over is not None:
            self._over.set()
        self._over = None

    def _run(self, over: threading.Event) -> None:
        try:
            self._keep(over)
        except Exception:  # noqa: BLE001 - a convenience: whatever the desktop answers, the recording goes on
            _log.debug("%s: the desktop gave nothing", self.NAME, exc_info=True)
        finally:
            self.active.clear()

    def _keep(self, over: threading.Event) -> None:
        """Ask, set `active` once the system has agreed, and return when `over` is set. May raise anything."""
        raise NotImplementedError
