"""The pattern film: light that comes and goes at irregular times, with a click at the middle of each change.

Any phone or tablet plays it. The light comes as bars that grow, over six pictures of the screen, so that every part of
the screen shows the same share; the distances never repeat, so that a wrong pairing cannot fit.
"""

from __future__ import annotations

import contextlib
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.calibration.film import Numbers
from perfstudio.capture.calibration.flashes import RAMP_S, REFRESH_HZ
from perfstudio.capture.files.encoders import encoder_error
from perfstudio.durable import disk_error, remove, replace_durably
from perfstudio.model.errors import CaptureError

EDGES: Final = 60
LEAD_S: Final = 2.0
RATE_HZ: Final = 48000
_SIZE: Final = (640, 360)
_BARS: Final = 12
_BAR: Final = _SIZE[1] // _BARS
"""Rows of a bar."""


def pattern_edges() -> Numbers:
    """Seconds from the film's start at which the light is half there, on pictures of the screen; it comes first."""
    dice = np.random.default_rng(20)
    return np.asarray(np.round((LEAD_S + np.cumsum(dice.uniform(0.45, 0.95, EDGES))) * REFRESH_HZ) / REFRESH_HZ)


def light_at(at_s: Numbers) -> Numbers:
    """Share of the screen that is lit at each time, 0..1."""
    light = np.zeros(len(at_s))
    for place, edge in enumerate(pattern_edges()):
        light += (1 - 2 * (place % 2)) * np.clip((at_s - edge) / RAMP_S + 0.5, 0, 1)
    return light


def clicks() -> NDArray[np.float32]:
    """The film's sound: the click of `ticks.CLICK_BAND` at every edge."""
    edges = pattern_edges()
    sound = np.zeros(round((edges[-1] + 1.5) * RATE_HZ), np.float32)
    time = np.arange(round(0.02 * RATE_HZ)) / RATE_HZ
    click = (0.7 * np.exp(-time / 0.003) * np.sin(2 * np.pi * 6000 * time)).astype(np.float32)
    for edge in edges:
        first = round(edge * RATE_HZ)
        sound[first : first + len(click)] += click
    return sound


def write_pattern(path: Path) -> float:
    """Write the film (MP4, H.264, AAC), whole or not at all; returns its length in seconds. Raises CaptureError."""
    part = path.with_name(f".{path.name}.part.mp4")
    try:
        length_s = _write(part)
        replace_durably(part, path)
    except OSError as error:
        raise disk_error(error, path.parent, CaptureError, file=path.name) from error
    except av.FFmpegError as error:
        raise encoder_error(error, path.name) from error
    finally:
        with contextlib.suppress(OSError):  # what may not be removed could not be made either, and that is said
            remove(part)
    return length_s


def _write(path: Path) -> float:
    sound = clicks()
    count = int(len(sound) / RATE_HZ * REFRESH_HZ)
    light = light_at(np.asarray((np.arange(count) + 0.5) / REFRESH_HZ, np.float64))
    with av.open(str(path), "w", format="mp4") as box:
        picture = box.add_stream("libx264", rate=round(REFRESH_HZ))
        picture.width, picture.height = _SIZE
        picture.pix_fmt = "yuv420p"
        picture.options = {"crf": "20", "preset": "ultrafast", "bf": "0"}
        voice = box.add_stream("aac", rate=RATE_HZ)
        voice.layout = "mono"
        step = RATE_HZ // round(REFRESH_HZ)
        for place in range(count):
            frame = _bars(round(light[place] * _BAR))
            frame.pts, frame.time_base = place, Fraction(1, round(REFRESH_HZ))
            box.mux(picture.encode(frame))
            part = av.AudioFrame.from_ndarray(sound[None, place * step : (place + 1) * step], "fltp", "mono")
            part.sample_rate, part.pts, part.time_base = RATE_HZ, place * step, Fraction(1, RATE_HZ)
            box.mux(voice.encode(part))
        box.mux(picture.encode(None))
        box.mux(voice.encode(None))
    return count / REFRESH_HZ


@cache
def _bars(lit: int) -> av.VideoFrame:
    """A picture with so many white rows in every bar."""
    wide, high = _SIZE
    rows = np.where(np.tile(np.arange(_BAR) < lit, _BARS), 235, 16).astype(np.uint8)
    colourless = np.full((high // 2, wide), 128, np.uint8)
    return av.VideoFrame.from_ndarray(np.vstack([np.repeat(rows[:, None], wide, axis=1), colourless]), "yuv420p")
