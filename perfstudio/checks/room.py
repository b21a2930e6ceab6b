"""The room and what the computer does to it: decay time from the ends of words, and a gain that climbs in pauses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.levels import Levels, power_db, runs
from perfstudio.checks.speech import Voice, frame_power

_STEP_S = 0.01
_LEAST_DROP_DB = 8.0
_LEAST_DECAYS = 3
_FALLS = 8
_UNDER_SPEECH_DB = 18.0
_PAUSE_S = 0.8
_SETTLE_S = 0.2
_EDGE_S = 0.25


def decay_time_s(levels: Levels, voice: Voice) -> float | None:
    """Decay time of the room (as if for 60 dB) from the deepest falls at the ends of words; None when too few fall.

    A word may end slowly by itself, but never faster than the room lets it; the eight deepest falls are averaged by the
    square of their depth. 0.3 to 0.9 s are read within a quarter; longer times are read too short (words rarely leave
    the room the time to fall far): 1.5 s reads as about 0.9 s.
    """
    if not levels.power.size:
        return None
    power = levels.power[levels.loudest()].astype(np.float64)
    series = 10 * np.log10(np.maximum(frame_power(power, levels.hop_s, _STEP_S), 1e-12))
    smooth = np.convolve(series, np.full(3, 1 / 3), "same")
    floor = power_db(10 ** (voice.noise_dbfs / 10)) + 6.0
    falls = []
    for start, end in runs(np.diff(smooth) < 0.3):
        part = smooth[start : end + 1]
        part = part[: int(np.argmax(part < floor))] if (part < floor).any() else part
        if len(part) >= 4 and part[0] - part[-1] >= _LEAST_DROP_DB:
            falls.append((float(part[0] - part[-1]), _fall_s(part)))
    if len(falls) < _LEAST_DECAYS:
        return None
    deepest = np.array(sorted(falls, reverse=True)[:_FALLS])
    return float(np.average(deepest[:, 1], weights=deepest[:, 0] ** 2))


def _fall_s(part: NDArray[np.float64]) -> float:
    # Leave out the first 5 dB (the word itself still sounds); a straight line through the rest.
    begin = int(np.argmax(part <= part[0] - 5.0))
    tail = part[begin:]
    if len(tail) < 3:
        tail = part
    slope = np.polyfit(np.arange(len(tail)) * _STEP_S, tail, 1)[0]
    return float(-60.0 / slope) if slope < 0 else 9.9


def gain_climb_db(voice: Voice, frame_s: float) -> float | None:
    """How far the room's level climbs from the beginning to the end of a pause (median); None without pauses.

    An automatic gain turns itself up when nobody speaks; a room does not.
    """
    if voice.speech_dbfs is None:
        return None
    # A gain that has climbed far lifts the room over the threshold of voice: what lies far under speech is a pause too.
    quiet = (voice.frame_db < voice.speech_dbfs - _UNDER_SPEECH_DB) | ~voice.active
    settle, edge = round(_SETTLE_S / frame_s), round(_EDGE_S / frame_s)
    climbs = []
    for start, end in runs(quiet):
        begin = start + settle if start > 0 else start
        if (end - begin) * frame_s >= _PAUSE_S - _SETTLE_S:
            first, last = voice.frame_db[begin : begin + edge], voice.frame_db[end - edge : end]
            climbs.append(float(np.median(last) - np.median(first)))
    return float(np.median(climbs)) if climbs else None
