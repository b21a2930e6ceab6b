"""One frame on its way through the recorder: compressed or planar while it waits, and what is cheaply known of it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Final, cast

import cv2
import numpy as np

from perfstudio.capture.devices.camera import Frame
from perfstudio.capture.devices.jpeg import JpegDecoder, size_of
from perfstudio.capture.devices.yuv420 import Planar, fitted, to_planar

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
    """As the camera sent it."""
    check: int
    """CRC-32: equal neighbours are the same picture."""
    planar: Planar | None = None
    jpeg: bytes | None = None
    """As the camera compressed it."""
    tight: bytes | None = None
    """Our own planar form, compressed while it waits for a slow encoder."""
    frame: tuple[int, int] | None = None
    """The size it is shown in where that is another: the take's, into which the whole picture is fitted."""

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

    def as_planar(self, decoder: JpegDecoder) -> Planar | None:
        """Decoded and in its frame, or None when it cannot be decoded. Whoever shares a decoder shares its work."""
        planar = self._decoded(decoder)
        return planar if planar is None or self.frame is None else fitted(planar, self.frame)

    def framed(self, size: tuple[int, int]) -> Picture:
        """The same picture for a take of this size."""
        return replace(self, frame=None if (self.width, self.height) == size else size)

    def _decoded(self, decoder: JpegDecoder) -> Planar | None:
        if self.jpeg is not None:
            return decoder.planar(self.jpeg)
        if self.tight is not None:
            return cast("Planar | None", cv2.imdecode(np.frombuffer(self.tight, np.uint8), cv2.IMREAD_GRAYSCALE))
        return self.planar


def take_in(frame: Frame, driver_clock: bool, expected: tuple[int, int]) -> Picture:
    """A camera's frame as a picture. `expected` is the granted (width, height), which a JPEG is believed to have, and
    into which a picture of another size is fitted."""
    return _taken(frame, driver_clock, expected).framed(expected)


def _taken(frame: Frame, driver_clock: bool, expected: tuple[int, int]) -> Picture:
    time_ns = frame.device_ns if driver_clock and frame.device_ns is not None else frame.host_ns
    if frame.jpeg is not None:
        width, height = size_of(frame.jpeg) or expected
        check = zlib.crc32(frame.jpeg)
        return Picture(frame.index, frame.host_ns, frame.device_ns, time_ns, width, height, check, jpeg=frame.jpeg)
    assert frame.image is not None  # noqa: S101 - contract of Frame
    height, width = frame.image.shape[:2]
    planar = to_planar(frame.image)
    check = zlib.crc32(planar.data)
    return Picture(frame.index, frame.host_ns, frame.device_ns, time_ns, width, height, check, planar=planar)
