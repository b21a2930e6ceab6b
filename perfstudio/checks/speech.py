"""Voice and room: active speech level by ITU-T P.56, noise floor, signal-to-noise, pauses.

All of it is computed from the one-per-millisecond envelope of `levels.LevelScan`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.levels import FLOOR_DBFS, NOTHING_DBFS, Levels, power_db, runs
from perfstudio.model.take_2 import MOST_SPANS, VoiceActivity, VoiceMethod
from perfstudio.model.timing import Span

_TIME_CONSTANT_S = 0.03
_HANGOVER_S = 0.2
_MARGIN_DB = 15.9
"""P.56: time constant of the envelope, hangover, and margin between level and threshold."""
_BLOCK = 256
"""So many values are smoothed at a time."""
_FRAME_S = 0.05
_JOINED, _SHORTEST = 6, 2
"""Frames: pauses up to so many are part of a stretch of voice, shorter stretches are none."""
_QUIET_SHARE = 0.1
_OVER_ROOM_DB = 8.0
_NEAR_ROOM_DB = 6.0
_ROOM_ALONE_S = 0.3
"""What stays this near to the quietest tenth for so long is the room; what does not is the quiet end of words."""
_SHORTEST_LISTENED_S = 1.5
"""In less sound than this nobody can tell a held vowel from a room: of pieces of 0.4 s of the practice voice that held
evenly enough, one in ten measured 40 dB over its room; of pieces of 1.5 s none more than 1 dB."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Levels in dBFS (mean square), speech-to-room ratio in dB, and where the voice is."""

    noise_dbfs: float
    speech_dbfs: float | None
    """Active speech level with the room's power taken off; None when nothing stands over the room."""
    activity: float
    """Share of the time that P.56 counts as active."""
    loudest_dbfs: float
    """Mean square of the loudest 0.4 s."""
    voiced: tuple[Span, ...]
    """Stretches that stand over the room, bridged over short gaps."""
    active: NDArray[np.bool_]
    """The same per frame of 50 ms."""
    frame_db: NDArray[np.float32]
    """Level per frame of 50 ms."""

    @property
    def room_heard(self) -> bool:
        """Whether the room is heard by itself somewhere, so that `noise_dbfs` is its level and not that of dips.

        Speech without a pause has dips up to 35 dB over its room. Of three-second pieces of a reading, half measure
        more than 8 dB over the floor of the whole; of those that pass here, 8 %. Exact zeros are no room.
        """
        sounding = self.frame_db > NOTHING_DBFS
        if np.count_nonzero(sounding) * _FRAME_S < _SHORTEST_LISTENED_S - _FRAME_S / 2:
            return False
        near = (self.frame_db < self.noise_dbfs + _NEAR_ROOM_DB) & sounding
        return any((b - a) * _FRAME_S >= _ROOM_ALONE_S - _FRAME_S / 2 for a, b in runs(near))

    @property
    def snr_db(self) -> float | None:
        """Active speech level over the noise floor."""
        return None if self.speech_dbfs is None else self.speech_dbfs - self.noise_dbfs

    @property
    def voiced_s(self) -> float:
        """Seconds of voice."""
        return sum(s.end_s - s.start_s for s in self.voiced)


def measure_voice(levels: Levels) -> Voice:
    """Voice and room of the loudest channel."""
    channel = levels.loudest()
    power = levels.power[channel].astype(np.float64)
    frames = frame_power(power, levels.hop_s, _FRAME_S)
    noise = noise_power(frames)
    speech, activity = active_level(levels.rectified[channel], power, levels.hop_s, noise)
    frame_db = 10 * np.log10(np.maximum(frames, 1e-12))
    active = _bridge(frame_db > power_db(noise) + _OVER_ROOM_DB)
    spans = tuple(Span(start_s=a * _FRAME_S, end_s=b * _FRAME_S) for a, b in runs(active))
    return Voice(
        noise_dbfs=power_db(noise),
        speech_dbfs=speech,
        activity=activity,
        loudest_dbfs=loudest(power, levels.hop_s),
        voiced=spans,
        active=active,
        frame_db=frame_db.astype(np.float32),
    )


def voice_activity(voice: Voice) -> VoiceActivity:
    """Where the voice is, with how it was found, in the times of the sound that was measured."""
    spans, joined_s = voice.voiced, _JOINED * _FRAME_S
    while len(spans) > MOST_SPANS:
        joined_s *= 2
        spans = _joined(spans, joined_s)
    method = VoiceMethod(
        name="energy-over-room",
        version=1,
        frame_s=_FRAME_S,
        over_room_db=_OVER_ROOM_DB,
        joined_s=round(joined_s, 3),
        shortest_s=_SHORTEST * _FRAME_S,
    )
    told = tuple(Span(start_s=round(s.start_s, 3), end_s=round(s.end_s, 3)) for s in spans)
    return VoiceActivity(method=method, room_dbfs=round(voice.noise_dbfs, 2), spans=told)


def _joined(spans: tuple[Span, ...], gap_s: float) -> tuple[Span, ...]:
    """The spans with the pauses between them filled where they are short."""
    out: list[Span] = []
    for span in spans:
        if out and span.start_s - out[-1].end_s <= gap_s:
            out[-1] = Span(start_s=out[-1].start_s, end_s=span.end_s)
        else:
            out.append(span)
    return tuple(out)


def frame_power(power: NDArray[np.float64], hop_s: float, frame_s: float) -> NDArray[np.float64]:
    """Mean square per frame of `frame_s`, from mean square per hop."""
    step = max(1, round(frame_s / hop_s))
    count = len(power) // step
    return cast("NDArray[np.float64]", power[: count * step].reshape(count, step).mean(axis=1))


def loudest(power: NDArray[np.float64], hop_s: float, window_s: float = 0.4) -> float:
    """Level of the loudest window, dBFS."""
    step = round(window_s / hop_s)
    if not len(power):
        return FLOOR_DBFS
    total: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(power)])
    step = min(step, len(power))
    return power_db(float((total[step:] - total[:-step]).max()) / step)


def noise_power(frames: NDArray[np.float64]) -> float:
    """Mean square of the room: the average of the quietest tenth of the frames.

    Frames of exact zeros are no room (they are holes) unless there is nothing else. For steady noise this reads 0.2 dB
    (white) to 0.9 dB (pink) under its true level, measured from 5 to 40 dB under speech.
    """
    sounding = frames[frames > 0]
    if not len(sounding):
        return 0.0
    count = max(2, int(len(sounding) * _QUIET_SHARE))
    return float(np.sort(sounding)[:count].mean())


def active_level(
    rectified: NDArray[np.float32], power: NDArray[np.float64], hop_s: float, noise: float = 0.0
) -> tuple[float | None, float]:
    """(active speech level in dBFS, activity factor) by ITU-T P.56 method B.

    With `noise` (mean square of the room) the room's power is taken off the envelope and off the total first, so that
    the level is that of the voice alone. None when no activity is found.
    """
    clean = np.maximum(power - noise, 0.0) if noise > 0 else power
    if noise > 0:
        envelope = np.sqrt(np.maximum(_smooth(_smooth(power, hop_s), hop_s) - noise, 0.0))
    else:
        envelope = _smooth(_smooth(rectified.astype(np.float64), hop_s), hop_s)
    total = float(power.sum() - noise * len(power)) if noise > 0 else float(clean.sum())
    if total <= 0 or envelope.max(initial=0.0) <= 0:
        return None, 0.0
    thresholds = 2.0 ** -np.arange(15.0, -1.0, -1.0)
    hang = round(_HANGOVER_S / hop_s)
    counts = np.array([_active_count(envelope >= c, hang) for c in thresholds])
    return _cross(total, counts, thresholds, len(power))


def _cross(
    total: float, counts: NDArray[np.int64], thresholds: NDArray[np.float64], length: int
) -> tuple[float | None, float]:
    # P.56: the threshold lies 15.9 dB under the level of what it lets through; interpolate where the curves cross.
    before: tuple[float, float] | None = None
    for count, threshold in zip(counts, thresholds, strict=True):
        if count == 0:
            break
        level = 10 * float(np.log10(total / count))
        excess = level - 20 * float(np.log10(threshold)) - _MARGIN_DB
        if excess <= 0:
            if before is None:
                return level, count / length
            share = before[1] / (before[1] - excess)
            level = before[0] + share * (level - before[0])
            break
        before = (level, excess)
    else:
        return (before[0], float(counts[-1]) / length) if before else (None, 0.0)
    if before is None:
        return None, 0.0
    answer = level if count else before[0]
    return answer, min(1.0, total / length / 10 ** (answer / 10))


def _active_count(above: NDArray[np.bool_], hang: int) -> int:
    # Every sounding stretch, and of the pause behind it at most the hangover.
    edges = np.flatnonzero(above[1:] != above[:-1]) + 1
    if not above[0]:
        edges = edges[1:]
    pauses = np.diff(edges, append=len(above))[::2] if len(edges) else edges
    return int(np.count_nonzero(above)) + int(np.minimum(pauses, hang).sum())


def _smooth(series: NDArray[np.float64], hop_s: float) -> NDArray[np.float64]:
    """One-pole low-pass with P.56's 30 ms, exact, in blocks: y[n] = g y[n-1] + (1 - g) x[n]."""
    power, kernel = _one_pole(float(np.exp(-hop_s / _TIME_CONSTANT_S)))
    padded = np.zeros(-(-len(series) // _BLOCK) * _BLOCK)
    padded[: len(series)] = series
    out = padded.reshape(-1, _BLOCK) @ kernel.T
    carry = 0.0
    for block in range(len(out)):
        out[block] += carry * power
        carry = out[block, -1]
    return out.reshape(-1)[: len(series)]


@lru_cache(maxsize=4)
def _one_pole(g: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(what the value before a block leaves in each of its samples, what each sample leaves in those after it)."""
    index = np.arange(_BLOCK, dtype=np.float64)
    kernel: NDArray[np.float64] = np.tril(g ** np.maximum(index[:, None] - index[None, :], 0)) * (1 - g)
    return np.asarray(g ** (index + 1), np.float64), kernel


def _bridge(active: NDArray[np.bool_], gap: int = _JOINED, least: int = _SHORTEST) -> NDArray[np.bool_]:
    """Fills gaps up to 0.3 s, then drops stretches shorter than 0.1 s."""
    joined = active.copy()
    for a, b in runs(~active):
        if b - a <= gap and a > 0 and b < len(active):
            joined[a:b] = True
    for a, b in runs(joined):
        if b - a < least:
            joined[a:b] = False
    return joined
