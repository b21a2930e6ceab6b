"""A word before the computer sleeps, and a moment to close the take in: logind's, where there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from perfstudio.capture.system.held_request import HeldRequest

_POLL_S: Final = 0.5
_ANSWER_S: Final = 5.0
_BUS_NAME: Final = "org.freedesktop.login1"
_PATH: Final = "/org/freedesktop/login1"
_INTERFACE: Final = "org.freedesktop.login1.Manager"


class SleepInhibitor(HeldRequest):
    """While it is held, sleep waits (for some seconds, by the system's rules) until it is released.

    Where no such service answers, a sleep is found afterwards.
    """

    NAME = "bedtime"

    def __init__(self, called: Callable[[], None]) -> None:
        super().__init__()
        self._called = called

    def _keep(self, over: threading.Event) -> None:
        from jeepney import DBusAddress, MatchRule, message_bus, new_method_call  # noqa: PLC0415 - Linux only
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - as above

        manager = DBusAddress(_PATH, bus_name=_BUS_NAME, interface=_INTERFACE)
        rule = MatchRule(type="signal", interface=_INTERFACE, member="PrepareForSleep", path=_PATH)
        with open_dbus_connection("SYSTEM", enable_fds=True) as bus, bus.filter(rule) as signals:
            bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=_ANSWER_S)
            reasons = ("sleep", "perfstudio", "A take is being closed.", "delay")
            asked = new_method_call(manager, "Inhibit", "ssss", reasons)
            (lock,) = bus.send_and_get_reply(asked, timeout=_ANSWER_S).body
            with lock:
                self.active.set()
                while not over.is_set():
                    if _goes_to_sleep(bus, signals):
                        self._called()
                        over.wait(_ANSWER_S)
                        return


def _goes_to_sleep(bus: Any, signals: Any) -> bool:
    try:
        (begins,) = bus.recv_until_filtered(signals, timeout=_POLL_S).body
    except TimeoutError:
        return False
    return bool(begins)
