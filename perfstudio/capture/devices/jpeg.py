"""JPEG pictures as cameras send them: whole or not, their size, their brightness, the picture itself."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Final, Literal, cast

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.yuv420 import Planar, Yuv420Planes, from_jpeg_frame, turned

_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers (ITU-T T.81, table B.1)."""
_SCAN: Final = 0xDA
_EXIF: Final = 0xE1
_ORIENTATION: Final = 0x0112
_ON_ITS_SIDE: Final = (5, 6, 7, 8)


def is_whole(jpeg: bytes) -> bool:
    """Whether a JPEG has its beginning and its end; cameras pad the end with zeros."""
    return jpeg[:2] == b"\xff\xd8" and jpeg.rstrip(b"\0")[-2:] == b"\xff\xd9"


def size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height of the upright picture, without decoding (ITU-T T.81, B.2.2); None when nothing says."""
    for marker, at in _segments(jpeg):
        if marker in _SIZES and at + 9 <= len(jpeg):
            height, width = int.from_bytes(jpeg[at + 5 : at + 7]), int.from_bytes(jpeg[at + 7 : at + 9])
            return (height, width) if orientation_of(jpeg) in _ON_ITS_SIDE else (width, height)
    return None


def orientation_of(jpeg: bytes) -> int:
    """How the camera was held, 1 to 8 (Exif 2.32, 4.6.5.1.6); 1 where nothing says, which is upright."""
    for marker, at in _segments(jpeg):
        if marker == _EXIF and jpeg[at + 4 : at + 10] == b"Exif\0\0":
            return _orientation(jpeg[at + 10 : at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])])
    return 1


def _segments(jpeg: bytes) -> Iterator[tuple[int, int]]:
    """Marker and place of each segment before the picture's data."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _SCAN:
        if jpeg[at + 1] == 0xFF:  # filling
            at += 1
            continue
        yield jpeg[at + 1], at
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])


def _orientation(tiff: bytes) -> int:
    order: Literal["big", "little"] = "big" if tiff[:2] == b"MM" else "little"
    start = int.from_bytes(tiff[4:8], order)
    for number in range(int.from_bytes(tiff[start : start + 2], order)):
        entry = tiff[start + 2 + 12 * number :][:12]
        if int.from_bytes(entry[:2], order) == _ORIENTATION:
            found = int.from_bytes(entry[8:10], order)
            return found if 1 <= found <= 8 else 1
        if len(entry) < 12:
            break
    return 1


def brightness(jpeg: bytes) -> int | None:
    """Mean luma on the scale of `planar.luma`, decoded at an eighth of the size; None when the picture is damaged."""
    try:
        small = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
    except cv2.error:
        return None
    small = cast("NDArray[np.uint8] | None", small)
    return None if small is None else round(16 + float(small.mean()) * 219 / 255)


class JpegDecoder:
    """Decodes a camera's pictures straight to the encoder's planes. Thread-safe.

    The latest one is remembered: the encoder and the eyes look at the same, unless the encoder is behind.
    """

    def __init__(self) -> None:
        self._codec = av.CodecContext.create("mjpeg", "r")
        self._codec.thread_count = 1
        self._sheets = Yuv420Planes()
        self._lock = threading.Lock()
        self._latest: tuple[bytes, Planar | None] = (b"", None)

    def planar(self, jpeg: bytes) -> Planar | None:
        """The picture, or None when it is damaged. Equal bytes are not compared: only the same object is known."""
        with self._lock:
            if self._latest[0] is not jpeg:
                self._latest = (jpeg, self._decode(jpeg))
            return self._latest[1]

    def _decode(self, jpeg: bytes) -> Planar | None:
        if is_whole(jpeg):  # half a picture would be filled up with grey
            with contextlib.suppress(av.FFmpegError, ValueError):
                frames = self._codec.decode(av.Packet(jpeg))
                return turned(from_jpeg_frame(frames[0], self._sheets), orientation_of(jpeg)) if frames else None
        return None
