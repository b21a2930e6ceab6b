"""Sleeping until the sound server says that something changed; no program of its own, no look at intervals."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from perfstudio.capture.devices.pulseaudio_connection import NoServerError, PulseConnection

_PATIENCE_S: Final = 10.0
"""How long a subscription, which nobody waits for, tries to reach a server that is busy."""
_TRIES_S: Final = (0.3, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""When a server that went, or did not answer, is tried again: one that starts anew is there within a minute."""
_END_S: Final = 2.0
_MACHINE: Final = Path("/etc/machine-id")


class PulseListener:
    """Listens on the thread that calls; `hang_up` ends it for good, from any thread."""

    def __init__(self, *facilities: str) -> None:
        """`facilities` by pulsectl's names: "source", "source_output", "server"."""
        self._facilities = facilities
        self._line: PulseConnection | None = None
        self._lock = threading.Lock()
        self._over = False

    def listen(self, there: Callable[[], None], changed: Callable[[Any], None]) -> None:
        """Call `there` once the server answers, then `changed` with every event, until it goes or hangs up."""
        try:
            line = PulseConnection(_PATIENCE_S)
        except NoServerError:
            return
        with self._lock:
            self._line = line
            if self._over:
                line.ring()
        with suppress(NoServerError):
            line.connect()
            line.listen(self._facilities, there, changed)
        with self._lock:
            self._line = None
            line.close()

    def hang_up(self) -> None:
        """Whatever listens, ends; nothing listens any more."""
        with self._lock:
            self._over = True
            if self._line is not None:
                self._line.ring()


class ServerNotices:
    """Says when the server's microphones, or its choice among them, come and go; a server that goes is found again.

    That a microphone is louder, mute or in use is no news, and there is much of it.
    """

    def __init__(self) -> None:
        self._listener = PulseListener("source", "server")
        self._asked, self._tried, self._over = threading.Event(), threading.Event(), threading.Event()
        self._listening = False
        self._thread: threading.Thread | None = None

    def start(self, changed: Callable[[], None]) -> None:
        """Begin on a thread of its own."""
        self._thread = threading.Thread(target=self._run, args=(changed,), name="sound-server", daemon=True)
        self._thread.start()

    def look_again(self) -> None:
        """There may be a server now."""
        self._asked.set()

    def hears(self, within_s: float) -> bool:
        """Whether the server tells, or there is none that could. Waits so long for the first try."""
        self._tried.wait(within_s)
        return self._listening or not _may_be_there(server_socket())

    def close(self) -> None:
        """End; may be called twice."""
        self._over.set()
        self._asked.set()
        self._listener.hang_up()
        if self._thread is not None:
            self._thread.join(_END_S)

    def _run(self, changed: Callable[[], None]) -> None:
        def there() -> None:
            self._listening = True
            self._tried.set()
            changed()

        def told(event: Any) -> None:
            if event.facility == "server" or event.t != "change":
                changed()

        waits = list(_TRIES_S)
        while not self._over.is_set():
            self._asked.clear()
            self._listener.listen(there, told)
            if self._listening and not self._over.is_set():
                self._listening = False
                waits = list(_TRIES_S)
                changed()
            self._tried.set()
            if not self._over.is_set() and self._asked.wait(waits.pop(0) if waits else None):
                waits = list(_TRIES_S)


def server_socket() -> Path | None:
    """Where the server's socket is, or will be; None where that is not known, or on another computer.

    As libpulse looks for it: PULSE_SERVER (pulseaudio(1)), PULSE_RUNTIME_PATH, XDG_RUNTIME_DIR, the home folder.
    """
    if address := os.environ.get("PULSE_SERVER", "").split():
        path = address[0].rpartition("}")[2].removeprefix("unix:")
        return Path(path) if path.startswith("/") else None
    if runtime := os.environ.get("PULSE_RUNTIME_PATH"):
        return Path(runtime) / "native"
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(runtime) / "pulse" / "native"
    try:
        machine = _MACHINE.read_text("ascii").strip()
        return Path.home() / ".config" / "pulse" / f"{machine}-runtime" / "native"
    except (OSError, ValueError, RuntimeError):
        return None


def _may_be_there(path: Path | None) -> bool:
    try:
        return path is None or path.exists()
    except OSError:
        return True
