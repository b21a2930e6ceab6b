"""The performer, painted once in layers: the body, and the head without what moves in it (see `features`).

The face has its own coordinates: (0, 0) is between the eyes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.practice.painting import (
    Canvas,
    Colour,
    Easel,
    Mask,
    Point,
    Points,
    grain,
    light,
    paint,
    shade,
    smooth,
)

HEAD_BOX = (-176.0, -222.0, 176.0, 214.0)
"""Left, top, right, bottom of the head layer in face units."""
BODY_BOX = (300.0, 366.0, 980.0, 724.0)
"""Left, top, right, bottom of the body layer in the room; it reaches below the picture, to be lifted by breath."""
HEAD_AT = (640.0, 286.0)
"""Where the face's zero lies in the room."""

_SKIN: Colour = (222, 166, 130)
_SHADOW: Colour = (120, 58, 46)
"""What is left of white in the shadows of skin."""
_HAIR: Colour = (46, 31, 27)


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture with its cover, premultiplied: `colour` is what shows, `keep` is what stays of the ground (0..255)."""

    colour: NDArray[np.uint8]
    keep: NDArray[np.uint8]


def to_layer(colour: Canvas, cover: NDArray[np.float32]) -> Layer:
    """Premultiply a painted layer."""
    shown = np.clip((colour + grain(cover.shape)) * cover[..., None] + 0.5, 0, 255).astype(np.uint8)
    keep = np.clip((1 - cover) * 255 + 0.5, 0, 255).astype(np.uint8)
    return Layer(shown, keep)


def lay(ground: NDArray[np.uint8], layer: Layer) -> NDArray[np.uint8]:
    """The ground with a layer over it."""
    rest = cv2.multiply(ground, cv2.merge([layer.keep] * 3), scale=1 / 255)
    return np.asarray(cv2.add(rest, layer.colour, dst=rest), np.uint8)


def put(image: NDArray[np.uint8], layer: Layer, left: int, top: int) -> None:
    """Lay a layer over a picture with its upper left corner at a pixel, in place; what lies outside is cut off."""
    high, wide = layer.keep.shape[:2]
    ground = image[max(0, top) : max(0, top + high), max(0, left) : max(0, left + wide)]
    rows = slice(max(0, -top), max(0, -top) + ground.shape[0])
    columns = slice(max(0, -left), max(0, -left) + ground.shape[1])
    if ground.size:
        ground[:] = lay(ground, Layer(layer.colour[rows, columns], layer.keep[rows, columns]))


def paint_body(easel: Easel) -> tuple[Canvas, NDArray[np.float32]]:
    """Shoulders, jumper and neck: colour and cover, in the coordinates of the room."""
    outline = smooth(
        [(640, 486), (724, 494), (806, 524), (886, 572), (930, 650), (952, 760), (640, 790), (328, 760), (350, 650),
         (394, 572), (474, 524), (556, 494)]
    )  # fmt: skip
    jumper = easel.polygon(outline, 0.8)
    colour = easel.blank((52, 92, 88))
    light(colour, easel.glow((420, 560), 170), (255, 214, 170), 0.22)
    shade(colour, easel.glow((960, 700), 200), 0.55)
    shade(colour, easel.glow((640, 800), 200), 0.25)
    for fold in ([(470, 560), (486, 640), (470, 730)], [(812, 560), (796, 640), (816, 730)],
                 [(560, 560), (600, 620), (596, 730)], [(724, 560), (690, 630), (704, 730)]):  # fmt: skip
        shade(colour, easel.stroke(smooth(fold, closed=False), 12, 15), 0.24)
    light(colour, jumper.without(easel.polygon(outline, 5)) * easel.glow((330, 600), 260), (255, 214, 168), 0.9)
    neck = easel.polygon(
        smooth([(584, 380), (696, 380), (700, 450), (712, 494), (640, 524), (568, 494), (580, 450)]), 1
    )
    paint(colour, neck, _paint_neck(easel))
    collar = _paint_collar(easel, colour)
    return colour, easel.whole(jumper | neck | collar)


def _paint_neck(easel: Easel) -> Canvas:
    skin = easel.blank((196, 136, 104))
    light(skin, easel.glow((585, 480), 40), (255, 210, 170), 0.30)
    shade(skin, easel.ellipse((646, 424), (92, 52), soft=14), 0.59, _SHADOW)
    shade(skin, easel.glow((724, 470), 46), 0.63, _SHADOW)
    for tendon in ([(612, 470), (622, 500), (634, 512)], [(672, 470), (660, 500), (648, 512)]):
        shade(skin, easel.stroke(smooth(tendon, closed=False), 5, 4), 0.35, _SHADOW)
    return skin


def _paint_collar(easel: Easel, colour: Canvas) -> Mask:
    line: list[Point] = [(556, 488), (590, 518), (640, 534), (690, 518), (724, 488)]
    collar = easel.stroke(smooth(line, closed=False), 20, 1)
    paint(colour, collar, (44, 80, 77))
    rim = [(x, y - 8) for x, y in line]
    light(colour, easel.stroke(smooth(rim, closed=False), 2, 1.2), (255, 226, 190), 0.16)
    for i in range(-9, 10):
        x, y = 640 + i * 8.6, 531 - (i / 9) ** 2 * 40
        shade(colour, easel.stroke([(x - i * 0.25, y - 7), (x, y + 7)], 1.6, 0.8), 0.22)
    return collar


_FACE: list[Point] = [
    (0, -150), (70, -138), (118, -90), (133, -20), (129, 50), (111, 114), (76, 162), (36, 190), (0, 196),
    (-36, 190), (-76, 162), (-111, 114), (-129, 50), (-133, -20), (-118, -90), (-70, -138),
]  # fmt: skip
_HAIR_BACK: list[Point] = [
    (-148, 44), (-155, -30), (-151, -100), (-122, -160), (-70, -196), (-6, -208), (64, -201), (118, -168),
    (152, -112), (160, -40), (150, 44), (138, 14), (-136, 14),
]  # fmt: skip
"""The mass of hair behind the face."""
_FRINGE: list[Point] = [
    (-137, 22), (-150, -34), (-148, -98), (-120, -157), (-70, -193), (-6, -205), (64, -198), (116, -166), (148, -110),
    (155, -40), (140, 22), (133, -16), (125, -58), (108, -92), (78, -120), (44, -134), (10, -124), (-26, -106),
    (-62, -80), (-98, -56), (-122, -34), (-132, -6),
]  # fmt: skip
"""What falls over the forehead: parted at (44, -134) and swept to both sides."""
_LEFT_ENDS: list[Point] = [
    (6, -122),
    (-40, -96),
    (-84, -66),
    (-116, -40),
    (-132, -4),
    (-140, 24),
    (-151, -30),
    (-150, -90),
]
_RIGHT_ENDS: list[Point] = [(86, -114), (114, -86), (128, -48), (136, -8), (142, 24), (154, -30), (152, -84)]


def paint_head(easel: Easel) -> tuple[Canvas, NDArray[np.float32]]:
    """Head without eyes, brows and mouth: colour and cover, in face coordinates."""
    face = easel.polygon(smooth(_FACE), 0.7)
    ears = easel.ellipse((-141, 34), (17, 36), -8, 0.8) | easel.ellipse((141, 34), (17, 36), 8, 0.8)
    skin = easel.blank(_SKIN)
    _model_face(easel, skin)
    rims = ears.without(face)
    paint(skin, rims, (192, 128, 100))
    hollows = easel.ellipse((-143, 36), (8, 22), -8, 4) | easel.ellipse((143, 36), (8, 22), 8, 4)
    shade(skin, hollows * rims, 0.4)
    shade(skin, easel.ellipse((146, 40), (18, 40), 8, 4) * rims, 0.25)
    fringe, back = easel.polygon(smooth(_FRINGE), 1.0), easel.polygon(smooth(_HAIR_BACK), 1.2)
    paint(skin, back.without(face | ears), (38, 26, 24))
    _paint_hair(easel, skin, fringe)
    return skin, easel.whole(face | ears | fringe | back)


def _model_face(easel: Easel, skin: Canvas) -> None:
    light(skin, easel.glow((-50, -30), 78), (255, 226, 190), 0.42)
    light(skin, easel.glow((-66, 62), 40), (255, 214, 178), 0.26)
    for centre, reach, strength in (((158, 20), 78, 0.50), ((110, 150), 70, 0.34), ((-150, 60), 44, 0.22),
                                    ((0, 206), 60, 0.26)):  # fmt: skip
        shade(skin, easel.glow(centre, reach), strength * 1.4, _SHADOW)
    for side in (-1, 1):
        shade(skin, easel.ellipse((side * 54, -2), (42, 24), 0, 11), 0.43, _SHADOW)
        paint(skin, easel.glow((side * 72, 74), 28), (218, 118, 98), 0.26)
        shade(skin, _line(easel, [(side * 36, 86), (side * 52, 104), (side * 58, 124)], 4, 5), 0.23, _SHADOW)
    shade(skin, easel.polygon([(x, y + 8) for x, y in smooth(_FRINGE)], 9), 0.61, _SHADOW)
    _model_nose(easel, skin)
    shade(skin, easel.ellipse((2, 150), (26, 6), 0, 6), 0.29, _SHADOW)
    light(skin, easel.ellipse((-6, 170), (22, 11), 0, 8), (255, 220, 186), 0.22)


def _model_nose(easel: Easel, skin: Canvas) -> None:
    """The bridge in the light, its far side and its foot in shadow."""
    light(skin, _line(easel, [(-6, -20), (-7, 20), (-6, 56)], 11, 6), (255, 232, 204), 0.34)
    shade(skin, _line(easel, [(15, -6), (17, 30), (24, 64)], 10, 6), 0.38, _SHADOW)
    shade(skin, easel.ellipse((2, 82), (30, 8), 0, 5), 0.43, _SHADOW)
    light(skin, easel.ellipse((-5, 64), (9, 8), 0, 4), (255, 236, 214), 0.45)
    for side in (-1, 1):
        paint(skin, easel.ellipse((side * 13, 79), (6.5, 3.4), side * 14, 1.6), (112, 58, 46), 0.72)
        shade(skin, _line(easel, [(side * 25, 58), (side * 31, 70), (side * 26, 80)], 3, 2.4), 0.38, _SHADOW)


def _paint_hair(easel: Easel, skin: Canvas, hair: Mask) -> None:
    """Locks from the parting to both sides, every one a little different, with the window's light on the crown."""
    paint(skin, hair, _HAIR)
    dice = random.Random(9)  # noqa: S311 - a drawing
    for ends, count in ((_LEFT_ENDS, 70), (_RIGHT_ENDS, 34)):
        edge = smooth(ends, 24, closed=False)
        for i in range(count):
            share = i / (count - 1)
            x, y = edge[round(share * (len(edge) - 1))] + (dice.uniform(-3, 3), dice.uniform(-3, 3))
            start = (44 + 4 * dice.random(), -134 - 64 * share)
            lift = 16 + 34 * share
            lock = [start, (start[0] * 0.55 + x * 0.45, start[1] * 0.62 + y * 0.38 - lift), (x, y)]
            mask = _line(easel, lock, dice.uniform(1.4, 3.4), 1.1) * hair
            if dice.random() < 0.5:
                light(skin, mask, (214, 146, 104), dice.uniform(0.04, 0.16) if ends is _LEFT_ENDS else 0.05)
            else:
                shade(skin, mask, dice.uniform(0.10, 0.34))
    light(skin, easel.ellipse((-66, -146), (60, 22), -36, 16) * hair, (244, 180, 136), 0.20)
    light(skin, easel.ellipse((92, -152), (30, 12), 40, 10) * hair, (226, 166, 128), 0.08)
    shade(skin, easel.glow((150, -40), 60) * hair, 0.40)
    shade(skin, _line(easel, [(44, -134), (46, -166), (48, -200)], 3, 2.5) * hair, 0.45)
    rim = [(-152, -20), (-149, -98), (-121, -156), (-70, -193)]
    light(skin, _line(easel, rim, 5, 3.5) * hair, (255, 206, 156), 0.24)


def _line(easel: Easel, points: Points, width: float, soft: float) -> Mask:
    return easel.stroke(smooth(points, closed=False), width, soft)
