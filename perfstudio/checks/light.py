"""Light, colour and focus of one picture with a face in it (or without): a handful of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.faces import FaceBox, Grey, Image, scaled, to_grey

_BURNT = 250
_CRUSHED = 6
_FOCUS_FACE = 110
_FOCUS_LEAST = 36
"""Faces are brought down to one size, so that blur is judged alike; smaller ones are not judged."""
_SHARP, _BLURRED = 0.75, 0.3


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
    image = cast("Image", cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
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
    percentile). Measured on six faces brought to one size: sharp 0.68 to 0.78, blurred by 1, 2, 3, 4 pixels 0.6, 0.5,
    0.4, 0.36, the same with sensor noise, which gradient measures take for sharpness.
    """
    cut = _inside(luma, face)
    if cut is None or cut.shape[0] < _FOCUS_LEAST:
        return None
    if cut.shape[0] > _FOCUS_FACE:
        cut = scaled(cut, _FOCUS_FACE / cut.shape[0])
    whole = cut.astype(np.float32)
    fine, middle, coarse = (cv2.GaussianBlur(whole, (0, 0), sigma) for sigma in (1.0, 2.0, 4.0))
    strong = float(np.percentile(np.abs(middle - coarse), 97))
    ratio = float(np.percentile(np.abs(fine - middle), 97)) / strong if strong > 1.0 else _BLURRED
    return min(1.0, max(0.0, (_SHARP - ratio) / (_SHARP - _BLURRED)))


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
    blue, green, red = (plane.ravel() + np.float32(1.0) for plane in cv2.split(image[::4, ::4]))
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
