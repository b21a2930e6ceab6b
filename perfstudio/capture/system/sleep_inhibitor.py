"""A word before the computer sleeps, and a moment to close the take in, where the system gives both."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from perfstudio.capture.system.held_request import HeldRequest
from perfstudio.capture.system.sleep_warning import SleepCall, for_system


class SleepInhibitor(HeldRequest):
    """While it is held, sleep waits (for some seconds, by the system's rules) until it is released.

    Where no such service answers, a sleep is found afterwards.
    """

    NAME = "bedtime"

    def __init__(self, called: Callable[[], None]) -> None:
        super().__init__()
        self._called = called

    def _keep(self, over: threading.Event) -> None:
        for_system(sys.platform)(SleepCall(over, self.active, self._called))
