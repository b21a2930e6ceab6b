"""The room and what the computer does to it: decay time from the ends of words, and a gain that climbs in pauses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.levels import Levels, power_db, runs
from perfstudio.checks.speech import Voice, frame_power

_STEP_S = 0.01
_LEAST_DROP_DB = 6.0
_LEAST_DECAYS = 2
_FALLS = 8
_SHALLOW = 0.6
_SHALLOW_DB_S = 11.0
_UNDER_SPEECH_DB = 18.0
_PAUSE_S = 0.8
_SETTLE_S = 0.2
_THIRDS_SHOW = 1.5
"""A steady climb shows two thirds of itself between the middles of the first and the last third."""


def decay_time_s(levels: Levels, voice: Voice) -> float | None:
    """Decay time of the room (as if for 60 dB) from the deepest falls at the ends of words; None when too few fall.

    A word may end slowly by itself, but never faster than the room lets it; the eight deepest falls are averaged by the
    square of their depth. Measured: 0.3 and 0.5 s within 20 %, 0.9 s as 0.7 to 0.9 s. In a hall words leave no time to
    fall far; that itself is the sign then (a deepest fall of d dB where the room would allow more: at least 11 / d s).
    """
    if not levels.power.size:
        return None
    power = levels.power[levels.loudest()].astype(np.float64)
    series = 10 * np.log10(np.maximum(frame_power(power, levels.hop_s, _STEP_S), 1e-12))
    if not len(series):
        return None
    smooth = np.convolve(series, np.full(3, 1 / 3), "same")
    floor = power_db(10 ** (voice.noise_dbfs / 10)) + 6.0
    falls = []
    for start, end in _deep(smooth, runs(np.diff(smooth) < 0.3)):
        part = smooth[start : end + 1]
        part = part[: int(np.argmax(part < floor))] if (part < floor).any() else part
        if len(part) >= 4 and part[0] - part[-1] >= _LEAST_DROP_DB:
            falls.append(part)
    if len(falls) < _LEAST_DECAYS or voice.speech_dbfs is None:
        return None
    falls.sort(key=lambda part: part[-1] - part[0])
    deepest = np.array([(part[0] - part[-1], _fall_s(part)) for part in falls[:_FALLS]])
    time = float(np.average(deepest[:, 1], weights=deepest[:, 0] ** 2))
    possible = voice.speech_dbfs + 5.0 - floor
    return max(time, _SHALLOW_DB_S / deepest[0, 0]) if deepest[0, 0] < _SHALLOW * possible else time


def _deep(smooth: NDArray[np.float64], found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches that are long enough and fall far enough to be looked at."""
    if not found:
        return []
    edges = np.array(found) + np.array([0, 1])
    lowest = np.minimum.reduceat(smooth, edges.ravel()[:-1])[::2]
    kept = (edges[:, 1] - edges[:, 0] >= 4) & (smooth[edges[:, 0]] - lowest >= _LEAST_DROP_DB)
    return [found[index] for index in np.flatnonzero(kept)]


def _fall_s(part: NDArray[np.float64]) -> float:
    # Leave out the first 5 dB (the word itself still sounds); a straight line through the rest.
    begin = int(np.argmax(part <= part[0] - 5.0))
    tail = part[begin:]
    if len(tail) < 3:
        tail = part
    times = (np.arange(len(tail)) - (len(tail) - 1) / 2) * _STEP_S
    slope = float(times @ tail / (times @ times))
    return float(-60.0 / slope) if slope < 0 else 9.9


def gain_climb_db(voice: Voice, frame_s: float) -> float | None:
    """How far the room's level climbs through the longer pauses (median); None without pauses.

    An automatic gain turns itself up when nobody speaks; a room does not. A breath at the end of a pause is no climb:
    the level has to have risen half-way by the middle.
    """
    if voice.speech_dbfs is None:
        return None
    # A gain that has climbed far lifts the room over the threshold of voice: what lies far under speech is a pause too.
    quiet = (voice.frame_db < voice.speech_dbfs - _UNDER_SPEECH_DB) | ~voice.active
    settle = round(_SETTLE_S / frame_s)
    pauses = [(a + settle if a > 0 else a, b) for a, b in runs(quiet)]
    long = sorted((b - a, a, b) for a, b in pauses if (b - a) * frame_s >= _PAUSE_S - _SETTLE_S)
    climbs = []
    for _, start, end in long[len(long) // 2 :]:
        first, middle, last = (float(np.median(p)) for p in np.array_split(voice.frame_db[start:end], 3))
        climbs.append(_THIRDS_SHOW * min(last - first, 2 * (middle - first)))
    return float(np.median(climbs)) if climbs else None
