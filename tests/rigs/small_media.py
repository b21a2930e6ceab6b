"""Small real films, sounds and pictures, made by the encoders that the program uses."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np


def film(path: Path, pictures: int = 60, *, size: tuple[int, int] = (64, 48), key_every: int = 10) -> Path:
    """An MP4 of H.264 at 30 a second, in which every picture differs."""
    rng = np.random.default_rng(1)
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.options = {"preset": "ultrafast", "x264-params": f"keyint={key_every}:scenecut=0"}
        for number in range(pictures):
            noise = rng.integers(0, 255, (size[1] // 8, size[0] // 8, 3), np.uint8)
            picture = np.kron(noise, np.ones((8, 8, 1), np.uint8))
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def flac(path: Path, seconds: float = 2.0, *, rate_hz: int = 48_000, silent: bool = False) -> Path:
    """One channel of noise, or of nothing."""
    rng = np.random.default_rng(2)
    with av.open(str(path), "w", format="flac") as out:
        stream = out.add_stream("flac", rate=rate_hz, layout="mono", format="s16")
        left = round(seconds * rate_hz)
        while left > 0:
            count = min(left, 4096)
            block = np.zeros((1, count), np.int16) if silent else rng.integers(-9000, 9000, (1, count), np.int16)
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
            frame.rate = rate_hz
            out.mux(stream.encode(frame))
            left -= count
        out.mux(stream.encode(None))
    return path


def picture(ending: str, *, size: tuple[int, int] = (64, 48)) -> bytes:
    """A JPEG, PNG or WebP of noise."""
    noise = np.random.default_rng(3).integers(0, 255, (size[1], size[0], 3), np.uint8)
    made, data = cv2.imencode(f".{ending}", noise)
    assert made
    return bytes(data)
