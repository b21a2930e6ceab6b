"""Pictures as a webcam sends them: the practice figure with a sensor's grain over it, as JPEG."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.script import PracticeScript


def webcam_pictures(count: int, grain: float, size: tuple[int, int] = (1280, 720)) -> Iterator[bytes]:
    """`count` pictures of 30 a second; `grain` is the noise in 8-bit steps before it is blurred, 2.5 as in a room."""
    figure, chance = PracticePicture(*size, PracticeScript()), np.random.default_rng(1)
    for number in range(count):
        clean = figure.draw(number / 30).astype(np.float32)
        noise = cv2.GaussianBlur(chance.normal(0, grain, clean.shape).astype(np.float32), (0, 0), 0.7)
        noisy = np.clip(clean + 1.6 * noise, 0, 255).astype(np.uint8)
        yield cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
