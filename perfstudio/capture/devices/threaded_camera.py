"""What cameras that are read on a thread of their own have in common."""

from __future__ import annotations

from perfstudio.capture.devices.camera import FrameSink, LostCall
from perfstudio.capture.devices.device_thread import DeviceThread
from perfstudio.model.device import CameraGranted


class ThreadedCamera:
    """A camera source whose frames are read in `_run`, on `_thread`. The constructor sets `_granted`."""

    _granted: CameraGranted

    def __init__(self, thread_name: str) -> None:
        self._thread = DeviceThread(thread_name)
        self._stop = self._thread.stopping

    @property
    def granted(self) -> CameraGranted:
        """What was really granted, read back after opening."""
        return self._granted

    def start(self, sink: FrameSink, lost: LostCall) -> None:
        """Begin to read on a thread of its own."""
        self._thread.start(lambda: self._run(sink, lost))

    def _run(self, sink: FrameSink, lost: LostCall) -> None:
        """Hand on frames until `_stop` is set or the device is gone, which `lost` hears of once."""
        raise NotImplementedError
