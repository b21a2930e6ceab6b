"""JPEG pictures as cameras send them: whole or not, their size, the pixels."""

from __future__ import annotations

import cv2
import numpy as np

from perfstudio.capture.camera import Image

_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers (ITU-T T.81, table B.1)."""


def is_whole(jpeg: bytes) -> bool:
    """Whether a JPEG has its beginning and its end; cameras pad the end with zeros."""
    return jpeg[:2] == b"\xff\xd8" and jpeg.rstrip(b"\0")[-2:] == b"\xff\xd9"


def size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height from the header, without decoding; None when there is none."""
    at = 2
    while at + 9 < len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in _SIZES:
            return int.from_bytes(jpeg[at + 7 : at + 9], "big"), int.from_bytes(jpeg[at + 5 : at + 7], "big")
        at += 2 + length
    return None


def decode(jpeg: bytes) -> Image | None:
    """The picture, or None when the data is damaged. OpenCV alone would fill up half a picture with grey."""
    if not is_whole(jpeg):
        return None
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)
