"""Pictures as the encoder takes them: I420, BT.601, limited range, three planes below one another in one array."""

from __future__ import annotations

import sys
from typing import Final, cast

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.camera import Image

Planar = NDArray[np.uint8]
"""I420: (height * 3 / 2) x width, 8 bit, BT.601 limited range; width and height are even."""

# ITU-R BT.601: 8-bit luma spans 16..235 and chroma 16..240, where JPEG (JFIF) uses all of 0..255.
_LUMA_SPAN, _LUMA_FOOT = 219 / 255, 16.0
_CHROMA_SPAN: Final = 224 / 255
_CHROMA_FOOT: Final = 128 - 128 * _CHROMA_SPAN
_HALVES: Final = {"yuvj420p": (2, 2), "yuvj422p": (2, 1), "yuvj444p": (1, 1), "yuvj440p": (1, 2)}
"""How much smaller the chroma planes are, across and down."""
_BLACK: Final = (16, 128)
"""Luma and chroma of it."""
_TURNS: Final = {2: (True, 0), 3: (False, 2), 4: (True, 2), 5: (True, 1), 6: (False, 3), 7: (True, 3), 8: (False, 1)}
"""For each of Exif's orientations: whether it is mirrored first, and quarter turns to the left."""
_OURS: Final = 2
"""References to an array that only its list holds: the list's, and that of the question (`sys.getrefcount`)."""


def to_planar(image: Image) -> Planar:
    """BGR to I420; an odd last row or column, which 4:2:0 cannot hold, is left out."""
    height, width = image.shape[0] & ~1, image.shape[1] & ~1
    return cast(Planar, cv2.cvtColor(image[:height, :width], cv2.COLOR_BGR2YUV_I420))


def to_image(planar: Planar) -> Image:
    """I420 to BGR."""
    return cast(Image, cv2.cvtColor(planar, cv2.COLOR_YUV2BGR_I420))


class Yuv420Planes:
    """Arrays for pictures of one size, each used again once nobody holds it: a fresh one is zeroed page by page."""

    def __init__(self) -> None:
        self._sheets: list[Planar] = []

    def blank(self, width: int, height: int) -> Planar:
        """An array for one picture, with whatever was in it."""
        shape = (height * 3 // 2, width)
        self._sheets = [sheet for sheet in self._sheets if sheet.shape == shape]
        for number in range(len(self._sheets)):
            if sys.getrefcount(self._sheets[number]) == _OURS:
                return self._sheets[number]
        self._sheets.append(np.empty(shape, np.uint8))
        return self._sheets[-1]


def from_jpeg_frame(frame: av.VideoFrame, sheets: Yuv420Planes) -> Planar:
    """A decoded JPEG (full range, any sampling) as I420: the planes are brought to range and never leave YUV."""
    if frame.format.name not in _HALVES:
        return to_planar(cast(Image, frame.to_ndarray(format="bgr24")))
    width, height = frame.width & ~1, frame.height & ~1
    out = sheets.blank(width, height)
    cv2.convertScaleAbs(_plane(frame, 0)[:height, :width], out[:height], _LUMA_SPAN, _LUMA_FOOT)
    for number in (1, 2):
        # A chroma plane of a quarter of the size fills that many whole rows of the array.
        start = height + (number - 1) * height // 4
        target = out.reshape(-1)[start * width :][: width * height // 4].reshape(height // 2, width // 2)
        _chroma(_plane(frame, number), _HALVES[frame.format.name], target)
    return out


def luma(planar: Planar) -> int:
    """Mean brightness 0..255 of every eighth row and column."""
    rows = planar.shape[0] * 2 // 3
    return int(planar[:rows:8, ::8].mean())


def shrunk(planar: Planar, width: int, height: int, interpolation: int = cv2.INTER_LINEAR) -> Planar:
    """The picture at another, even size."""
    if planar.shape == (height * 3 // 2, width):
        return planar
    out = np.empty((height * 3 // 2, width), np.uint8)
    for source, target in zip(_planes(planar), _planes(out), strict=True):
        cv2.resize(source, target.shape[::-1], target, interpolation=interpolation)
    return out


def fitted(planar: Planar, size: tuple[int, int]) -> Planar:
    """The whole picture in the middle of another (width, height), black beside it. One of that size is left alone."""
    wide, high = size[0] & ~1, size[1] & ~1
    height, width = planar.shape[0] * 2 // 3, planar.shape[1]
    if (width, height) == (wide, high):
        return planar
    scale = min(wide / width, high / height)
    inner = shrunk(planar, _even(width * scale, wide), _even(height * scale, high))
    out = np.full((high * 3 // 2, wide), _BLACK[1], np.uint8)
    out[:high] = _BLACK[0]
    for source, target in zip(_planes(inner), _planes(out), strict=True):
        top, left = (target.shape[0] - source.shape[0]) // 2, (target.shape[1] - source.shape[1]) // 2
        target[top : top + source.shape[0], left : left + source.shape[1]] = source
    return out


def _even(length: float, most: int) -> int:
    return max(2, min(most, round(length / 2) * 2))


def turned(planar: Planar, orientation: int) -> Planar:
    """Upright, where a camera says by Exif's orientation (1 to 8) how it was held."""
    if orientation not in _TURNS:
        return planar
    mirror, quarters = _TURNS[orientation]
    planes = [np.rot90(plane[:, ::-1] if mirror else plane, quarters) for plane in _planes(planar)]
    return np.concatenate([plane.ravel() for plane in planes]).reshape(-1, planes[0].shape[1])


def _planes(planar: Planar) -> tuple[Planar, Planar, Planar]:
    height, width = planar.shape[0] * 2 // 3, planar.shape[1]
    chroma = planar.reshape(-1)[height * width :].reshape(2, height // 2, width // 2)
    return planar[:height], chroma[0], chroma[1]


def _plane(frame: av.VideoFrame, number: int) -> Planar:
    plane = frame.planes[number]
    return np.frombuffer(cast(bytes, plane), np.uint8).reshape(-1, plane.line_size)


def _chroma(plane: Planar, halved: tuple[int, int], target: Planar) -> None:
    """Bring one chroma plane to half size both ways and to limited range."""
    across, down = halved
    height, width = target.shape
    plane = plane[: height * 2 // down, : width * 2 // across]
    if across == 1:
        plane = cast(Planar, cv2.resize(plane, (width, plane.shape[0]), interpolation=cv2.INTER_AREA))
    if down == 1:
        cv2.addWeighted(plane[::2], _CHROMA_SPAN / 2, plane[1::2], _CHROMA_SPAN / 2, _CHROMA_FOOT, target)
    else:
        cv2.convertScaleAbs(plane, target, _CHROMA_SPAN, _CHROMA_FOOT)
