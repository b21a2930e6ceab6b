"""A chosen device that was pulled out and is there again: when to open it by itself.

A device is listed before it works: a driver still sets it up, a headset is still being paired, another program tries it
first. So what was opened too early is tried again a few times; then it waits for a person, or for the next arrival.
"""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.capture.devices.permission_problems import NOT_LET
from perfstudio.model.errors import DeviceError
from perfstudio.session.bus import Bus
from perfstudio.session.events import DevicesBack, DevicesChanged, StageChanged
from perfstudio.session.stage.timer import Timer
from perfstudio.session.views import StageState, StageView

TRIES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
"""How long after each failure the next try comes: half a minute in all, longer than a paired headset takes to speak."""


class Reopening:
    """Publishes `DevicesBack` when a stage that failed for a device may be opened again. On the owner's thread."""

    def __init__(self, bus: Bus, timer: Timer, view: Callable[[], StageView], are_back: Callable[[], bool]) -> None:
        self._bus, self._timer, self._view, self._are_back = bus, timer, view, are_back
        self._before = view().state
        self._tries = len(TRIES_S)
        """How many have been made since something arrived or was lost; none is left for a stage that never stood."""
        self._stop: Callable[[], None] = lambda: None
        bus.subscribe(DevicesChanged, lambda _: self._arrived())
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))

    def close(self) -> None:
        """Nothing is tried any more."""
        self._stop()

    def _arrived(self) -> None:
        self._tries = 0
        self._try()

    def _stage_changed(self, view: StageView) -> None:
        before, self._before = self._before, view.state
        if view.state is before:
            return
        self._stop()
        if view.state is not StageState.FAILED or not isinstance(view.problem, DeviceError):
            return
        if view.problem.code in NOT_LET:  # no clock changes that: `DeviceAccess` looks for who does
            return
        if before is not StageState.OPENING:  # a device that was open is lost
            self._tries = 0
        if self._tries < len(TRIES_S):
            self._stop = self._timer.after(TRIES_S[self._tries], self._try)
            self._tries += 1

    def _try(self) -> None:
        if self._view().state is StageState.FAILED and self._are_back():
            self._bus.publish(DevicesBack())
