"""The screen stays on and the computer awake while a take rolls."""

from __future__ import annotations

import logging
import threading

_log = logging.getLogger(__name__)


class WakeLock:
    """Asked for and given back on a thread of its own: no desktop service, however slow, holds up a take.

    Where the system offers no way, nothing happens: the take rolls all the same. The end of the process gives it back.
    """

    def __init__(self) -> None:
        self.active = threading.Event()
        """Set once the system has agreed."""
        self._over: threading.Event | None = None

    def hold(self) -> None:
        """Stay awake from now on; returns at once. Does nothing when it is held already."""
        if self._over is not None:
            return
        self._over = threading.Event()
        threading.Thread(target=self._run, args=(self._over,), name="perfstudio-awake", daemon=True).start()

    def release(self) -> None:
        """No longer; returns at once."""
        if self._over is not None:
            self._over.set()
        self._over = None

    def _run(self, over: threading.Event) -> None:
        try:
            from wakepy import keep  # noqa: PLC0415 - on this thread, so that loading it delays nothing

            with keep.presenting(on_fail="pass") as mode:
                if mode.active:
                    self.active.set()
                over.wait()
        except Exception:  # noqa: BLE001 - a convenience: whatever the desktop answers, the recording goes on
            _log.debug("the wake lock failed", exc_info=True)
        finally:
            self.active.clear()
