"""Light, colour and focus of one picture with a face in it (or without): a handful of numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.faces import FaceBox, Grey, Image, to_grey

_BURNT = 250
_CRUSHED = 6
_SIDE = 180
"""The shorter side of the picture in which light is measured, so that noise and fine detail count alike at any size."""
_COLOUR_SIDE = 40
_FOCUS_FACE = 64
_FOCUS_LEAST = 28
"""Faces are brought to one size, so that blur is judged alike; much smaller ones are not judged."""
_NOISELESS = 160
"""Of faces as large as this nothing is left of the noise when they are brought to that size."""
_STRONG = 97
_SHARP, _BLURRED = 0.88, 0.32
_LAPLACE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
_QUARTILE = 0.3186
"""Of the absolute values of standard normal noise, which that kernel passes as strong as it is."""


@dataclass(frozen=True, slots=True)
class Light:
    """One look. Luma 0..255; shares 0..1; cast as log2 of red and blue over green in the nearly grey."""

    luma: float
    burnt: float
    crushed: float
    red: float
    blue: float
    face_luma: float | None = None
    face_top: float | None = None
    """95th percentile in the face: where its highlights lie."""
    face_burnt: float | None = None
    face_crushed: float | None = None
    behind_luma: float | None = None
    """Mean of what is not face or shoulders."""


def look(image: Image, face: FaceBox | None) -> Light:
    """Measures one small picture (BGR, some hundred pixels across)."""
    image = _with_side(image, _SIDE)
    grey = to_grey(image)
    red, blue = _cast(image)
    seen = _Shares(grey)
    whole = {"luma": seen.mean, "burnt": seen.burnt, "crushed": seen.crushed, "red": red, "blue": blue}
    cut = _inside(grey, face) if face is not None else None
    if face is None or cut is None:
        return Light(**whole)
    skin = _Shares(cut)
    return Light(
        **whole,
        face_luma=skin.mean,
        face_top=skin.top,
        face_burnt=skin.burnt,
        face_crushed=skin.crushed,
        behind_luma=_behind(grey, face),
    )


class _Shares:
    """What is asked of a grey picture, from one count of its values."""

    def __init__(self, grey: Grey) -> None:
        counts = cv2.calcHist([np.ascontiguousarray(grey)], [0], None, [256], [0, 256])[:, 0].astype(np.float64)
        self.mean = float(counts @ np.arange(256)) / grey.size
        self.burnt = float(counts[_BURNT:].sum()) / grey.size
        self.crushed = float(counts[: _CRUSHED + 1].sum()) / grey.size
        self.top = float(np.searchsorted(np.cumsum(counts), 0.95 * grey.size))


def blur(luma: Grey, face: FaceBox) -> float | None:
    """Blur of the face, 0 sharp to 1 blurred, from the full-size picture; None when the face is too small.

    The strongest fine edges over the strongest coarse ones (differences of Gaussians of 1, 2 and 4 pixels, 97th
    percentile) of a face brought to one size, less what its noise alone would show. Measured on sixteen faces of 36 to
    700 pixels with noise of 0 to 10 in 255: sharp 0.56 to 1.1, middle 0.7 (smallest) to 0.87; blurred by 2, 3 and 5 %
    of the face's height 0.53 to 0.6, 0.43 to 0.46 and 0.28 to 0.4 in the middle. That is the scale: 0.88 to 0.32.
    """
    cut = _inside(luma, face)
    if cut is None or cut.shape[0] < _FOCUS_LEAST:
        return None
    noise = _noise(cut) if cut.shape[0] < _NOISELESS else 0.0
    fine, coarse = _edges(_face_sized(cut))
    fine_noise, coarse_noise = _edges_of_noise(cut.shape[0])
    fine = math.sqrt(max(0.0, fine**2 - (fine_noise * noise) ** 2))
    coarse = math.sqrt(max(0.0, coarse**2 - (coarse_noise * noise) ** 2))
    ratio = fine / coarse if coarse > 1.0 else _BLURRED
    return min(1.0, max(0.0, (_SHARP - ratio) / (_SHARP - _BLURRED)))


def _face_sized(cut: NDArray[Any]) -> NDArray[np.float32]:
    scale = _FOCUS_FACE / cut.shape[0]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    size = (max(1, round(cut.shape[1] * scale)), _FOCUS_FACE)
    return cast("NDArray[np.float32]", cv2.resize(cut.astype(np.float32), size, interpolation=way))


def _edges(sized: NDArray[np.float32]) -> tuple[float, float]:
    """The strongest fine and the strongest coarse edges."""
    fine, middle, coarse = (cv2.GaussianBlur(sized, (0, 0), sigma) for sigma in (1.0, 2.0, 4.0))
    return tuple(float(np.percentile(np.abs(a - b), _STRONG)) for a, b in ((fine, middle), (middle, coarse)))  # type: ignore[return-value]


@cache
def _edges_of_noise(rows: int) -> tuple[float, float]:
    """The same of nothing but noise of strength one in a cut of so many rows."""
    return _edges(_face_sized(np.random.default_rng(rows).standard_normal((rows, rows)).astype(np.float32)))


def _noise(cut: Grey) -> float:
    """Strength of the sensor's noise, from the smoother half of the cut."""
    rough = np.abs(cv2.filter2D(cut, cv2.CV_32F, _LAPLACE))
    return float(np.percentile(rough, 25)) / _QUARTILE


def _with_side(image: Image, side: int) -> Image:
    """The picture with this shorter side, or as it is when it is smaller."""
    scale = side / min(image.shape[:2])
    if scale >= 1:
        return image
    return cast("Image", cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _inside(grey: Grey, face: FaceBox) -> Grey | None:
    # The inner part of the box: skin, eyes and mouth, without hair and background.
    height, width = grey.shape
    top, bottom = face.y + 0.12 * face.height, face.y + 0.92 * face.height
    left, right = face.x + 0.14 * face.width, face.x + 0.86 * face.width
    rows = slice(max(0, round(top * height)), max(0, round(bottom * height)))
    columns = slice(max(0, round(left * width)), max(0, round(right * width)))
    cut = grey[rows, columns]
    return cut if cut.shape[0] >= 8 and cut.shape[1] >= 6 else None


def _behind(grey: Grey, face: FaceBox) -> float | None:
    height, width = grey.shape
    mask = np.ones(grey.shape, np.uint8)
    left, right = face.centre_x - face.width, face.centre_x + face.width
    mask[max(0, round(face.head_top * height)) :, max(0, round(left * width)) : max(0, round(right * width))] = 0
    wide = 1.6 * face.width
    shoulders = round((face.y + 1.1 * face.height) * height)
    mask[max(0, shoulders) :, max(0, round((face.centre_x - wide) * width)) : round((face.centre_x + wide) * width)] = 0
    return cv2.mean(grey, mask)[0] if cv2.countNonZero(mask) > 0.05 * mask.size else None


def _cast(image: Image) -> tuple[float, float]:
    """log2 of red and blue over green, over pixels of middle brightness, weighted towards the least coloured."""
    step = max(1, min(image.shape[:2]) // _COLOUR_SIDE)
    blue, green, red = (plane.ravel() + np.float32(1.0) for plane in cv2.split(image[::step, ::step]))
    value = np.maximum(np.maximum(blue, green), red)
    usable = (value > 40) & (value < 245)
    if np.count_nonzero(usable) < 50:
        return 0.0, 0.0
    base = np.log2(green[usable])
    # The most frequent colour balance of a room is its light: coloured clothes and skin lie to the sides of it.
    return _mode(np.log2(red[usable]) - base), _mode(np.log2(blue[usable]) - base)


def _mode(values: NDArray[np.float32]) -> float:
    bins = ((values + 1.5) * 20).astype(np.int32)  # 60 bins from -1.5 to 1.5
    smooth = np.convolve(np.bincount(bins[(values >= -1.5) & (bins < 60)], minlength=60), np.ones(5), "same")
    at = int(np.argmax(smooth))
    near = values[(values >= max(0, at - 2) / 20 - 1.5) & (values <= min(60, at + 3) / 20 - 1.5)]
    return float(near.mean()) if len(near) else 0.0
