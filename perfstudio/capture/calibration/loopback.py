"""The constant of headphones and a microphone: clicks that are played in the one, held on the other, and come back.

What comes back lies later than the drivers' own words put it, by the same time for every click: that is the correction.
A pairing of clicks that is wrong cannot fit, for the distances between them never repeat.
"""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Final

import numpy as np

from perfstudio.capture.calibration.film import Numbers
from perfstudio.capture.calibration.pattern import RATE_HZ, clicks, pattern_edges
from perfstudio.capture.calibration.ticks import CLICK_BAND, find_ticks
from perfstudio.capture.files.flac import read_flac
from perfstudio.capture.finishing.finish import finish
from perfstudio.model.loopback import LoopbackFound, LoopbackRefusal, NoLoopback
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.model.two_in_a_scene import RecordedPartner

COUNT: Final = 12
NEEDED: Final = 8
"""Clicks of COUNT that have to come back and agree."""
FARTHEST_S: Final = 0.5
"""How far from the drivers' words a click is looked for: radio headphones report next to nothing."""
ALIKE_S: Final = 0.003
"""Clicks that came back agree within this of their middle."""
REOPENED_S: Final = 0.002
"""What the constant was seen to differ by from one opening of the devices to the next."""


def write_clicks(path: Path) -> float:
    """Write the clip of COUNT clicks as a WAV file; returns its length in seconds. Raises OSError."""
    sound = clicks()[: round((pattern_edges()[COUNT - 1] + 0.8) * RATE_HZ)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return len(sound) / RATE_HZ


def measure_loopback(folder: Path) -> LoopbackFound | LoopbackRefusal:
    """Measure a recording in `folder/raw` that heard the clip of `write_clicks`. Raises CaptureError, MediaError."""
    finished = finish(folder)
    if finished.partner is None or finished.audio is None:
        return LoopbackRefusal(NoLoopback.NOT_PLAYED)
    pieces = [piece for piece in read_flac(folder / FILE_NAMES[FileRole.SOUND]) if len(piece)]
    sound = np.concatenate(pieces).astype(np.float32) / np.float32(2**31)
    strongest = sound[:, int(np.argmax((sound**2).sum(axis=0)))] if sound.ndim > 1 else sound
    return compare(find_ticks(strongest, finished.audio.rate_hz, 0.0, CLICK_BAND), said_times(finished.partner))


def said_times(partner: RecordedPartner) -> Numbers:
    """Where the take says that the clicks were heard, by the drivers' own words."""
    return partner.offset_s + pattern_edges()[:COUNT] * (1 + partner.stretch_ppm * 1e-6)


def compare(heard: Numbers, said: Numbers) -> LoopbackFound | LoopbackRefusal:
    """The one shift at which most clicks that were heard lie where they were said to be. Both in seconds, rising."""
    late = (heard[:, None] - said[None, :]).ravel()
    late = late[np.abs(late) <= FARTHEST_S]
    if not len(heard):
        return LoopbackRefusal(NoLoopback.NOTHING_HEARD, 0, NEEDED)
    if min(len(late), len(heard)) < NEEDED:
        return LoopbackRefusal(NoLoopback.TOO_FEW, len(heard), NEEDED)
    near = np.abs(late[:, None] - late[None, :]) <= ALIKE_S
    best = int(np.argmax(near.sum(axis=1)))
    agreed = late[near[best]]
    if len(agreed) < NEEDED:
        return LoopbackRefusal(NoLoopback.NO_AGREEMENT, len(heard), NEEDED)
    if near[~near[best]].sum(axis=1, where=~near[best]).max(initial=0) >= NEEDED:
        return LoopbackRefusal(NoLoopback.ECHOES, len(heard), NEEDED)
    middle = float(np.median(agreed))
    spread = float(np.percentile(np.abs(agreed - middle), 95))
    return LoopbackFound(
        correction_s=round(middle, 6), bound_s=round(spread + REOPENED_S, 6), count=min(len(agreed), COUNT)
    )
