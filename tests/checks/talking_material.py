"""Photographs that talk: the mouth of a portrait opens and closes with a voice, by warping its pixels.

The jaw below the lips moves down, the gap shows the dark of the mouth, lips stretch; the head sways and nods, light and
grain are those of a webcam. How far a mouth opens follows the voice only roughly, as in life: every sound has its own
share, and lips are slower than sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from faces_material import FOLDER, read, widened

from perfstudio.capture.practice.voice import speech_loop

RATE = 48000
STEPS = 24
"""Between a closed mouth and an open one."""
_REACH = 200
"""How far the grain of a picture moves at most, in pixels."""


@dataclass(frozen=True)
class Mouth:
    """Corners of closed lips in shares of the square photograph, as somebody saw them."""

    number: int
    left: tuple[float, float]
    right: tuple[float, float]


def voice(seed: int, seconds: float) -> np.ndarray:
    """Speech-like sound, its beginning by the seed."""
    loop = speech_loop(seed % 3)
    start = (seed * 7 * RATE) % (len(loop) // 2)
    return np.resize(loop[start:], round(seconds * RATE)).astype(np.float32)


def opening(sound: np.ndarray, times_s: np.ndarray, seed: int) -> np.ndarray:
    """How far the mouth is open at each time, 0..1: loudness, smoothed as lips are slow, and each sound differs."""
    rng = np.random.default_rng([seed, 41])
    hop = RATE // 100
    frames = sound[: len(sound) // hop * hop].reshape(-1, hop)
    loud = np.clip((10 * np.log10((frames**2).mean(axis=1) + 1e-9) + 50) / 40, 0, 1)
    sounds = np.arange(0, len(loud) + 12, 12)
    own = np.interp(np.arange(len(loud)), sounds, rng.uniform(0.25, 1.0, len(sounds)))
    kernel = np.hanning(13)
    smooth = np.convolve(loud * own, kernel / kernel.sum(), "same")
    return np.interp(times_s, (np.arange(len(smooth)) + 0.5) / 100, smooth)


def talk(mouth: Mouth, openings: np.ndarray, height: int, fps: float, seed: int = 0):
    """(time, wide picture) of a portrait whose mouth is open by `openings`, frame by frame."""
    rng = np.random.default_rng([seed, 43])
    width = round(height * 16 / 9 / 2) * 2
    grain = rng.normal(0, 2.5, (height, width, 1)).round().astype(np.int16)
    grain = np.repeat(np.pad(grain, ((_REACH, 0), (_REACH, 0), (0, 0)), mode="wrap"), 3, axis=2)
    for index, share in enumerate(openings):
        at_s = index / fps
        said = opened(mouth, round(float(share) * STEPS))
        turn = cv2.getRotationMatrix2D((180, 260), 1.5 * np.sin(0.9 * at_s + seed), 1 + 0.012 * np.sin(0.5 * at_s))
        turn[:, 2] += (3.5 * np.sin(0.7 * at_s + seed), 2.0 * np.sin(1.3 * at_s))
        swayed = cv2.warpAffine(said, turn, said.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        down, across = rng.integers(0, _REACH, 2)
        moved = grain[_REACH - down :, _REACH - across :][:height, :width]
        yield at_s, cv2.add(widened(swayed, height), moved, dtype=cv2.CV_8U)


@cache
def opened(mouth: Mouth, step: int) -> np.ndarray:
    """The photograph with its mouth open: at the last step, by two fifths of the mouth's width."""
    square = read(FOLDER / f"{mouth.number:03d}.jpg")
    size, share = len(square), step / STEPS
    (x0, y0), (x1, y1) = (np.array(p) * size for p in (mouth.left, mouth.right))
    width = float(np.hypot(x1 - x0, y1 - y0))
    gap = 0.4 * width * share
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    across = (columns - (x0 + x1) / 2) / width
    line = y0 + (y1 - y0) * (across + 0.5)
    lens = np.sqrt(np.clip(1 - (across / 0.5) ** 2, 0, 1)) * gap
    jaw = np.clip(1 - (np.abs(across) - 0.5) / 0.5, 0, 1) * gap
    below = rows - line
    # Under the lips the jaw has moved down; further down the neck stays where it is.
    fall = np.clip(1 - (below - gap) / (1.6 * width), 0, 1)
    source = np.where(below > 0, rows - np.maximum(jaw, lens) * fall, rows).astype(np.float32)
    warped = cv2.remap(square, columns, np.maximum(source, np.minimum(rows, line).astype(np.float32)), cv2.INTER_LINEAR)
    inside = np.clip(np.minimum(below, lens - below) / 1.5 + 0.5, 0, 1) * (lens > 0.8)
    dark = np.array([25, 22, 45], np.float32)
    return (warped * (1 - inside[:, :, None]) + dark * inside[:, :, None]).astype(np.uint8)
