"""A camera at an http or rtsp address, through OpenCV's FFmpeg back end with short time limits.

Over http a camera sends JPEG pictures one after the other (multipart MJPEG). They are handed on as they come: so a
picture that was cut off on the way is noticed, and a change of size, both of which the back end would hide.
"""

from __future__ import annotations

import contextlib
import threading
from time import monotonic
from urllib.parse import urlsplit

import cv2
import numpy as np

from perfstudio.capture.addresses import public_address
from perfstudio.capture.camera import Frame, FrameSink, LostCall
from perfstudio.capture.jpeg import JpegDecoder, is_whole, size_of
from perfstudio.capture.opencv_camera import prepare_opencv
from perfstudio.model.clock import host_ns
from perfstudio.model.device import CameraGranted, CameraRequest, DeviceKind
from perfstudio.model.errors import DeviceError, ErrorCode

OPEN_LIMIT_S = 5.0
READ_LIMIT_S = 2.0
_REOPEN_LIMIT_S = 1.0
_REOPEN_WITHIN_S = 0.3
"""A line that breaks is opened again at once or is lost: within half a second it is known which. A camera that answers
does so in some 50 ms; what a longer wait would save is a take with half a second of picture missing."""
_REOPEN_PAUSE_S = 0.1
_SCHEMES = ("http", "https", "rtsp", "rtsps")


class NetworkCamera:
    """A camera source on the network. Frame times are arrival times; the back end's own are invented."""

    def __init__(self, request: CameraRequest) -> None:
        prepare_opencv()
        self._address = request.id
        self._id = public_address(request.id)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._raw = False
        self._capture = self._open()
        size = self._first_size()
        if size is None:
            self._capture.release()
            raise self._no_answer()
        self._size = size
        self._granted = CameraGranted(
            id=self._id,
            name=urlsplit(self._id).hostname or self._id,
            kind=DeviceKind.NETWORK,
            backend="FFMPEG",
            width=self._size[0],
            height=self._size[1],
            fps=self._claimed_fps() or request.fps or 30.0,
            pixel_format="MJPG" if self._raw else "",
            frame_clock="arrival",
        )

    @property
    def granted(self) -> CameraGranted:
        """What comes: the camera decides its size. Where it does not say its rate, the one asked for stands."""
        return self._granted

    def start(self, sink: FrameSink, lost: LostCall) -> None:
        """Begin to read on a thread of its own."""
        self._thread = threading.Thread(target=self._run, args=(sink, lost), name="network-camera", daemon=True)
        self._thread.start()

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop; a read in progress ends by its own limit and its thread lets the connection go."""
        self._stop.set()
        if self._thread is None:
            self._capture.release()
        elif self._thread is not threading.current_thread():
            self._thread.join(deadline_s)

    def _open(self, limit_s: float = OPEN_LIMIT_S) -> cv2.VideoCapture:
        """Connect; CAMERA_UNKNOWN for an address of no known kind, CAMERA_NO_ANSWER when nothing comes in `limit_s`."""
        scheme = self._address.partition("://")[0].lower()
        if scheme not in _SCHEMES:
            raise DeviceError(ErrorCode.CAMERA_UNKNOWN, id=self._id, known=", ".join(f"{s}://" for s in _SCHEMES))
        for raw in (True, False) if scheme.startswith("http") else (False,):
            capture = _connect(self._address, limit_s, raw=raw)
            if not capture.isOpened():
                raise self._no_answer()
            kind = _first_bytes(capture) if raw else b""
            if kind is None:
                break
            if not raw or kind == b"\xff\xd8":
                self._raw = raw
                return capture
            capture.release()
        raise self._no_answer()

    def _claimed_fps(self) -> float:
        """The stream's own rate. JPEG pictures have none: FFmpeg would say 25."""
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        return round(fps, 3) if not self._raw and 1 <= fps <= 240 else 0.0

    def _first_size(self) -> tuple[int, int] | None:
        """Width and height of the first picture that can be looked at; None when none of ten can."""
        decoder = JpegDecoder()
        for _ in range(10):
            if not self._capture.grab():
                return None
            frame = self._take(0, host_ns())
            if frame.image is not None or (frame.jpeg and decoder.planar(frame.jpeg) is not None):
                return _size_of(frame)
        return None

    def _take(self, index: int, now: int) -> Frame:
        """The grabbed frame; without a picture when it came cut off or broken."""
        ok, data = self._capture.retrieve()
        if not ok or data is None or not data.size:
            return Frame(index, now, None, None, b"")
        if not self._raw:
            return Frame(index, now, None, np.asarray(data, np.uint8))
        jpeg = data.tobytes()
        return Frame(index, now, None, None, jpeg if is_whole(jpeg) else b"")

    def _run(self, sink: FrameSink, lost: LostCall) -> None:
        index = 0
        while not self._stop.is_set():
            if not self._capture.grab():
                if self._stop.is_set() or not self._reopen():
                    break
                continue
            frame = self._take(index, host_ns())
            if _size_of(frame) not in (None, self._size):
                break  # a take has one size; a camera that changes it has become another camera
            sink(frame)
            index += 1
        self._capture.release()
        if not self._stop.is_set():
            lost(DeviceError(ErrorCode.CAMERA_LOST, id=self._id))

    def _reopen(self) -> bool:
        self._capture.release()
        end = monotonic() + _REOPEN_WITHIN_S
        while not self._stop.is_set():
            with contextlib.suppress(DeviceError):
                self._capture = self._open(_REOPEN_LIMIT_S)
                return True
            if monotonic() >= end or self._stop.wait(_REOPEN_PAUSE_S):
                break
        return False

    def _no_answer(self) -> DeviceError:
        return DeviceError(ErrorCode.CAMERA_NO_ANSWER, address=self._id, seconds=round(OPEN_LIMIT_S))


def _size_of(frame: Frame) -> tuple[int, int] | None:
    if frame.jpeg is not None:
        return size_of(frame.jpeg)
    return None if frame.image is None else (frame.image.shape[1], frame.image.shape[0])


def _connect(address: str, limit_s: float, *, raw: bool) -> cv2.VideoCapture:
    settings = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(limit_s * 1000),
        cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(READ_LIMIT_S * 1000),
    ]  # fmt: skip
    if raw:
        settings += [cv2.CAP_PROP_FORMAT, -1]
    return cv2.VideoCapture(address, cv2.CAP_FFMPEG, settings)


def _first_bytes(capture: cv2.VideoCapture) -> bytes | None:
    """How the next packet begins (a JPEG with FF D8); None when none comes. The packet is used up."""
    ok, data = capture.read()
    return data.tobytes()[:2] if ok and data is not None else None
