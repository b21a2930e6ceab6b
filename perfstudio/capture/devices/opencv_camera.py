"""A camera of this machine through OpenCV: V4L2 on Linux, AVFoundation on macOS, Media Foundation on Windows.

On macOS the wheels of PyAV and OpenCV both bring FFmpeg's libavdevice, and its system says at the import of the second
that the class AVFFrameReceiver is implemented in both. Which of the two is taken matters to whoever opens a camera
through FFmpeg; nobody here does, for OpenCV has an AVFoundation back end of its own. Not run: from the wheels.
"""

from __future__ import annotations

import os
import time

import cv2
import numpy as np

from perfstudio.capture.devices import local_cameras, permission_problems, v4l2
from perfstudio.capture.devices.camera import Frame, FrameSink, LostCall
from perfstudio.capture.devices.camera_mode import choose_mode
from perfstudio.capture.devices.driver_stamp_check import DriverStampCheck
from perfstudio.capture.devices.jpeg import JpegDecoder, size_of
from perfstudio.capture.devices.local_cameras import LocalCamera
from perfstudio.capture.devices.threaded_camera import ThreadedCamera
from perfstudio.model.clock import host_ns
from perfstudio.model.device import CameraGranted, CameraRequest, DeviceKind
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.systems.permissions import Guarded, PermissionState

_BUFFERS = 8
"""Kernel buffers asked for: 0.27 s at 30 frames a second before a held-up process loses one."""
_WARM_UP = 8
"""Frames read while opening: they prove that pictures come and whether the driver's stamps can be used."""
_REASONS = {"busy": ErrorCode.CAMERA_BUSY, "refused": ErrorCode.CAMERA_NO_RIGHT, "gone": ErrorCode.CAMERA_LOST}
"""What the kernel says of a node; of one that it says nothing about, it is not known who is to blame."""
_FAILS = 3
_WAITED_NS = 1_000_000_000


def open_local(request: CameraRequest, known: tuple[str, ...] = ()) -> OpencvCamera:
    """Open a camera of this machine by id. Raises DeviceError."""
    camera = local_cameras.find(request.id)
    if camera is None:
        raise DeviceError(ErrorCode.CAMERA_UNKNOWN, id=request.id, known=", ".join(known))
    return OpencvCamera(camera, request)


class OpencvCamera(ThreadedCamera):
    """A camera source on one `cv2.VideoCapture`, which is only ever touched by one thread at a time.

    The size that is granted is that of a picture, not that of a promise.
    """

    def __init__(self, camera: LocalCamera, request: CameraRequest) -> None:
        prepare_opencv()
        self._camera = camera
        self._index = 0
        self._clock = DriverStampCheck(possible=camera.backend in ("V4L2", "MSMF"))
        self._node = str(camera.address) if camera.backend == "V4L2" else ""
        self._said = permission_problems.read(Guarded.CAMERA, self._node)
        """What the system said before it was opened; macOS asks while it is."""
        super().__init__("camera")
        self._capture = cv2.VideoCapture(camera.address, getattr(cv2, f"CAP_{camera.backend}"))
        if not self._capture.isOpened():
            raise self._cannot_open()
        mode = choose_mode(camera.modes, request)
        pixel_format = self._ask_for(mode.pixel_format, mode.width, mode.height, mode.fps)
        self._compressed = pixel_format in ("MJPG", "JPEG") and self._raw()
        first = self._warm_up()
        if first is None:
            self._capture.release()
            raise self._cannot_open()
        self._granted = CameraGranted(
            id=camera.id,
            name=camera.name,
            kind=DeviceKind.LOCAL,
            backend=camera.backend,
            width=first[0],
            height=first[1],
            fps=round(float(self._capture.get(cv2.CAP_PROP_FPS)) or mode.fps, 3),
            pixel_format=pixel_format,
            frame_clock=self._clock.name,
        )

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop. The grabbing thread lets the device go itself; a driver that hangs is left behind with it."""
        self._thread.stop(deadline_s)
        if not self._thread.begun:
            self._capture.release()

    def _ask_for(self, pixel_format: str, width: int, height: int, fps: float) -> str:
        """Negotiate; buffers first, because they cannot change once the stream runs. Returns the format granted."""
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, _BUFFERS)
        if len(pixel_format) == 4:
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*pixel_format))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        self._capture.set(cv2.CAP_PROP_FPS, fps)
        return fourcc_text(self._capture.get(cv2.CAP_PROP_FOURCC))

    def _raw(self) -> bool:
        """Have JPEG pictures handed on as they are: only V4L2's back end does, the others decode in the system."""
        return self._camera.backend == "V4L2" and bool(self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0))

    def _warm_up(self) -> tuple[int, int] | None:
        """Width and height of real pictures, or None when none comes."""
        size, decoder = None, JpegDecoder()
        for _ in range(_WARM_UP):
            frame = self._grab()
            if frame is None:
                return size
            if frame.image is not None:
                size = (frame.image.shape[1], frame.image.shape[0])
            elif frame.jpeg is not None and decoder.planar(frame.jpeg) is not None:
                size = size_of(frame.jpeg)
        return size

    def _grab(self) -> Frame | None:
        """The next frame; None when the driver has none. Nothing stands between the grab and its stamp."""
        if not self._capture.grab():
            return None
        now = host_ns()
        stamp = self._clock.stamp(self._capture.get(cv2.CAP_PROP_POS_MSEC), now)
        ok, image = self._capture.retrieve()
        if not ok or image is None or not image.size:
            return None
        index, self._index = self._index, self._index + 1
        if self._compressed:
            return Frame(index, now, stamp, None, image.tobytes())
        return Frame(index, now, stamp, np.asarray(image, np.uint8))

    def _run(self, sink: FrameSink, lost: LostCall) -> None:
        self._index = 0
        fails = 0
        while not self._stop.is_set():
            begun = host_ns()
            frame = self._grab()
            if frame is not None:
                fails = 0
                sink(frame)
            elif self._is_stall(begun):
                fails = 0
            elif (fails := fails + 1) >= _FAILS:
                self._capture.release()
                lost(self._how_lost())
                return
            else:
                time.sleep(0.02)
        self._capture.release()

    def _is_stall(self, begun_ns: int) -> bool:
        """A camera that was waited for is stalled and may go on; one that fails at once is gone."""
        return host_ns() - begun_ns >= _WAITED_NS

    def _how_lost(self) -> DeviceError:
        """Whether it was unplugged, or is still there and gives nothing more; or may not, since this moment."""
        if local_cameras.find(self._camera.id) is None:
            return DeviceError(ErrorCode.CAMERA_LOST, id=self._camera.id)
        said = permission_problems.read(Guarded.CAMERA, self._node)
        refused = permission_problems.refusal(Guarded.CAMERA, said, self._camera.id)
        return refused or DeviceError(ErrorCode.CAMERA_STOPPED, id=self._camera.id)

    def _cannot_open(self) -> DeviceError:
        """Why, as far as the system says: what it does not let be used is never called busy."""
        now = permission_problems.read(Guarded.CAMERA, self._node)
        for said in (now, self._said):
            if refused := permission_problems.refusal(Guarded.CAMERA, said, self._camera.id):
                return refused
        if self._node:
            code = _REASONS.get(v4l2.why_not(self._node), ErrorCode.CAMERA_REFUSED)
        else:  # it is there and may be used, so another program has it; or nothing is known
            allowed = now.state is PermissionState.ALLOWED
            code = ErrorCode.CAMERA_BUSY if allowed else ErrorCode.CAMERA_REFUSED
        return DeviceError(code, id=self._camera.id)


def prepare_opencv() -> None:
    """Settings that OpenCV reads at its first camera: short waits on a hung driver, silence."""
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def fourcc_text(value: float) -> str:
    """Four letters of a FourCC number, or nothing."""
    number = int(value)
    return number.to_bytes(4, "little").decode("latin-1").strip("\0 ") if number > 0 else ""
