"""The system ends the program: a signal, or the end of the performer's session. Nothing is asked, nothing is lost."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QEventLoop, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication

from perfstudio.systems.ending_signals import ENDING
from perfstudio.ui.bridge import Bridge

ENDS_WITHIN_S = 10.0
"""Then the window goes, whatever it waits for; the recorder still closes what rolls. Systems kill later: systemd after
90 s (DefaultTimeoutStopSec), macOS after 20 s of a logout (ExitTimeOut)."""
SAFE_WITHIN_S = 4.0
"""How long the end of a session is held up. Windows calls a program hung 5 s after WM_QUERYENDSESSION."""

_LOOK_MS = 50


class EndingBySignal:
    """Calls `end` on the GUI thread at the first of `ENDING`, and leaves Qt's loop `ENDS_WITHIN_S` later.

    Python hears a signal between two steps of Python, and Qt's loop takes none: the byte that it writes to a socket
    wakes the loop (signal.set_wakeup_fd).
    """

    def __init__(self, bridge: Bridge, end: Callable[[], None], leave: Callable[[], None]) -> None:
        self._bridge, self._end, self._leave = bridge, end, leave
        self._ending = False
        self._heard, self._said = socket.socketpair()
        for line in (self._heard, self._said):
            line.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._woken)
        self._before: dict[int, Any] = {number: signal.signal(number, _noted) for number in ENDING}
        self._woke_before = signal.set_wakeup_fd(self._said.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """Signals mean again what they meant before."""
        signal.set_wakeup_fd(self._woke_before)
        for number, before in self._before.items():
            signal.signal(number, before)
        self._notifier.setEnabled(False)
        self._heard.close()
        self._said.close()

    def _woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            asked = any(number in self._before for number in self._heard.recv(64))
            if asked and not self._ending:
                self._ending = True
                self._bridge.after(ENDS_WITHIN_S, self._leave)
                self._end()


def hold_until_safe(app: QGuiApplication, save: Callable[[], None], safe: Callable[[], bool]) -> None:
    """At the end of the performer's session (logout, restart, shut-down) `save`, and hold it up until it is `safe`, at
    most `SAFE_WITHIN_S`. The program goes on: the session may go on as well, and who ends it ends the program next.

    Windows waits for the slot (WM_QUERYENDSESSION), X11's session manager for its return; elsewhere SIGTERM comes.
    """

    def asked() -> None:
        save()
        waiting, look, limit = QEventLoop(), QTimer(), QTimer(singleShot=True)
        look.timeout.connect(lambda: waiting.quit() if safe() else None)
        limit.timeout.connect(waiting.quit)
        look.start(_LOOK_MS)
        limit.start(round(SAFE_WITHIN_S * 1000))
        if not safe():
            waiting.exec()

    app.commitDataRequest.connect(lambda _manager: asked())


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The byte on the socket is what counts."""
