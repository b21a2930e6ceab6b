"""A camera at an http or rtsp address.

Over http a camera sends JPEG pictures one after the other (multipart MJPEG). They are handed on as they come: so a
picture that was cut off on the way is noticed, and a film made after the cut has the camera's own pictures.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from perfstudio.capture.devices.addresses import SCHEMES, parted, public_address
from perfstudio.capture.devices.camera import Frame, FrameSink, LostCall
from perfstudio.capture.devices.camera_feed import ArrivedPicture, LineEndedError, open_feed
from perfstudio.capture.devices.camera_problems import other_answer
from perfstudio.capture.devices.camera_trust import CameraTrust
from perfstudio.capture.devices.jpeg import JpegDecoder, size_of
from perfstudio.capture.devices.threaded_camera import ThreadedCamera
from perfstudio.model.device import CameraGranted, CameraRequest, DeviceKind
from perfstudio.model.errors import DeviceError, ErrorCode

OPEN_LIMIT_S: Final = 5.0
READ_LIMIT_S: Final = 2.0
SETTLE_S: Final = 1.0
"""A camera that has just been switched on may send its first pictures in another size. So long it is looked at, at
most, until its size stays, and until what waited on the way has been read."""
STEADY: Final = 5
"""So many pictures in a row have the size that stays."""
_REOPEN_LIMIT_S: Final = 1.0
_REOPEN_WITHIN_S: Final = 0.3
"""A line that breaks is opened again at once or is lost: within half a second it is known which. A camera that answers
does so in some 50 ms; what a longer wait would save is a take with half a second of picture missing."""
_REOPEN_PAUSE_S: Final = 0.1
_MOST_DAMAGED: Final = 10


class NetworkCamera(ThreadedCamera):
    """A camera source on the network. Frame times are arrival times of each picture's last byte.

    The size that is granted is the one that stayed; a picture that comes in another later is handed on all the same.
    Where the camera does not say its rate, the one asked for stands.
    """

    def __init__(self, request: CameraRequest) -> None:
        self._id = public_address(request.id)
        address = parted(request.id)
        if address is None:
            raise DeviceError(ErrorCode.CAMERA_ADDRESS, address=self._id, known=", ".join(f"{s}://" for s in SCHEMES))
        self._address, self._trust = address, CameraTrust.of(request.trust)
        super().__init__("network-camera")
        self._feed = open_feed(address, self._trust, OPEN_LIMIT_S)
        try:
            width, height = self._settled_size()
        except BaseException:
            self._feed.release()
            raise
        self._granted = CameraGranted(
            id=self._id,
            name=address.host,
            kind=DeviceKind.NETWORK,
            backend=self._feed.backend,
            width=width,
            height=height,
            fps=self._feed.fps or request.fps or 30.0,
            pixel_format=self._feed.pixel_format,
            frame_clock="arrival",
        )

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop; the reading thread lets the connection go."""
        self._stop.set()
        if not self._thread.begun:
            self._feed.release()
        elif not self._thread.here:
            self._feed.close()
        self._thread.stop(deadline_s)

    def _settled_size(self) -> tuple[int, int]:
        """Width and height that stay. Raises DeviceError when no picture comes that can be looked at."""
        look = _FirstRead()
        end = monotonic() + OPEN_LIMIT_S
        while not look.enough(self._feed.needed) and monotonic() < end:
            begun = monotonic()
            try:
                arrived = self._feed.arrivals(max(0.001, min(end - begun, READ_LIMIT_S if look.seen else OPEN_LIMIT_S)))
            except OSError as cause:
                if look.size is not None and look.seen >= self._feed.needed and isinstance(cause, TimeoutError):
                    break
                raise (
                    other_answer(self._address, "gives_one_picture") if look.seen == 1 else self._feed.no_pictures()
                ) from cause
            look.take(arrived, waited=self._feed.fresh)
        if look.size is None or look.seen < self._feed.needed:
            raise self._feed.no_pictures()
        return look.size

    def _run(self, sink: FrameSink, lost: LostCall) -> None:
        index = 0
        waiting = self._fresh()
        while not self._stop.is_set():
            try:
                arrived = waiting or self._feed.arrivals(READ_LIMIT_S)
                waiting = []
            except OSError as cause:
                if self._stop.is_set():
                    break
                waiting = self._reopened()
                if not waiting:
                    self._say_lost(lost, cause)
                    break
                continue
            for one in arrived:
                sink(Frame(index, one.host_ns, None, one.image, one.jpeg))
                index += 1
        self._feed.release()

    def _fresh(self) -> list[ArrivedPicture]:
        """The first pictures that had to be waited for: when those came that lie there already, nobody saw."""
        end = monotonic() + SETTLE_S
        while monotonic() < end and not self._stop.is_set():
            try:
                arrived = self._feed.arrivals(READ_LIMIT_S)
            except OSError:
                break  # the next read says it again
            if self._feed.fresh and arrived:
                return arrived
        return []

    def _reopened(self) -> list[ArrivedPicture]:
        """The first pictures of a new line; none when it cannot be had."""
        self._feed.release()
        end = monotonic() + _REOPEN_WITHIN_S
        while not self._stop.is_set():
            try:
                self._feed = open_feed(self._address, self._trust, _REOPEN_LIMIT_S)
                try:
                    return self._first_arrivals()
                except BaseException:
                    self._feed.release()
                    raise
            except (DeviceError, OSError):
                pass
            if monotonic() >= end or self._stop.wait(_REOPEN_PAUSE_S):
                break
        return []

    def _first_arrivals(self) -> list[ArrivedPicture]:
        end = monotonic() + _REOPEN_LIMIT_S
        while monotonic() < end and not self._stop.is_set():
            if arrived := self._feed.arrivals(_REOPEN_LIMIT_S):
                return arrived
        raise TimeoutError

    def _say_lost(self, lost: LostCall, cause: OSError) -> None:
        if not self._stop.is_set():
            how = "fell_silent" if isinstance(cause, TimeoutError) else "broke_off"
            how = "was_ended" if isinstance(cause, LineEndedError) else how
            lost(DeviceError(ErrorCode.CAMERA_LINE_LOST, address=self._id, detail=how))


class _FirstRead:
    """The first pictures of a camera: whether they can be looked at, and which size stays."""

    def __init__(self) -> None:
        self.size: tuple[int, int] | None = None
        self.seen = 0
        self._steady = self._damaged = 0
        self._first_s = 0.0
        self._waited = False
        self._decoder = JpegDecoder()

    def take(self, arrived: list[ArrivedPicture], *, waited: bool) -> None:
        """Look at them; `waited`: they had to be waited for."""
        self._waited = waited
        for one in arrived:
            size = self._size_of(one)
            if size is None:
                self._damaged += 1
                continue
            self._first_s = self._first_s or monotonic()
            self._steady = self._steady + 1 if size == self.size else 1
            self.size = size
            self.seen += 1

    def enough(self, needed: int) -> bool:
        """Whether it is known what comes, or that nothing of it can be looked at."""
        if self.size is None:
            return self._damaged >= _MOST_DAMAGED
        over = monotonic() - self._first_s > SETTLE_S
        return self.seen >= needed and (over or (self._steady >= STEADY and self._waited))

    def _size_of(self, one: ArrivedPicture) -> tuple[int, int] | None:
        if one.image is not None:
            return one.image.shape[1], one.image.shape[0]
        jpeg = one.jpeg or b""
        known = self.size is not None  # one that could be looked at is proof enough
        return size_of(jpeg) if jpeg and (known or self._decoder.planar(jpeg) is not None) else None
