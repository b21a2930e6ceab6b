"""A device that takes long to open says so: Media Foundation may need a minute for a camera, a sound server seconds.

The call that opens it cannot be asked how far it is, so a timer beside it speaks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from perfstudio.capture.recording.messages import Stream
from perfstudio.model.device import CameraRequest, MicrophoneRequest

if TYPE_CHECKING:
    from perfstudio.capture.devices.camera import CameraSource
    from perfstudio.capture.devices.microphone import MicrophoneSource

SLOW_S: Final = 3.0
"""A sound server that has to wake its device takes two, a camera that works about one and a half."""

After = Callable[[float, Callable[[], None]], Callable[[], None]]
"""Calls later, once; the answer cancels."""


class SlowOpening:
    """Opens devices. `tell` hears which one takes long, and, once it is open or has failed, that it does no more.

    It is called on a thread of the timer, or on the one that opens; never twice at once.
    """

    def __init__(self, tell: Callable[[Stream, bool], None], after: After | None = None) -> None:
        self._tell = tell
        self._after = after or _after
        self._one = threading.Lock()

    def camera(self, request: CameraRequest) -> CameraSource:
        """Open a camera. Raises DeviceError."""
        from perfstudio.capture import open_device  # noqa: PLC0415 - device libraries load when a device is opened

        with self._watched(Stream.PICTURE):
            return open_device.open_camera(request)

    def microphone(self, request: MicrophoneRequest) -> MicrophoneSource:
        """Open a microphone. Raises DeviceError."""
        from perfstudio.capture import open_device  # noqa: PLC0415 - as above

        with self._watched(Stream.SOUND):
            return open_device.open_microphone(request)

    @contextmanager
    def _watched(self, stream: Stream) -> Iterator[None]:
        done = told = False

        def late() -> None:
            nonlocal told
            with self._one:
                if not done:
                    told = True
                    self._tell(stream, True)

        cancel = self._after(SLOW_S, late)
        try:
            yield
        finally:
            cancel()
            with self._one:
                done = True
                if told:
                    self._tell(stream, False)


def _after(seconds: float, call: Callable[[], None]) -> Callable[[], None]:
    timer = threading.Timer(seconds, call)
    timer.name, timer.daemon = "perfstudio-slow-opening", True
    timer.start()
    return timer.cancel
