"""The practice picture at a time: room, lamp, breathing body, moving head, speaking mouth, time strip.

Everything that does not change is painted once per size and process; a frame is a copy of the room with the body at
one of twelve breaths, the moved head, the lamp and the strip.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from perfstudio.capture.devices.camera import Image
from perfstudio.capture.practice import performer, plan, room
from perfstudio.capture.practice.features import Expression, draw_eyes, draw_speech
from perfstudio.capture.practice.painting import Canvas, Easel, to_pixels
from perfstudio.capture.practice.performer import BODY_BOX, HEAD_AT, HEAD_BOX, Layer
from perfstudio.capture.practice.script import PracticeScript
from perfstudio.capture.practice.stamp_strip import write_strip

_BREATHS = 12
_GAMMA = 2.2
_LINEAR = (np.arange(256) / 255) ** _GAMMA
_BREATH_LIFT = 3.0


@dataclass(frozen=True, slots=True)
class Layers:
    """What no script changes, in one size. Shared: whoever draws on one of them copies it first."""

    scale: float
    """Pixels of a unit."""
    left: int
    top: int
    """What is cut off from a 16:9 picture at either side."""
    room: Image
    lamp_box: tuple[slice, slice]
    lamp: Image
    """What is in the lamp's box while it is lit."""
    body: Layer
    head: Layer


@lru_cache(maxsize=4)  # the sizes of a practice camera
def painted(width: int, height: int) -> Layers:
    """The layers of a size in pixels; other shapes than 16:9 are cut from the middle."""
    scale = max(height / 720, width / 1280)
    full = Easel(round(1280 * scale), round(720 * scale), scale)
    left, top = (full.width - width) // 2, (full.height - height) // 2
    # nothing in the room is in focus: half the grid shows it all
    half = Easel(full.width // 2, full.height // 2, scale / 2)
    plain = room.paint_room(half)
    shown = to_pixels(_enlarged(plain, full))[top : top + height, left : left + width].copy()
    return Layers(
        scale,
        left,
        top,
        shown,
        *_cut_lamp(_enlarged(room.lit_lamp(half, plain), full), scale, (left, top), (width, height)),
        performer.to_layer(*performer.paint_body(_easel(BODY_BOX, scale))),
        performer.to_layer(*performer.paint_head(_easel(HEAD_BOX, scale))),
    )


class PracticePicture:
    """Draws the picture of one size. Width and height in pixels; other shapes than 16:9 are cut from the middle."""

    def __init__(self, width: int, height: int, script: PracticeScript) -> None:
        self._script = script
        self._layers = layers = painted(width, height)
        self._scale, self._left, self._top = layers.scale, layers.left, layers.top
        self._breaths: dict[int, Image] = {}
        self._eyes: tuple[tuple[float, float], Image] | None = None

    def draw(self, at_s: float) -> Image:
        """The picture at a practice time, as a new BGR array."""
        image = self._with_body(at_s).copy()
        self._lay_head(image, at_s)
        share = plan.lit_share(self._script.seed, at_s) if self._script.flash != "none" else 0.0
        if share > 0:
            whole = self._script.flash == "frame"
            box = (slice(None), slice(None)) if whole else self._layers.lamp_box
            image[box] = _lit(image[box], np.uint8(250) if whole else self._layers.lamp, share)
        write_strip(image, round(at_s * 1e6))
        return image

    def _with_body(self, at_s: float) -> Image:
        step = round(plan.breath(at_s) * (_BREATHS - 1))
        if step not in self._breaths:
            lift = -_BREATH_LIFT * step / (_BREATHS - 1) * self._scale
            ready = self._layers.room.copy()
            left, top = (round(edge * self._scale) for edge in BODY_BOX[:2])
            performer.put(ready, _moved(self._layers.body, lift), left - self._left, top - self._top)
            self._breaths[step] = ready
        return self._breaths[step]

    def _lay_head(self, image: Image, at_s: float) -> None:
        x, y, roll = plan.sway(at_s)
        face = self._expression(at_s, x)
        y += face.opening * 1.5 - plan.breath(at_s) * _BREATH_LIFT * 0.8
        colour = self._with_eyes(face).copy()
        draw_speech(colour, self._scale, face)
        at_x = (HEAD_AT[0] + HEAD_BOX[0] + x) * self._scale - self._left
        at_y = (HEAD_AT[1] + HEAD_BOX[1] + y) * self._scale - self._top
        left, top = math.floor(at_x), math.floor(at_y)
        pivot = (-HEAD_BOX[0] * self._scale, (190 - HEAD_BOX[1]) * self._scale)
        turn = np.array(cv2.getRotationMatrix2D(pivot, -roll, 1.0), np.float64)
        turn[:, 2] += np.array([at_x - left, at_y - top])
        high, wide = colour.shape[:2]
        shown = np.asarray(cv2.warpAffine(colour, turn, (wide, high)), np.uint8)
        keep = np.asarray(cv2.warpAffine(self._layers.head.keep, turn, (wide, high), borderValue=255), np.uint8)
        performer.put(image, Layer(shown, keep), left, top)

    def _with_eyes(self, face: Expression) -> Image:
        """The head with its eyes, which keep still for longer than a frame."""
        key = (face.look, face.lids)
        if self._eyes is None or self._eyes[0] != key:
            head = self._layers.head.colour.copy()
            draw_eyes(head, self._scale, face)
            self._eyes = (key, head)
        return self._eyes[1]

    def _expression(self, at_s: float, sway: float) -> Expression:
        seed = self._script.seed
        opening, width = plan.mouth(seed, at_s)
        look = 0.25 * math.sin(at_s * 0.37) - sway * 0.03
        return Expression(round(look, 1), plan.eyes_open(seed, at_s), opening, width, 0.25 + 0.5 * opening)


def _easel(box: tuple[float, float, float, float], scale: float) -> Easel:
    left, top, right, bottom = box
    return Easel(round((right - left) * scale), round((bottom - top) * scale), scale, (left, top))


def _cut_lamp(
    lit: Canvas, scale: float, corner: tuple[int, int], size: tuple[int, int]
) -> tuple[tuple[slice, slice], Image]:
    """The box of the lamp in the picture, and what is in it of a lit room."""
    half = room.LAMP_REACH * scale
    columns, rows = (
        slice(*(int(np.clip(centre * scale + way - cut, 0, edge)) for way in (-half, half)))
        for centre, cut, edge in zip(room.LAMP_CENTRE, corner, size, strict=True)
    )
    left, top = corner
    lit = lit[: top + rows.stop, : left + columns.stop]
    return (rows, columns), to_pixels(lit)[top + rows.start :, left + columns.start :].copy()


def _lit(dark: Image, bright: Image | np.uint8, share: float) -> Image:
    """A part of the picture that was bright for a share of the exposure: light adds up before it is bent to 8 bits."""
    if share >= 1:
        return np.asarray(np.broadcast_to(bright, dark.shape), np.uint8)
    mixed = (1 - share) * _LINEAR[dark] + share * _LINEAR[bright]
    return np.asarray(255 * mixed ** (1 / _GAMMA) + 0.5, np.uint8)


def _enlarged(canvas: Canvas, easel: Easel) -> Canvas:
    size = (easel.width, easel.height)
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _moved(layer: Layer, down: float) -> Layer:
    high, wide = layer.keep.shape[:2]
    shift = np.array([[1, 0, 0], [0, 1, down]], np.float64)
    colour, keep = (
        np.asarray(cv2.warpAffine(part, shift, (wide, high), borderMode=cv2.BORDER_REPLICATE), np.uint8)
        for part in (layer.colour, layer.keep)
    )
    return Layer(colour, keep)
