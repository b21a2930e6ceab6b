"""The same scene gets the same verdicts in every size and shape of picture, and the same values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

import cv2
import numpy as np
import pytest
from checks_material import portrait
from faces_material import FOLDER as FACES
from faces_material import PORTRAITS, read

from perfstudio.checks.faces import FaceBox, HaarFinder, to_grey
from perfstudio.checks.light import blur
from perfstudio.checks.limits import house_limits
from perfstudio.checks.live import LiveChecks
from perfstudio.checks.motion import MotionScan, tiny_luma
from perfstudio.checks.picture import GLIMPSE_EVERY_S, PictureScan, judge_picture
from perfstudio.checks.steadiness import edge_shift
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from rigs.shortened import every, shortened

SIZES = [
    (160, 120), (161, 121), (176, 144), (192, 108), (240, 180), (256, 144), (319, 241), (320, 180), (320, 240),
    (352, 288), (400, 225), (426, 240), (427, 241), (480, 270), (480, 360), (512, 384), (563, 317), (640, 360),
    (640, 480), (641, 361), (720, 480), (720, 576), (768, 576), (800, 600), (848, 480), (854, 480), (960, 540),
    (1023, 577), (1024, 576), (1024, 768), (1280, 720), (1281, 721), (1280, 960), (1440, 1080), (1920, 1080),
    (3840, 2160), (720, 1280), (361, 641), (1080, 1920), (720, 720),
]  # fmt: skip
NOISE = 3.0
FPS = 30.0
HERTZ = 2.0
SWAY = 0.02
"""Of the height, either side."""
SHAKEN = 100 * SWAY * 2 * np.pi * HERTZ * 9 / 16
"""Percent of the width of a wide picture per second at the fastest."""


@cache
def room() -> np.ndarray:
    """A person before shelves in 1920 x 1080: BGR, sharp."""
    rng = np.random.default_rng(4)
    wall = np.full((1080, 1920, 3), 120, np.uint8)
    for _ in range(160):
        x, y = rng.integers(0, 1900), rng.integers(0, 1060)
        width, height = rng.integers(16, 110, 2)
        wall[y : y + height, x : x + width] = rng.integers(70, 190)
    scale = 0.36 * 1080 / 118
    person = cv2.resize(portrait(), None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    left, top = round(960 - 205 * scale), round(0.42 * 1080 - 121 * scale)
    part = person[max(0, -top) : 1080 - top]
    wall[max(0, top) : max(0, top) + len(part), left : left + person.shape[1]] = part
    return wall


@lru_cache(maxsize=2)
def room_for(scale: float) -> np.ndarray:
    """Softened as far as pictures of this size need it."""
    return cv2.GaussianBlur(room(), (0, 0), 0.5 / scale) if scale < 1 else room()


@lru_cache(maxsize=2)
def grain(width: int, height: int) -> np.ndarray:
    grey = np.random.default_rng(9).normal(0, NOISE, (height + 64, width + 64, 1)).round().astype(np.int16)
    return np.repeat(grey, 3, axis=2)


class Camera:
    """The room in pictures of one size, with a sensor's noise; moved by shares of the height."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size, self.scale = size, size[1] / 1080
        self.source = room_for(self.scale)
        self.rng = np.random.default_rng(size[0])

    def picture(self, across: float = 0.0, down: float = 0.0) -> np.ndarray:
        width, height = self.size
        left = (width - 1920 * self.scale) / 2 + across * height
        matrix = np.array([[self.scale, 0, left], [0, self.scale, down * height]], np.float32)
        clean = cv2.warpAffine(self.source, matrix, self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        x, y = self.rng.integers(0, 64, 2)
        return cv2.add(clean, grain(width, height)[y : y + height, x : x + width], dtype=cv2.CV_8U)

    def steady(self, count: int) -> Iterator[tuple[float, np.ndarray]]:
        return ((i / FPS, self.picture()) for i in range(count))

    def shaking(self, count: int) -> Iterator[tuple[float, np.ndarray]]:
        """At the fastest: there and back around the middle of the sway, one pair of pictures at a time."""
        step = SWAY * 2 * np.pi * HERTZ / FPS
        for i in range(count):
            side = step / 2 * (-1) ** i
            yield i / FPS, self.picture(side, 0.0)


def judged(pictures: Iterator[tuple[float, np.ndarray]], *, looks: int) -> dict[CheckCode, CheckResult]:
    """Every picture's movement, and `looks` glimpses, as a closed file is looked at."""
    scan = PictureScan(HaarFinder(), glimpse_every_s=0.0)
    for index, (at_s, picture) in enumerate(pictures):
        grey = to_grey(picture)
        scan.frame(tiny_luma(grey), at_s, grey)
        if index < looks:
            scale = min(1.0, 640 / max(picture.shape[:2]))
            small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            scan.glimpse(small, grey, at_s)
    return {r.code: r for r in judge_picture(scan.finish(), house_limits(), nominal_fps=FPS)}


ALIKE = {
    CheckCode.FACE_SIZE: 0.04,
    CheckCode.EYE_LINE: 0.03,
    CheckCode.HEADROOM: 0.04,
    CheckCode.BRIGHTNESS: 6.0,
    CheckCode.COLOUR_CAST: 5.0,
    CheckCode.BURNT: 0.02,
    CheckCode.CRUSHED: 0.02,
    CheckCode.FOCUS: 0.5,  # a small picture holds less detail; its verdict has to be the same
}
"""How far a value may lie from that of the same scene in 1280x720."""


@cache
def wide() -> dict[CheckCode, CheckResult]:
    return judged(Camera((1280, 720)).steady(10), looks=2)


def assert_alike(size: tuple[int, int]) -> None:
    camera = Camera(size)
    still, shaken = judged(camera.steady(10), looks=2), judged(camera.shaking(10), looks=1)
    ours, theirs = (
        {c: r.verdict for c, r in found.items() if c is not CheckCode.ORIENTATION} for found in (still, wide())
    )
    assert ours == theirs
    for code, room in ALIKE.items():
        assert still[code].value == pytest.approx(wide()[code].value, abs=room), code
    assert still[CheckCode.SHAKE].value <= 0.6
    assert shaken[CheckCode.SHAKE].value == pytest.approx(SHAKEN, rel=0.1)
    assert shaken[CheckCode.SHAKE].verdict is Verdict.LOOK


def test_the_scene_itself_is_good_in_everything() -> None:
    assert {c: r.value for c, r in wide().items() if r.verdict is not Verdict.GOOD} == {}
    assert set(ALIKE) <= set(wide())


@pytest.mark.parametrize("size", shortened(SIZES, every(4)), ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_scene_is_judged_alike_in_every_size(size: tuple[int, int]) -> None:
    assert_alike(size)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_size_in_between() -> None:
    for height in range(120, 2161, 24):
        for width in (round(height * 4 / 3) + height % 7, round(height * 16 / 9) - height % 5):
            assert_alike((width, height))


@pytest.mark.parametrize("sides", [(41, 90), (43, 97), (45, 45), (54, 121), (75, 135), (81, 81)])
def test_a_still_picture_with_noise_does_not_move_on_odd_sides(sides: tuple[int, int]) -> None:
    height, width = sides[0] * 2, sides[1] * 4
    camera = Camera((width, height))
    found = [edge_shift(to_grey(camera.picture()), to_grey(camera.picture())) for _ in range(5)]
    known = [100 * FPS * shift for shift in found if shift is not None]
    assert known
    assert np.median(known) <= 0.8


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.08])
def test_a_movement_is_measured_as_it_was(share: float) -> None:
    camera = Camera((640, 360))
    shift = edge_shift(to_grey(camera.picture()), to_grey(camera.picture(share, share)))
    assert shift == pytest.approx(share * np.sqrt(2) * 9 / 16, abs=0.001)


def test_what_moves_at_one_edge_only_is_no_camera() -> None:
    scan = MotionScan()
    for i in range(12):
        picture = to_grey(Camera((640, 360)).picture())
        picture[:, :200] = np.roll(picture[:, :200], 5 * i, axis=0)
        scan.push(tiny_luma(picture), i / FPS, watch_shake=True, whole=picture)
    assert (scan.finish().shake or 0.0) <= 1.0


def face_of(height: int, soft: float, noise: float, number: int) -> tuple[np.ndarray, FaceBox]:
    """A photographed face of this height in pixels, blurred by a share of it, with noise."""
    person = PORTRAITS[number]
    grey = to_grey(read(FACES / f"{person.number:03d}.jpg"))
    scale = height / (person.box.height * grey.shape[0])
    whole = grey.astype(np.float32)
    if soft and scale >= 1:  # blurred where it is small: the same, and a tenth of the work
        whole = cv2.GaussianBlur(whole, (0, 0), soft * height / scale)
    whole = cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    if soft and scale < 1:
        whole = cv2.GaussianBlur(whole, (0, 0), soft * height)
    if noise:
        whole += np.random.default_rng(number).normal(0, noise, whole.shape)
    return np.clip(whole, 0, 255).astype(np.uint8), person.box


@pytest.mark.parametrize("height", shortened([40, 60, 100, 250, 500], every(2)))
@pytest.mark.parametrize("noise", shortened([0.0, 4.0, 10.0], every(2)))
def test_sharp_and_soft_faces_are_told_apart_at_every_size_whatever_the_noise(height: int, noise: float) -> None:
    limit = house_limits()[CheckCode.FOCUS].look.high
    sharp, soft = ([blur(*face_of(height, s, noise, n)) for n in range(0, len(PORTRAITS), 2)] for s in (0.0, 0.05))
    assert max(sharp) < limit < min(soft)


def test_noise_adds_no_sharpness() -> None:
    for number in range(0, len(PORTRAITS), 3):
        clean, noisy = (blur(*face_of(60, 0.04, noise, number)) for noise in (0.0, 8.0))
        assert noisy >= clean - 0.1


@pytest.mark.parametrize("size", shortened([(320, 240), (640, 360), (1280, 720), (1920, 1080), (720, 1280)], every(2)))
def test_the_live_hints_are_the_same_in_every_size(size: tuple[int, int]) -> None:
    camera, live = Camera(size), LiveChecks()
    pictures = [camera.picture() for _ in range(4)]
    for index in range(20):
        picture = pictures[index % len(pictures)]
        scale = 320 / max(size)
        small = cv2.resize(picture, None, fx=min(1.0, scale), fy=min(1.0, scale), interpolation=cv2.INTER_AREA)
        live.frame(small, index * GLIMPSE_EVERY_S, lambda picture=picture: picture)
    reading = live.reading()
    assert reading.hint is None
    assert reading.face_box is not None
    assert reading.face_box[3] == pytest.approx(0.34, abs=0.05)
