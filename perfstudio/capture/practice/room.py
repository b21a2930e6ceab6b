"""The room behind the performer: evening light from a window, a shelf out of focus, and the lamp that flashes."""

from __future__ import annotations

import random

import numpy as np

from perfstudio.capture.practice.painting import Canvas, Easel, defocus, light, oval, paint, shade, smooth

LAMP_CENTRE = (1098.0, 196.0)
"""Centre of the lamp, in units of a 1280x720 picture."""
LAMP_RADIUS = 42.0
LAMP_REACH = 110.0
"""Half edge of the square that changes when the lamp lights up."""


def paint_room(easel: Easel) -> Canvas:
    """The room with the lamp off."""
    room = easel.blank((74, 64, 58))
    y = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None, None]
    x = np.linspace(0, 1, easel.width, dtype=np.float32)[None, :, None]
    room *= 1.12 - 0.34 * y - 0.36 * x
    _window(easel, room)
    _shelf(easel, room)
    _lamp_body(easel, room)
    light(room, easel.glow((150, 250), 420), (255, 196, 140), 0.30)
    room *= 0.52 + 0.48 * easel.whole(easel.glow((600, 330), 560))[..., None]
    return room


def lit_lamp(easel: Easel, room: Canvas) -> Canvas:
    """The room with the lamp on: a bounded bright patch with a short halo."""
    lit = room.copy()
    light(lit, easel.glow(LAMP_CENTRE, 44) * easel.polygon(_square(LAMP_REACH - 14), 6), (255, 236, 200), 0.75)
    paint(lit, easel.ellipse(LAMP_CENTRE, (LAMP_RADIUS, LAMP_RADIUS), soft=1.5), (255, 252, 244))
    return lit


def _square(half: float) -> list[tuple[float, float]]:
    x, y = LAMP_CENTRE
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def _window(easel: Easel, room: Canvas) -> None:
    sky = easel.blank((226, 196, 168))
    down = np.linspace(0, 1, easel.height, dtype=np.float32)[:, None, None]
    for share, colour in ((0.25, (236, 204, 176)), (0.5, (244, 196, 150)), (0.64, (206, 160, 126))):
        sky += (np.array(colour[::-1], np.float32) - sky) * np.exp(-(((down - share) / 0.14) ** 2))
    hills = smooth([(40, 400), (110, 356), (190, 380), (260, 340), (330, 372), (330, 470), (40, 470)])
    paint(sky, easel.polygon(hills, 5), (104, 92, 98), 0.8)
    paint(room, easel.polygon([(52, 64), (302, 64), (302, 452), (52, 452)], 5), sky, 0.86)
    for bar in ([(177, 60), (177, 456)], [(48, 250), (306, 250)]):
        paint(room, easel.stroke(bar, 9, 3.5), (66, 56, 50), 0.85)
    outline = [(48, 60), (306, 60), (306, 456), (48, 456), (48, 60)]
    paint(room, easel.stroke(outline, 13, 3.5), (72, 60, 52), 0.9)
    paint(room, easel.polygon([(22, 452), (332, 452), (340, 474), (14, 474)], 3), (84, 70, 60))
    for left, lean in ((-14, 1), (312, -1)):
        folds = smooth([(left, 30), (left + 62, 30), (left + 58 + 8 * lean, 250), (left + 66, 600), (left - 4, 600)])
        paint(room, easel.polygon(folds, 5), (122, 100, 84), 0.92)
        for fold in range(3):
            x = left + 14 + 17 * fold
            shade(room, easel.stroke([(x, 36), (x + 3 * lean, 300), (x + 2, 596)], 5, 4), 0.22)
    _plant(easel, room)


def _plant(easel: Easel, room: Canvas) -> None:
    dice = random.Random(3)  # noqa: S311 - a drawing
    paint(room, easel.polygon([(226, 398), (284, 398), (276, 452), (234, 452)], 2.5), (150, 92, 66))
    for _ in range(13):
        lean, tall = dice.uniform(-66, 58), dice.uniform(60, 130)
        base, tip = (255 + dice.uniform(-12, 12), 400.0), (255 + lean, 400 - tall)
        middle = ((base[0] + tip[0]) / 2 + lean * 0.1, (base[1] + tip[1]) / 2)
        wide = 9 + dice.uniform(0, 6)
        leaf = smooth([base, (middle[0] - wide, middle[1]), tip, (middle[0] + wide, middle[1] + 6)])
        green = dice.choice(((70, 92, 66), (84, 108, 74), (58, 78, 60)))
        paint(room, easel.polygon(leaf, 2.2), green, 0.95)


def _shelf(easel: Easel, room: Canvas) -> None:
    dice = random.Random(11)  # noqa: S311 - a drawing
    wood, dark = (70, 52, 42), (34, 29, 28)
    layer = easel.blank(dark)
    spines = (
        (150, 92, 70),
        (92, 104, 110),
        (168, 140, 96),
        (82, 72, 92),
        (108, 122, 98),
        (132, 70, 62),
        (176, 160, 136),
    )
    for shelf_y in (384, 524, 664):
        x = 972.0
        while x < 1226:
            wide, tall = dice.uniform(13, 27), dice.uniform(74, 112)
            if dice.random() < 0.12:
                x += wide * 1.6
                continue
            book = [(x, shelf_y - tall), (x + wide, shelf_y - tall), (x + wide, shelf_y), (x, shelf_y)]
            paint(layer, easel.polygon(book), dice.choice(spines), 0.8)
            shade(layer, easel.polygon([(x + wide * 0.7, shelf_y - tall), *book[1:3], (x + wide * 0.7, shelf_y)]), 0.3)
            x += wide + 1
        shade(
            layer,
            easel.polygon([(958, shelf_y - 126), (1262, shelf_y - 126), (1262, shelf_y - 88), (958, shelf_y - 88)], 14),
            0.5,
        )
        paint(layer, easel.polygon([(958, shelf_y), (1262, shelf_y), (1262, shelf_y + 12), (958, shelf_y + 12)]), wood)
    for x in (958, 1250):
        paint(layer, easel.polygon([(x, 244), (x + 12, 244), (x + 12, 720), (x, 720)]), wood)
    paint(layer, easel.polygon([(950, 238), (1270, 238), (1270, 252), (950, 252)]), (84, 62, 50))
    outline = [(950, 238), (1270, 238), (1270, 760), (950, 760)]
    shade(room, easel.polygon(outline, 26), 0.4)
    paint(room, easel.polygon(outline, 5), defocus(layer, 5 * easel.scale), 0.94)


def _lamp_body(easel: Easel, room: Canvas) -> None:
    x, y = LAMP_CENTRE
    paint(room, easel.polygon([(x - 10, y + 34), (x + 10, y + 34), (x + 18, 240), (x - 18, 240)], 2), (116, 90, 64))
    globe = easel.ellipse(LAMP_CENTRE, (LAMP_RADIUS, LAMP_RADIUS), soft=1.5)
    paint(room, globe, (122, 112, 100))
    light(room, globe * easel.glow((x - 14, y - 14), 24), (255, 236, 210), 0.28)
    shade(room, globe * easel.polygon(oval((x + 26, y + 22), (46, 46)), 14), 0.25)
