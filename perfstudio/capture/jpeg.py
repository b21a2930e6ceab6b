"""JPEG pictures as cameras send them: whole or not, their size, their brightness, the picture itself."""

from __future__ import annotations

import contextlib
import threading
from typing import Final, cast

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.planar import Planar, Sheets, from_jpeg_frame

_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers (ITU-T T.81, table B.1)."""


def is_whole(jpeg: bytes) -> bool:
    """Whether a JPEG has its beginning and its end; cameras pad the end with zeros."""
    return jpeg[:2] == b"\xff\xd8" and jpeg.rstrip(b"\0")[-2:] == b"\xff\xd9"


def size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header (ITU-T T.81, B.2.2), without decoding; None when there is none."""
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker in _SIZES:
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return None


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
        self._sheets = Sheets()
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
                return from_jpeg_frame(frames[0], self._sheets) if frames else None
        return None
