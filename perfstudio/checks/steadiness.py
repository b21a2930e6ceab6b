"""How fast a camera moves: how far the left and the right edge of the picture went together between two pictures.

Both pictures are brought to one small size by averaging, so that neither the camera's size nor its noise counts. Phase
correlation finds the shift to the nearest pixel (on sides of an even size that the transform needs no padding for: of
odd sides OpenCV tells half a pixel too much); least squares over the gradients find the rest of it.
"""

from __future__ import annotations

from functools import cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
Numbers = NDArray[np.float32]

_LONG_SIDE = 160
_LEAST_SIDE = 16
_WIDE = 16 / 9
_BARE = 4.0
"""A strip that varies less than this is a bare wall: nothing to hold on to."""
_SURE = 0.15
_TURNS = 3
_SMOOTH = 1.0
_APART = 0.3
"""Pixels that the two edges may differ by; what moves at one edge only is somebody and not the camera."""


def edge_shift(before: Luma, after: Luma) -> float | None:
    """How far the edges moved together; None where they show nothing.

    A share of the width of a wide picture (16:9) of this height, whatever shape this one has. Measured on photographs
    that shake by known amounts, with noise of 3 in 255, at twenty sizes from 160x120 up: within 5 %; and of a still
    camera under 0.03 % between two pictures.
    """
    if before.shape != after.shape:
        return None
    before, after = _small(before), _small(after)
    height, width = before.shape
    rows, columns = _fast(height), _fast(width // 4)
    if min(rows, columns) < _LEAST_SIDE:
        return None
    top = (height - rows) // 2
    moves = []
    for left in (0, width - columns):
        part = (slice(top, top + rows), slice(left, left + columns))
        move = _shift(before[part].astype(np.float32), after[part].astype(np.float32))
        if move is None:
            return None
        moves.append(move)
    apart = float(np.hypot(*(moves[0] - moves[1])))
    together = float(np.hypot(*(moves[0] + moves[1]))) / 2
    return together / (height * _WIDE) if apart <= max(_APART, together) else 0.0


def _small(luma: Luma) -> Luma:
    scale = _LONG_SIDE / max(luma.shape)
    if scale >= 1:
        return luma
    size = (max(1, round(luma.shape[1] * scale)), max(1, round(luma.shape[0] * scale)))
    return cast("Luma", cv2.resize(luma, size, interpolation=cv2.INTER_AREA))


@cache
def _fast(side: int) -> int:
    """The largest even size up to this one that the transform takes without padding."""
    size = side - side % 2
    while size > _LEAST_SIDE and cv2.getOptimalDFTSize(size) != size:
        size -= 2
    return size


@cache
def _window(shape: tuple[int, int]) -> Numbers:
    return np.outer(np.hanning(shape[0]), np.hanning(shape[1])).astype(np.float32)


def _shift(before: Numbers, after: Numbers) -> NDArray[np.float64] | None:
    """(across, down) in pixels."""
    if before.std() < _BARE:
        return None
    window = _window(cast("tuple[int, int]", before.shape))
    # OpenCV multiplies what it is given by the window.
    (across, down), response = cv2.phaseCorrelate(before.copy(), after.copy(), window)
    if response < _SURE:
        return None
    before, after = (cast("Numbers", cv2.GaussianBlur(p, (0, 0), _SMOOTH)) for p in (before, after))
    found = np.array([round(across), round(down)], np.float64)
    for _ in range(_TURNS):
        found += np.clip(_step(before, _moved(after, found), window), -1, 1)
    return found


def _moved(picture: Numbers, shift: NDArray[np.float64]) -> Numbers:
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cast(
        "Numbers", cv2.warpAffine(picture, matrix, picture.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
    )


def _step(before: Numbers, after: Numbers, window: Numbers) -> NDArray[np.float64]:
    """What is left of the shift, by Lucas and Kanade's least squares."""
    middle = (before + after) / 2
    across, down = (cv2.Sobel(middle, cv2.CV_32F, dx, dy, scale=1 / 8) for dx, dy in ((1, 0), (0, 1)))
    change = before - after
    flat = [np.multiply(window, one).ravel() for one in (across, down)]
    (a, b), (c, d) = (np.array([one @ other.ravel() for other in (across, down)], np.float64) for one in flat)
    a, d = a + 1e-3, d + 1e-3  # no picture without edges stops it
    p, q = (float(one @ change.ravel()) for one in flat)
    return np.asarray(np.array([d * p - b * q, a * q - c * p]) / (a * d - b * c), np.float64)
