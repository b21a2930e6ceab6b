"""Devices that come and go while the app runs, told by stable id.

Every second a few small reads (or a sleeping subscription to the sound server) tell whether anything may have changed;
only then a process of its own takes a fresh look (see `scan`), so that a running stream is never disturbed.
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.capture.devices import pulseaudio
from perfstudio.capture.devices.scan import DeviceList, scan_apart

_ALWAYS_S = {"Linux": 60.0}
_OTHERWISE_S = 5.0
"""Where no cheap sign of a change is known, a fresh look is taken this often."""
_UNANSWERED_S = 5.0
"""A look that was given up is taken again after this long: the sign that asked for it does not come a second time."""
_SERVER_S = 5.0
"""How often a sound server that is not there, or has died, is looked for again."""
_SIGNS = (Path("/sys/class/video4linux"), Path("/dev/snd"))


@dataclass(frozen=True, slots=True)
class HotplugChange:
    """What there is now, and what came and went since the last word, by stable id."""

    devices: DeviceList
    arrived: frozenset[str]
    left: frozenset[str]


class HotplugWatch:
    """Tells on a thread of its own when devices arrive or leave. The first word is everything that is there."""

    def __init__(
        self,
        changed: Callable[[HotplugChange], None],
        *,
        every_s: float = 1.0,
        command: tuple[str, ...] | None = None,
    ) -> None:
        self._changed = changed
        self._every_s = every_s
        self._command = command
        self._usual_s = _ALWAYS_S.get(platform.system(), _OTHERWISE_S)
        self._stop = threading.Event()
        self._server = pulseaudio.Subscription()
        self._thread = threading.Thread(target=self._run, name="hotplug", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._server.start()
        self._thread.start()

    def close(self, deadline_s: float = 2.0) -> None:
        """End; a look that is being taken ends by itself."""
        self._stop.set()
        self._server.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(deadline_s)

    def _run(self) -> None:
        known: DeviceList | None = None
        sign, quiet_s, patience_s = self._sign(), 0.0, 0.0
        while not self._stop.is_set():
            now = self._sign()
            touched = self._server.take_changes() or now != sign
            if touched or quiet_s >= patience_s:
                found = scan_apart(self._command)
                sign, quiet_s, patience_s = now, 0.0, self._usual_s if found is not None else _UNANSWERED_S
                if found is not None and found != known and not self._stop.is_set():
                    before = known or DeviceList()
                    self._changed(HotplugChange(found, found.ids() - before.ids(), before.ids() - found.ids()))
                    known = found
            quiet_s += self._every_s
            if quiet_s % _SERVER_S < self._every_s:
                self._server.start()
            self._stop.wait(self._every_s)

    def _sign(self) -> tuple[tuple[str, ...], ...]:
        """Names of device nodes: they change with every plug on Linux."""
        return tuple(tuple(sorted(p.name for p in folder.iterdir())) if folder.is_dir() else () for folder in _SIGNS)
