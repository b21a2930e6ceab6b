"""Painting helpers: soft masks and colour layers. One unit is one pixel of a 720-line picture.

A mask is kept only where it is not zero, and wide soft edges are computed at a coarser grid, so that a picture of a
hundred soft shapes is painted in a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Canvas = NDArray[np.float32]
"""Height x width x 3 BGR, 0..255."""
Point = tuple[float, float]
Points = Sequence[Point] | NDArray[np.float64]
Colour = tuple[int, int, int]
"""Red, green, blue, as people write them."""

_SHIFT = 5


@dataclass(frozen=True, slots=True)
class Mask:
    """Cover 0..1 inside a rectangle of the canvas, zero outside. `a * b` is where both are, `a | b` where one is."""

    cover: NDArray[np.float32]
    top: int
    left: int

    def __mul__(self, other: Mask) -> Mask:
        return Mask(self.cover * other.inside(self), self.top, self.left)

    def __or__(self, other: Mask) -> Mask:
        top, left = min(self.top, other.top), min(self.left, other.left)
        bottom = max(self.top + self.cover.shape[0], other.top + other.cover.shape[0])
        right = max(self.left + self.cover.shape[1], other.left + other.cover.shape[1])
        frame = Mask(np.zeros((bottom - top, right - left), np.float32), top, left)
        return Mask(np.maximum(self.inside(frame), other.inside(frame)), top, left)

    def without(self, other: Mask) -> Mask:
        """Where this is and the other is not."""
        return Mask(self.cover * (1 - other.inside(self)), self.top, self.left)

    def inside(self, frame: Mask) -> NDArray[np.float32]:
        """This cover, cut or filled up with zeros to the rectangle of another mask."""
        found = np.zeros(frame.cover.shape, np.float32)
        top, left = max(self.top, frame.top), max(self.left, frame.left)
        bottom = min(self.top + self.cover.shape[0], frame.top + frame.cover.shape[0])
        right = min(self.left + self.cover.shape[1], frame.left + frame.cover.shape[1])
        if top < bottom and left < right:
            part = self.cover[top - self.top : bottom - self.top, left - self.left : right - self.left]
            found[top - frame.top : bottom - frame.top, left - frame.left : right - frame.left] = part
        return found


@dataclass(frozen=True, slots=True)
class Easel:
    """The size of what is painted in pixels, how many pixels one unit is, and the units of its upper left corner."""

    width: int
    height: int
    scale: float
    corner: Point = (0.0, 0.0)

    def blank(self, colour: Colour = (0, 0, 0)) -> Canvas:
        """A canvas of one colour."""
        return np.full((self.height, self.width, 3), bgr(colour), np.float32)

    def whole(self, mask: Mask) -> NDArray[np.float32]:
        """The cover of the whole canvas."""
        return mask.inside(Mask(np.zeros((self.height, self.width), np.float32), 0, 0))

    def polygon(self, points: Points, soft: float = 0.0) -> Mask:
        """The mask of a polygon, its edge softened by a Gaussian of `soft` units."""
        return self._drawn(points, soft, 0.0)

    def ellipse(self, centre: Point, axes: Point, angle: float = 0.0, soft: float = 0.0) -> Mask:
        """The mask of an ellipse with half axes in units."""
        return self.polygon(oval(centre, axes, angle), soft)

    def stroke(self, points: Points, width: float, soft: float = 0.0) -> Mask:
        """The mask of a line of some width."""
        return self._drawn(points, soft, width)

    def glow(self, centre: Point, reach: float) -> Mask:
        """A round fall-off: 1 in the centre, 0.6 at `reach` units, nothing beyond 3.3 times that."""
        x0, y0 = ((c - o) * self.scale for c, o in zip(centre, self.corner, strict=True))
        far, sigma = 3.3 * reach * self.scale, reach * self.scale
        top, bottom = (int(np.clip(v, 0, self.height)) for v in (y0 - far, y0 + far + 1))
        left, right = (int(np.clip(v, 0, self.width)) for v in (x0 - far, x0 + far + 1))
        down = np.exp(-((np.arange(top, bottom) - y0) ** 2) / (2 * sigma**2))
        across = np.exp(-((np.arange(left, right) - x0) ** 2) / (2 * sigma**2))
        return Mask(np.outer(down, across).astype(np.float32), top, left)

    def _drawn(self, points: Points, soft: float, width: float) -> Mask:
        sigma = soft * self.scale
        coarse = max(1, int(sigma / 2.5))
        scale = self.scale / coarse
        where = (np.array(points, float) - self.corner) * self.scale
        margin = 3 * sigma + width * self.scale / 2 + 2 * coarse
        (left, top), (right, bottom) = where.min(axis=0) - margin, where.max(axis=0) + margin
        left, top = int(np.clip(left, 0, self.width)), int(np.clip(top, 0, self.height))
        high = int(np.clip(bottom, 0, self.height)) - top
        wide = int(np.clip(right, 0, self.width)) - left
        if high <= 0 or wide <= 0:
            return Mask(np.zeros((0, 0), np.float32), top, left)
        # the small drawing keeps a margin, so that what lies beyond the canvas still softens into it
        pad = int(3 * sigma / coarse) + 2
        small = np.zeros((-(-high // coarse) + 2 * pad, -(-wide // coarse) + 2 * pad), np.uint8)
        spots = (where - (left, top) + 0.5) / coarse - 0.5 + pad
        fixed_points = np.round(spots * (1 << _SHIFT)).astype(np.int32)
        if width:
            cv2.polylines(small, [fixed_points], False, 255, max(1, round(width * scale)), cv2.LINE_AA, _SHIFT)
        else:
            cv2.fillPoly(small, [fixed_points], 255, cv2.LINE_AA, _SHIFT)
        cover = small.astype(np.float32) / 255
        if sigma > 0:
            cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), sigma / coarse), np.float32)
        cover = cover[pad:-pad, pad:-pad]
        if coarse > 1:
            size = (cover.shape[1] * coarse, cover.shape[0] * coarse)
            cover = np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_LINEAR), np.float32)
        return Mask(np.asarray(cover[:high, :wide], np.float32), top, left)


def paint(canvas: Canvas, mask: Mask, colour: Colour | Canvas, strength: float = 1.0) -> None:
    """Lay a colour, or another canvas, over a canvas, in place."""
    part = _part(canvas, mask)
    ink = bgr(colour) if isinstance(colour, tuple) else _part(colour, mask)
    part += (ink - part) * (mask.cover * strength)[..., None]


def light(canvas: Canvas, mask: Mask, colour: Colour, strength: float = 1.0) -> None:
    """Add light (screen blend), in place."""
    part = _part(canvas, mask)
    part += (255 - part) * (mask.cover * strength)[..., None] * (bgr(colour) / 255)


def shade(canvas: Canvas, mask: Mask, strength: float, tone: Colour = (0, 0, 0)) -> None:
    """Take light away (multiply), in place; at 1 only `tone` is left of white. Skin wants a warm tone."""
    part = _part(canvas, mask)
    part *= 1 - (mask.cover * strength)[..., None] * (1 - bgr(tone) / 255)


def defocus(canvas: Canvas, soft_pixels: float) -> Canvas:
    """A canvas out of focus."""
    half = cv2.resize(canvas, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    half = cv2.GaussianBlur(half, (0, 0), soft_pixels / 2)
    return np.asarray(cv2.resize(half, canvas.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _part(canvas: Canvas, mask: Mask) -> Canvas:
    high, wide = mask.cover.shape
    return canvas[mask.top : mask.top + high, mask.left : mask.left + wide]


def bgr(colour: Colour) -> Canvas:
    """A colour in the order of OpenCV."""
    return np.array(colour[::-1], np.float32)


def smooth(points: Points, steps: int = 12, closed: bool = True) -> NDArray[np.float64]:
    """A Catmull-Rom curve through points, N x 2."""
    knots = np.array(points, float)
    knots = np.concatenate([knots[-1:], knots, knots[:2]] if closed else [knots[:1], knots, knots[-1:]])
    flat = knots.ravel()
    windows = np.array([flat[:-6], flat[2:-4], flat[4:-2], flat[6:]])
    curve = (_spline(steps) @ windows).reshape(steps, -1, 2).swapaxes(0, 1).reshape(-1, 2)
    return curve if closed else np.concatenate([curve, knots[-1:]])


@cache
def _spline(steps: int) -> NDArray[np.float64]:
    """Weights of the four knots at each step of a span."""
    s = np.linspace(0, 1, steps, endpoint=False)
    weights = [2 * s**2 - s - s**3, 2 - 5 * s**2 + 3 * s**3, s + 4 * s**2 - 3 * s**3, s**3 - s**2]
    return np.asarray(0.5 * np.stack(weights, axis=1), np.float64)


def oval(centre: Point, axes: Point, angle: float = 0.0) -> NDArray[np.float64]:
    """An ellipse as a polygon."""
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    x, y, lean = axes[0] * np.cos(turn), axes[1] * np.sin(turn), np.deg2rad(angle)
    spots = [centre[0] + x * np.cos(lean) - y * np.sin(lean), centre[1] + x * np.sin(lean) + y * np.cos(lean)]
    return np.stack(spots, axis=1)


def to_pixels(canvas: Canvas) -> NDArray[np.uint8]:
    """8-bit picture with a grain of dither, so that soft gradients show no bands."""
    return np.asarray(np.clip(canvas + grain(canvas.shape[:2]) + 0.5, 0, 255), np.uint8)


def grain(shape: tuple[int, ...]) -> Canvas:
    """Dither of a little less than one step either way, height x width x 1."""
    tile = np.random.default_rng(7).uniform(-0.9, 0.9, (128, 128)).astype(np.float32)
    return np.tile(tile, (shape[0] // 128 + 1, shape[1] // 128 + 1))[: shape[0], : shape[1], None]
