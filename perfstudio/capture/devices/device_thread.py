"""The thread that an open device is read on."""

from __future__ import annotations

import threading
from collections.abc import Callable


class DeviceThread:
    """Begun once, and stopped from any thread, its own too. A driver that hangs is left behind on it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None
        self.stopping = threading.Event()
        """Set from `stop` on: what runs ends."""

    @property
    def begun(self) -> bool:
        """Whether it was started: from then on the device is its own to let go."""
        return self._thread is not None

    @property
    def here(self) -> bool:
        """Whether the caller runs on it."""
        return self._thread is threading.current_thread()

    def start(self, run: Callable[[], None]) -> None:
        """Begin to deliver."""
        self._thread = threading.Thread(target=run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self, deadline_s: float) -> None:
        """Stop, and wait so long for the end, except on the thread itself. May be called twice, and before `start`."""
        self.stopping.set()
        if self._thread is not None and not self.here:
            self._thread.join(deadline_s)
