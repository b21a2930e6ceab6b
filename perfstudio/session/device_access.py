"""What the system lets the window use: asked before devices are opened, looked at again when the person comes back.

Who asks: in a bundle on macOS the window, before the recorder hears of the devices, and so it is the bundle's words
that the system shows with its question. Elsewhere nobody here does: where a system asks, it does so because the
recorder opens a device, and the recorder then says that nobody has answered. On the owner's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from perfstudio.capture.devices.addresses import is_address
from perfstudio.capture.devices.permission_problems import NOT_LET
from perfstudio.model.device import NO_CAMERA, PRACTICE, DeviceSelection
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.session.bus import Bus
from perfstudio.session.events import DevicesBack, StageChanged
from perfstudio.session.stage.timer import Timer
from perfstudio.session.views import StageState, StageView
from perfstudio.systems import permissions
from perfstudio.systems.permissions import Guarded, PermissionState

LOOK_AGAIN_S: Final = 1.0
"""While the system's question is open: to answer it brings no window of ours to the front."""

AskSystem = Callable[[Sequence[Guarded], Callable[[], None]], None]
"""Make the system ask for these, one after the other; the call comes when all are answered."""
_UNSURE: Final = {
    ErrorCode.CAMERA_REFUSED: Guarded.CAMERA,
    ErrorCode.MICROPHONE_REFUSED: Guarded.MICROPHONE,
    ErrorCode.MICROPHONE_SILENT: Guarded.MICROPHONE,
}
"""What the system may be to blame for, where it does not say so."""


def settings_page(problem: PerfstudioError | None) -> str:
    """The address of the system's page that changes what a problem is, or may be, about; empty where there is none."""
    means = _means(problem.code) if problem is not None else None
    return permissions.PERMISSIONS.page(means[0]) if means is not None else ""


def _means(code: ErrorCode) -> tuple[Guarded, PermissionState] | None:
    """Which kind a problem is about, and what the system says of it; None where permission is no matter of it."""
    kind = _UNSURE.get(code)
    return NOT_LET.get(code) if kind is None else (kind, permissions.PERMISSIONS.read(kind).state)


class DeviceAccess:
    """Publishes `DevicesBack` when what failed for want of permission may be tried again."""

    def __init__(self, bus: Bus, timer: Timer) -> None:
        self._bus, self._timer = bus, timer
        self.ask: AskSystem | None = None
        """The window knows how, once it is there."""
        self._failed: tuple[Guarded, PermissionState] | None = None
        """What did not open for want of permission, and what the system said of it then; None while nothing is so."""
        self._stop: Callable[[], None] = lambda: None
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))

    def admit(self, selection: DeviceSelection, answered: Callable[[], None]) -> bool:
        """Whether the system is asked now; then `answered` is called once it has its answers."""
        system = permissions.PERMISSIONS
        if self.ask is None or not system.window_asks:
            return False
        unasked = [kind for kind in _guarded(selection) if system.read(kind).state is PermissionState.UNASKED]
        if unasked:
            self.ask(unasked, answered)
        return bool(unasked)

    def look_again(self) -> None:
        """The window is in front again: something else may have been allowed meanwhile."""
        failed = self._failed
        if failed is not None and permissions.PERMISSIONS.read(failed[0]).state is not failed[1]:
            self._bus.publish(DevicesBack())

    def close(self) -> None:
        """Nothing is looked at any more."""
        self._stop()

    def _stage_changed(self, view: StageView) -> None:
        self._stop()
        problem = view.problem if view.state is StageState.FAILED else None
        self._failed = _means(problem.code) if problem is not None else None
        if self._failed is not None and self._failed[1] is PermissionState.UNASKED:
            self._stop = self._timer.after(LOOK_AGAIN_S, self._wait)

    def _wait(self) -> None:
        self._stop = self._timer.after(LOOK_AGAIN_S, self._wait)
        self.look_again()


def _guarded(selection: DeviceSelection) -> tuple[Guarded, ...]:
    """What a system guards of these: neither what is drawn nor what comes over the network."""
    camera, microphone = selection.camera, selection.microphone
    pictured = camera is not None and camera.id != NO_CAMERA and not is_address(camera.id)
    kinds = []
    if camera is not None and pictured and not _is_practice(camera.id):
        kinds.append(Guarded.CAMERA)
    if not _is_practice(microphone.id):
        kinds.append(Guarded.MICROPHONE)
    return tuple(kinds)


def _is_practice(device_id: str) -> bool:
    return device_id.partition("?")[0] == PRACTICE
