"""Reading a recorded practice take back: how far the clicks in its sound are from the flashes in its picture.

Two measurements of the same thing. By the strip: every picture says when it was seen, so the moment of a flash is
found between pictures, to a few microseconds. By the lamp: the time of the first lit picture, as an eye would see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.practice.plan import FLASH_GRID_S, flashes_between
from perfstudio.capture.practice.room import LAMP_CENTRE, LAMP_RADIUS
from perfstudio.capture.practice.stamp_strip import read_strip
from perfstudio.capture.practice.voice import CLICK_DECAY_S, CLICK_HZ

Numbers = NDArray[np.float64]
_WRAP_US = 1 << 32
_PAIR_WINDOW_S = 2.0
_PAIR_SPREAD_S = 0.12
_LIT = 150.0
"""Grey level of the lamp above which it is on (it is about 105 off, 250 on, 190 when half of the exposure saw it)."""


@dataclass(frozen=True, slots=True)
class Readback:
    """What was found. Offsets are sound minus picture: positive, the sound is late."""

    clicks: int
    at_s: tuple[float, ...]
    """Moments in the file (picture time) of the flashes that have their click."""
    offsets_ms: tuple[float, ...]
    """By the strip, one for each of `at_s`."""
    lamp_offsets_ms: tuple[float, ...]
    """By the lamp; coarser where the first lit picture is missing."""
    frames: int
    numbered: int
    """Frames whose strip could be read."""
    repeated: int
    """Frames with the same strip as the one before."""
    missing: int
    """Frames that are not there, by the steps of the strip."""

    @property
    def median_ms(self) -> float:
        """The middle offset by the strip; NaN when nothing was found."""
        return float(np.median(self.offsets_ms)) if self.offsets_ms else float("nan")

    @property
    def lamp_median_ms(self) -> float:
        """The middle offset by the lamp; NaN when nothing was found."""
        return float(np.median(self.lamp_offsets_ms)) if self.lamp_offsets_ms else float("nan")

    @property
    def spread_ms(self) -> float:
        """Largest minus smallest offset."""
        return max(self.offsets_ms) - min(self.offsets_ms) if self.offsets_ms else float("nan")

    @property
    def slope_ppm(self) -> float:
        """Drift of sound against picture; NaN with fewer than three events."""
        if len(self.offsets_ms) < 3:
            return float("nan")
        away = np.subtract(self.at_s, np.mean(self.at_s))
        return float(away @ np.asarray(self.offsets_ms) / (away @ away)) * 1000


def measure_sync(path: Path, audio: Path | None = None, *, seed: int = 1) -> Readback:
    """Measure a media file with the practice picture and sound (or picture and a sound file beside it).

    `seed` is that of the practice script. Raises what PyAV raises for files that cannot be read.
    """
    times, seen_us, lamp = read_picture(path)
    known = np.isfinite(seen_us)
    clicks = find_clicks(*read_sound(audio or path))
    flashes = _flash_moments(times[known], seen_us[known], seed)
    pairs = _pairs(flashes, clicks)
    steps = np.diff(seen_us[known])
    usual = float(np.median(steps)) if len(steps) else 0.0
    return Readback(
        clicks=len(clicks),
        at_s=tuple(at for at, _ in pairs),
        offsets_ms=tuple((click - at) * 1000 for at, click in pairs),
        lamp_offsets_ms=tuple((click - at) * 1000 for at, click in _pairs(_lit_moments(times, lamp), clicks)),
        frames=len(times),
        numbered=int(known.sum()),
        repeated=int((steps == 0).sum()),
        missing=int(np.maximum(0, np.rint(steps / usual) - 1).sum()) if usual > 0 else 0,
    )


def read_picture(path: Path) -> tuple[Numbers, Numbers, Numbers]:
    """Of every frame: its time in the file in s, its strip in microseconds (NaN unread), the lamp's grey level."""
    times, strips, lamps = [], [], []
    with av.open(str(path)) as box:
        stream = box.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in box.decode(stream):
            grey = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
            found = read_strip(grey)
            times.append(float((frame.pts or 0) * stream.time_base) if stream.time_base else 0.0)
            strips.append(float("nan") if found is None else float(found))
            lamps.append(_lamp_level(grey))
    return np.array(times), _unwrapped(np.array(strips)), np.array(lamps)


def read_sound(path: Path) -> tuple[Numbers, int, float]:
    """All samples as mono, the rate, and the time of the first sample in the file."""
    parts, rate, start = [], 48000, None
    with av.open(str(path)) as box:
        stream = box.streams.audio[0]
        mono = av.AudioResampler(format="fltp")
        for frame in box.decode(stream):
            rate = frame.sample_rate
            if start is None and frame.pts is not None and frame.time_base is not None:
                start = float(frame.pts * frame.time_base)
            parts += [part.to_ndarray().mean(axis=0) for part in mono.resample(frame)]
    return np.concatenate(parts or [np.zeros(0)]).astype(np.float64), rate, start or 0.0


def find_clicks(sound: Numbers, rate: int, start_s: float = 0.0) -> Numbers:
    """Times at which clicks set in, to some hundredths of a millisecond: a tone at the click's pitch, then a matched
    filter with the click's own shape."""
    width = rate // 1000
    tone = sound * np.exp(-2j * np.pi * CLICK_HZ / rate * np.arange(len(sound)))
    total: NDArray[np.complex128] = np.concatenate([[0], np.cumsum(tone)])
    level = np.abs(total[width:] - total[:-width])
    if not len(level) or level.max() <= 0:
        return np.zeros(0)
    loud = level > level.max() / 2
    rises = np.flatnonzero(loud & ~np.r_[False, loud[:-1]])
    found: list[float] = []
    for rise in rises:
        at = _matched(sound, rate, int(rise))
        if at is not None and (not found or start_s + at - found[-1] > 0.05):
            found.append(start_s + at)
    return np.array(found)


def _matched(sound: Numbers, rate: int, near: int) -> float | None:
    since = np.arange(round(0.008 * rate)) / rate
    shape = np.exp(-since / CLICK_DECAY_S + 2j * np.pi * CLICK_HZ * since)
    first = max(0, near - round(0.004 * rate))
    part = sound[first : near + round(0.012 * rate)]
    if len(part) < len(shape) + 3:
        return None
    match = np.abs(np.correlate(part, shape, "valid"))
    best = int(match.argmax())
    if best in (0, len(match) - 1):
        return None
    before, here, after = match[best - 1 : best + 2]
    return float(first + best + 0.5 * (before - after) / (before - 2 * here + after)) / rate


def _unwrapped(strips: Numbers) -> Numbers:
    """Microseconds that go on over the strip's 71 minutes."""
    known = np.isfinite(strips)
    jumps = np.diff(strips[known], prepend=strips[known][:1])
    strips[known] += np.cumsum(jumps < -_WRAP_US / 2) * float(_WRAP_US)
    return strips


def _lamp_level(grey: NDArray[np.uint8]) -> float:
    high, wide = grey.shape
    scale = max(high / 720, wide / 1280)
    x = LAMP_CENTRE[0] * scale - (1280 * scale - wide) / 2
    y = LAMP_CENTRE[1] * scale - (720 * scale - high) / 2
    half = max(1.0, LAMP_RADIUS * scale * 0.6)
    spot = grey[max(0, round(y - half)) : round(y + half), max(0, round(x - half)) : round(x + half)]
    return float(spot.mean()) if spot.size else 0.0


def _flash_moments(times: Numbers, seen_us: Numbers, seed: int) -> Numbers:
    """Times in the file at which the scripted flashes lie, between the pictures around them."""
    fresh = np.flatnonzero(np.diff(seen_us, prepend=-1) > 0)
    if len(fresh) < 2:
        return np.zeros(0)
    seen_s, times = seen_us[fresh] / 1e6, times[fresh]
    flashes = np.array(list(flashes_between(seed, float(seen_s[0]) - 1e-4, float(seen_s[-1]))))
    return np.asarray(np.interp(flashes, seen_s, times), np.float64)


def _lit_moments(times: Numbers, lamp: Numbers) -> Numbers:
    lit = lamp > _LIT
    first = np.flatnonzero(lit[1:] & ~lit[:-1]) + 1
    return np.asarray(times[first], np.float64)


def _pairs(flashes: Numbers, clicks: Numbers) -> list[tuple[float, float]]:
    """Flash and click, around the offset on which most of them agree."""
    if not len(flashes) or not len(clicks):
        return []
    gaps = (clicks[None, :] - flashes[:, None]).ravel()
    gaps = np.sort(gaps[np.abs(gaps) <= _PAIR_WINDOW_S])
    if not len(gaps):
        return []
    near = np.searchsorted(gaps, gaps + FLASH_GRID_S / 2) - np.arange(len(gaps))
    first = int(near.argmax())
    middle = float(np.median(gaps[first : first + near[first]]))
    pairs = [(float(at), float(clicks[np.abs(clicks - at - middle).argmin()])) for at in flashes]
    return [(at, click) for at, click in pairs if abs(click - at - middle) <= _PAIR_SPREAD_S]
