"""The screen stays on and the computer awake while a take rolls."""

from __future__ import annotations

import threading

from perfstudio.capture.system.held_request import HeldRequest


class WakeLock(HeldRequest):
    """Held while a take rolls."""

    NAME = "awake"

    def _keep(self, over: threading.Event) -> None:
        from wakepy import keep  # noqa: PLC0415 - on this thread, so that loading it delays nothing

        with keep.presenting(on_fail="pass") as mode:
            if mode.active:
                self.active.set()
            over.wait()
