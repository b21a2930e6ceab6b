"""Devices that come and go while the app runs, told by stable id.

The thread sleeps until the system gives notice (see `device_notices`). A plug gives many within a second or two; once
they are over, a process of its own takes one fresh look (see `scan`), so that a running stream is never disturbed.
While a take rolls nobody looks: what came meanwhile is seen after the cut. Where the system gives no notice, and only
there, a look is taken once a minute.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from perfstudio.capture.devices.device_notices import DeviceNotices
from perfstudio.capture.devices.scan import DeviceList, scan_apart

UNTOLD_S: Final = 60.0
"""How often a look is taken where the system does not say that something came or went."""
_AGAIN_S: Final = (5.0, 10.0, 20.0, 40.0)
"""When a look that was given up is taken again: the notice that asked for it does not come a second time."""
_QUIET_S: Final = 0.5
"""So long after the last notice of a plug the look is taken. What a camera with a microphone gives lies closer."""
_AT_LAST_S: Final = 3.0
"""Notices that never end are not waited for longer than this."""
_KNOWN_S: Final = 1.0
"""What may take a while to say whether it will tell: a sound server is reached within some hundredths."""


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
        command: tuple[str, ...] | None = None,
        notices: Callable[[Callable[[], None]], DeviceNotices] = DeviceNotices,
    ) -> None:
        self._changed = changed
        self._command = command
        self._notices = notices(self._noticed)
        self._known: DeviceList | None = None
        self._word = threading.Condition()
        self._noted = 0
        """How many notices came."""
        self._rolling = self._over = False
        self._thread = threading.Thread(target=self._run, name="hotplug", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def rolling(self, on: bool) -> None:
        """Whether a take rolls."""
        with self._word:
            self._rolling = on
            self._word.notify_all()

    def close(self, deadline_s: float = 2.0) -> None:
        """End; a look that is being taken ends by itself."""
        with self._word:
            self._over = True
            self._word.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(deadline_s)

    def _noticed(self) -> None:
        """On any thread."""
        with self._word:
            self._noted += 1
            self._word.notify_all()

    def _run(self) -> None:
        self._notices.start()
        untold = bool(self._notices.missing(_KNOWN_S))
        again = list(_AGAIN_S)
        while self._may_look():
            seen = self._noted
            if self._look():
                again = list(_AGAIN_S)
                limit_s = UNTOLD_S if untold else None
            else:
                limit_s = again.pop(0) if again else UNTOLD_S if untold else None
            self._sleep(seen, limit_s)
            if untold:
                self._notices.start()
            untold = bool(self._notices.missing())
        self._notices.close()

    def _sleep(self, seen: int, limit_s: float | None) -> None:
        """Until there is a reason to look: another notice than the first `seen`, or the time is over."""
        with self._word:
            self._word.wait_for(lambda: self._over or self._noted != seen, limit_s)

    def _may_look(self) -> bool:
        """Sleep while a take rolls, and while one notice follows another. False at the end."""
        with self._word:
            last_s = time.monotonic() + _AT_LAST_S
            while not self._over:
                if self._rolling:
                    self._word.wait_for(lambda: self._over or not self._rolling)
                    last_s = time.monotonic() + _AT_LAST_S
                followed = self._follows(self._noted)
                if not self._rolling and (not followed or time.monotonic() >= last_s):
                    break
            return not self._over

    def _follows(self, seen: int) -> bool:
        """Whether another notice comes within a moment; ends at once for a take and at the end."""
        self._word.wait_for(lambda: self._over or self._rolling or self._noted != seen, _QUIET_S)
        return self._noted != seen

    def _look(self) -> bool:
        """Take a look and tell what is new; whether it was answered."""
        found = scan_apart(self._command)
        if found is not None and found != self._known and not self._over:
            before = self._known or DeviceList()
            self._changed(HotplugChange(found, found.ids() - before.ids(), before.ids() - found.ids()))
            self._known = found
        return found is not None
