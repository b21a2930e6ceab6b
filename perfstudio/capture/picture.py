"""One frame on its way through the recorder: planar and small while it waits, colour again only for eyes and checks."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.camera import Frame, Image

Planar = NDArray[np.uint8]
"""I420: (height * 3 / 2) x width, 8 bit, BT.601 limited range."""

_TIGHT_QUALITY: Final = 95


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame with its time and what is cheaply known about it. Exactly one of the three forms is held."""

    index: int
    host_ns: int
    device_ns: int | None
    time_ns: int
    """The time it counts by: the driver's where it is trusted, else arrival."""
    width: int
    height: int
    check: int
    """CRC-32: equal neighbours are the same picture."""
    planar: Planar | None = None
    jpeg: bytes | None = None
    """As the camera compressed it."""
    tight: bytes | None = None
    """Our own planar form, compressed while it waits for a slow encoder."""

    @property
    def held_bytes(self) -> int:
        """Memory this holds."""
        if self.planar is not None:
            return self.planar.nbytes
        return len(self.jpeg or self.tight or b"")

    def tightened(self) -> Picture:
        """The same picture in about a tenth of the memory, at a quality above the encoder's own."""
        if self.planar is None:
            return self
        # The three planes lie below one another in one grey picture, so nothing is converted.
        done, packed = cv2.imencode(".jpg", self.planar, [cv2.IMWRITE_JPEG_QUALITY, _TIGHT_QUALITY])
        return replace(self, planar=None, tight=packed.tobytes()) if done else self

    def as_planar(self) -> Planar | None:
        """Decoded and planar, or None when it cannot be decoded."""
        if self.planar is not None:
            return self.planar
        if self.tight is not None:
            return _decode(self.tight, cv2.IMREAD_GRAYSCALE)
        image = self.as_image()
        return None if image is None else to_planar(image)

    def as_image(self, shrink: int = 1) -> Image | None:
        """As BGR, or None when it cannot be decoded. `shrink` 2 or 4 lets a JPEG be decoded smaller."""
        if self.jpeg is not None:
            mode = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}[shrink]
            return _decode(self.jpeg, mode)
        planar = self.as_planar()
        return None if planar is None else cast(Image, cv2.cvtColor(planar, cv2.COLOR_YUV2BGR_I420))


def to_planar(image: Image) -> Planar:
    """BGR to I420; an odd last row or column, which 4:2:0 cannot hold, is left out."""
    height, width = image.shape[0] & ~1, image.shape[1] & ~1
    return cast(Planar, cv2.cvtColor(image[:height, :width], cv2.COLOR_BGR2YUV_I420))


def take_in(frame: Frame, driver_clock: bool, expected: tuple[int, int]) -> Picture:
    """A camera's frame as a picture. `expected` is the granted (width, height), which a JPEG is believed to have."""
    time_ns = frame.device_ns if driver_clock and frame.device_ns is not None else frame.host_ns
    width, height = expected
    if frame.jpeg is not None:
        size = jpeg_size(frame.jpeg) or (width, height)
        check = zlib.crc32(frame.jpeg)
        return Picture(frame.index, frame.host_ns, frame.device_ns, time_ns, *size, check, jpeg=frame.jpeg)
    assert frame.image is not None  # noqa: S101 - contract of Frame
    height, width = frame.image.shape[:2]
    planar = to_planar(frame.image)
    check = zlib.crc32(planar.data)
    return Picture(frame.index, frame.host_ns, frame.device_ns, time_ns, width, height, check, planar=planar)


def luma(planar: Planar) -> int:
    """Mean brightness 0..255 of every eighth row and column."""
    rows = planar.shape[0] * 2 // 3
    return int(planar[:rows:8, ::8].mean())


def jpeg_luma(data: bytes) -> int | None:
    """Mean brightness of a JPEG on the scale of `luma`, decoded at an eighth of its size; None when it is damaged."""
    small = _decode(data, cv2.IMREAD_REDUCED_GRAYSCALE_8)
    return None if small is None else round(16 + float(small.mean()) * 219 / 255)


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) from a JPEG's frame header (ITU-T T.81 B.2.2), without decoding; None when there is none."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def _decode(data: bytes, mode: int) -> NDArray[np.uint8] | None:
    try:
        return cast("NDArray[np.uint8] | None", cv2.imdecode(np.frombuffer(data, np.uint8), mode))
    except cv2.error:
        return None
