"""What moves in the face, drawn for every frame on a copy of the head: eyes, brows, mouth. Face coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from perfstudio.capture.devices.camera import Image
from perfstudio.capture.practice.painting import Colour, Point, Points, smooth
from perfstudio.capture.practice.performer import HEAD_BOX

_SHIFT = 5
_LASH: Colour = (52, 30, 26)
_LIP: Colour = (176, 100, 86)


@dataclass(frozen=True, slots=True)
class Expression:
    """The face at a moment."""

    look: float
    """Gaze, -1 left .. 1 right."""
    lids: float
    """How open the eyes are, 0..1."""
    opening: float
    """Mouth, 0 closed .. 1 wide open."""
    width: float
    """Mouth, -1 round .. 1 wide."""
    brow: float
    """How high the brows are, 0..1."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws on a head layer; one unit is `scale` pixels."""

    head: Image
    scale: float
    corner: Point = (HEAD_BOX[0], HEAD_BOX[1])

    def fill(self, points: Points, colour: Colour) -> None:
        """A filled shape."""
        cv2.fillPoly(self.head, [self._fixed(points)], colour[::-1], cv2.LINE_AA, _SHIFT)

    def line(self, points: Points, colour: Colour, width: float) -> None:
        """An open line."""
        thick = max(1, round(width * self.scale))
        cv2.polylines(self.head, [self._fixed(points)], False, colour[::-1], thick, cv2.LINE_AA, _SHIFT)

    def ball(self, centre: Point, radius: float, colour: Colour) -> None:
        """A filled disc."""
        x, y = self._fixed([centre])[0]
        cv2.circle(self.head, (int(x), int(y)), round(radius * self.scale * (1 << _SHIFT)), colour[::-1], -1,
                   cv2.LINE_AA, _SHIFT)  # fmt: skip

    def cut_out(self, left: float, top: float, right: float, bottom: float) -> Pen:
        """A pen on a copy of a part."""
        x0, x1 = (round((v - self.corner[0]) * self.scale) for v in (left, right))
        y0, y1 = (round((v - self.corner[1]) * self.scale) for v in (top, bottom))
        corner = (self.corner[0] + x0 / self.scale, self.corner[1] + y0 / self.scale)
        return Pen(self.head[y0:y1, x0:x1].copy(), self.scale, corner)

    def paste(self, part: Pen, shape: Points) -> None:
        """Put a part back where a shape is."""
        high, wide = part.head.shape[:2]
        x = round((part.corner[0] - self.corner[0]) * self.scale)
        y = round((part.corner[1] - self.corner[1]) * self.scale)
        mask = np.zeros((high, wide), np.uint8)
        cv2.fillPoly(mask, [part._fixed(shape)], 255, cv2.LINE_AA, _SHIFT)
        cover = cv2.merge([mask, mask, mask])
        ground = self.head[y : y + high, x : x + wide]
        rest = cv2.multiply(ground, cv2.bitwise_not(cover), scale=1 / 255)
        ground[:] = cv2.add(rest, cv2.multiply(part.head, cover, scale=1 / 255))

    def _fixed(self, points: Points) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
        spots = (np.asarray(points, float) - self.corner) * (self.scale * (1 << _SHIFT))
        return np.rint(spots).astype(np.int32)


def draw_eyes(head: Image, scale: float, face: Expression) -> None:
    """Draw both eyes on a head layer, in place."""
    for side in (-1, 1):
        _eye(Pen(head, scale), side, face.look, face.lids)


def draw_speech(head: Image, scale: float, face: Expression) -> None:
    """Draw what moves with the words on a head layer, in place: brows and mouth."""
    pen = Pen(head, scale)
    for side in (-1, 1):
        _brow(pen, side, face.brow)
    _mouth(pen, face.opening, face.width)


def _eye(pen: Pen, side: int, look: float, lids: float) -> None:
    x, y = side * 55.0, 4.0
    inner, outer = x - side * 25, x + side * 26
    if lids < 0.12:
        pen.line(smooth([(inner, y + 5), (x, y + 8), (outer, y + 3)], 8, closed=False), _LASH, 3.6)
        return
    up, down = 13.5 * lids, 9.0 * (0.35 + 0.65 * lids)
    upper = [(inner, y + 4), (x - side * 12, y - up * 0.72), (x + side * 3, y - up), (x + side * 17, y - up * 0.6),
             (outer, y + 1)]  # fmt: skip
    lower = [(x + side * 14, y + down * 0.8), (x, y + down), (x - side * 14, y + down * 0.7)]
    almond = smooth([*upper, *lower], 6)
    ball = pen.cut_out(x - 32, y - 22, x + 32, y + 22)
    ball.head[:] = (198, 212, 224)
    iris = (x + look * 6, y - 1.5)
    ball.ball(iris, 12.2, (46, 30, 24))
    ball.ball((iris[0], iris[1] + 1.2), 10.2, (104, 70, 46))
    ball.ball(iris, 5.2, (18, 13, 12))
    ball.ball((iris[0] - 4, iris[1] - 4.5), 2.6, (255, 248, 238))
    shadow = [(px, py + 3) for px, py in upper]
    ball.line(smooth(shadow, 6, closed=False), (150, 132, 122), 4)
    pen.paste(ball, almond)
    pen.line(smooth(upper, 6, closed=False), _LASH, 3.8)
    crease = [(px, py - 7 - 2 * lids) for px, py in upper[1:]]
    pen.line(smooth(crease, 6, closed=False), (150, 94, 72), 1.8)
    pen.line(smooth([upper[-1], *lower], 6, closed=False), (158, 100, 82), 1.4)


def _brow(pen: Pen, side: int, brow: float) -> None:
    lift = -7 * brow
    top = [(side * 26, -28 + lift * 0.8), (side * 52, -40 + lift), (side * 82, -34 + lift * 0.7),
           (side * 93, -24 + lift * 0.5)]  # fmt: skip
    foot = [(side * 80, -28 + lift * 0.7), (side * 52, -31 + lift), (side * 28, -19 + lift * 0.8)]
    pen.fill(smooth([*top, *foot], 6), (70, 46, 38))


def _mouth(pen: Pen, opening: float, width: float) -> None:
    half, gap = 40 + 7 * width - 4 * opening, 25 * opening
    y, smile = 116 + 3 * opening, 3.5 - 3 * opening
    upper = [(-half, y - smile), (-half * 0.45, y - 9 - gap * 0.25), (-8, y - 11 - gap * 0.3), (0, y - 8.5 - gap * 0.3),
             (8, y - 11 - gap * 0.3), (half * 0.45, y - 9 - gap * 0.25), (half, y - smile)]  # fmt: skip
    lower = [(half * 0.5, y + 10 + gap), (0, y + 14 + gap * 1.1), (-half * 0.5, y + 10 + gap)]
    pen.fill(smooth([*upper, *lower], 6), _LIP)
    shine = [(-half * 0.4, y + 7 + gap), (0, y + 9.5 + gap * 1.08), (half * 0.3, y + 7.5 + gap)]
    pen.line(smooth(shine, 6, closed=False), (202, 130, 112), 2.6)
    if gap < 2.5:
        line = [(-half, y - smile), (-half * 0.4, y + 1.2), (0, y + 0.4), (half * 0.4, y + 1.2), (half, y - smile)]
        pen.line(smooth(line, 6, closed=False), (110, 50, 46), 2.6)
        return
    _inside(pen, half, gap, y, smile)


def _inside(pen: Pen, half: float, gap: float, y: float, smile: float) -> None:
    top = [(-half * 0.86, y - smile), (-half * 0.4, y - gap * 0.3), (0, y - gap * 0.32), (half * 0.4, y - gap * 0.3),
           (half * 0.86, y - smile)]  # fmt: skip
    low = [(half * 0.45, y + gap * 0.85), (0, y + gap * 0.98), (-half * 0.45, y + gap * 0.85)]
    pen.fill(smooth([*top, *low], 6), (64, 24, 26))
    if gap > 6:
        tongue = [(-half * 0.3, y + gap * 0.86), (0, y + gap * 0.62), (half * 0.3, y + gap * 0.86), (0, y + gap * 0.95)]
        pen.fill(smooth(tongue, 6), (156, 72, 70))
    teeth, edge = min(gap * 0.3, 6.5), y - gap * 0.24
    pen.fill([(-half * 0.6, edge), (0, y - gap * 0.31), (half * 0.6, edge), (half * 0.5, edge + teeth),
              (0, y - gap * 0.28 + teeth), (-half * 0.5, edge + teeth)], (236, 226, 214))  # fmt: skip
