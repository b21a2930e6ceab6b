"""A word before the computer sleeps, and a moment to close the take in: logind's, where there is one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Final

_POLL_S: Final = 0.5
_ANSWER_S: Final = 5.0
_BUS_NAME: Final = "org.freedesktop.login1"
_PATH: Final = "/org/freedesktop/login1"
_INTERFACE: Final = "org.freedesktop.login1.Manager"

_log = logging.getLogger(__name__)


class SleepInhibitor:
    """While it is held, sleep waits (for some seconds, by the system's rules) until it is released.

    On a thread of its own; where no such service answers nothing happens, and a sleep is found afterwards.
    """

    def __init__(self, called: Callable[[], None]) -> None:
        self._called = called
        self._over: threading.Event | None = None
        self.listening = threading.Event()
        """Set once the system has agreed."""

    def hold(self) -> None:
        """Ask for the word from now on; returns at once. Does nothing when it is held already."""
        if self._over is not None:
            return
        self._over = threading.Event()
        threading.Thread(target=self._run, args=(self._over,), name="perfstudio-bedtime", daemon=True).start()

    def release(self) -> None:
        """The take is closed: the computer may sleep. Returns at once."""
        if self._over is not None:
            self._over.set()
        self._over = None

    def _run(self, over: threading.Event) -> None:
        try:
            self._listen(over)
        except Exception:  # noqa: BLE001 - a convenience: whatever the bus answers, the recording goes on
            _log.debug("no word before sleep", exc_info=True)
        finally:
            self.listening.clear()

    def _listen(self, over: threading.Event) -> None:
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
                self.listening.set()
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
