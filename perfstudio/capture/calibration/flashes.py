"""Light against clicks: pattern films, flashing lamps, the practice room.

Every click begins when a light comes (or, in the pattern, also when it goes). A camera adds up light during its
exposure, so the pictures around such a moment show a share of it; the moment is where half of the light is there, in
the middle of the exposure. Where coming and going both click, a bend in the brightness scale of screen or camera
cancels out, because it makes the one early and the other late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.calibration.consensus import Consensus, agree
from perfstudio.capture.calibration.film import Film, Numbers
from perfstudio.capture.calibration.pairing import common_lag, nearest
from perfstudio.capture.calibration.ticks import CLICK_BAND, find_ticks
from perfstudio.model.calibration import Measurement, Method, Outcome, Refusal, Unsure

NEEDED: Final = 6
SURE_MS: Final = 4.0
"""A pattern that leaves more doubt than this is refused."""
REFRESH_HZ: Final = 60.0
RAMP_S: Final = 0.1
"""The pattern's light comes and goes over six pictures of the screen."""
_GAMMA: Final = 2.2
_CELL: Final = 5
_BEFORE_S, _AFTER_S = 0.11, 0.065
_LAGS_S: Final = np.arange(-0.03, 0.0301, 0.0005)
_WIDTHS_S: Final = np.array(
    [0.001, 0.004, 0.008, 0.012, 0.017, 0.022, 0.028, 0.034, 0.042, 0.06, 0.08, 0.1, 0.12, 0.14]
)
_SHARE: Final = 0.35
"""So many of the sharp sounds must be clicks of flashes; by chance one in thirty is."""
_PAIR_S: Final = 0.04


@dataclass(frozen=True)
class _Edges:
    """Moments at which light comes (+1) or goes (-1)."""

    at_s: Numbers
    sign: NDArray[np.int64]


def by_flashes(film: Film, *, source_ms: float = 0.0, source_sure_ms: float | None = None) -> Outcome:
    """The offset by flashes and clicks. `source_ms` is the player's own lag of sound, where somebody measured it."""
    ticks = find_ticks(film.sound, film.rate_hz, film.sound_s, CLICK_BAND)
    light = _light(film)
    edges = _edges(film.times_s, light)
    if len(ticks) < NEEDED or len(edges.at_s) < NEEDED:
        why = Unsure.NOTHING_HEARD if len(ticks) < NEEDED else Unsure.NOTHING_SEEN
        return Refusal(why, heard=len(ticks), needed=NEEDED)
    matched = _match(edges, ticks)
    if matched is None:
        return Refusal(Unsure.NO_AGREEMENT, heard=len(ticks), needed=NEEDED)
    heard, signs, lag_s = matched
    if len(heard) < NEEDED or len(heard) < _SHARE * len(ticks):
        return Refusal(Unsure.TOO_FEW, heard=len(ticks), paired=len(heard), needed=NEEDED)
    fit, screen_s = _fit(film.times_s, light, heard, signs, lag_s)
    if fit is None or fit.kept.sum() < NEEDED:
        paired = 0 if fit is None else int(fit.kept.sum())
        return Refusal(Unsure.TOO_FEW, heard=len(ticks), paired=paired, needed=NEEDED)
    count, sure_ms = int(fit.kept.sum()), float(np.hypot(fit.sure_s, screen_s)) * 1000
    if sure_ms > SURE_MS:
        return Refusal(Unsure.TOO_WIDE, heard=len(ticks), paired=count, sure_ms=round(sure_ms, 2), needed_ms=SURE_MS)
    return Measurement(
        offset_ms=round((lag_s + fit.at_s) * 1000 - source_ms, 3),
        sure_ms=round(sure_ms, 3),
        spread_ms=round(fit.spread_s * 1000, 3),
        count=count,
        method=Method.PATTERN,
        source_ms=source_ms,
        source_sure_ms=source_sure_ms,
    )


def _light(film: Film) -> Numbers:
    """One value a picture: the light of the part of the picture that comes and goes, in linear light, 0..1."""
    high, wide = (edge // _CELL for edge in film.grey.shape[1:])
    table = (np.arange(256, dtype=np.float32) / 255) ** _GAMMA
    cut = film.grey[:, : high * _CELL, : wide * _CELL]
    cells = np.empty((len(cut), high, wide))
    for place, grey in enumerate(cut):
        cells[place] = cv2.resize(cv2.LUT(grey, table), (wide, high), interpolation=cv2.INTER_AREA)
    cells = cells.reshape(len(cut), -1)
    steps = np.diff(cells, axis=0)
    # What flashes takes big steps seldom: the fourth power leaves out what moves a little all the time.
    weight = (steps**4).mean(axis=0) ** 0.25
    weight = np.where(weight >= 0.35 * weight.max(), weight, 0.0)
    return np.asarray(cells @ weight / max(1e-9, float(weight.sum())), np.float64)


def _edges(times: Numbers, light: Numbers) -> _Edges:
    """Where the light crosses the middle between its levels on both sides, by large steps within two pictures."""
    if len(light) < 8:
        return _Edges(np.zeros(0), np.zeros(0, np.int64))
    low, high = (float(v) for v in np.percentile(light, (5, 99.0)))
    high = max(high, float(np.sort(light)[-5:].mean()))
    if high - low < 0.01 or high - low < 8 * _flicker(light):
        return _Edges(np.zeros(0), np.zeros(0, np.int64))
    lit = light > (low + high) / 2
    turns = np.flatnonzero(lit[1:] != lit[:-1])
    share = ((low + high) / 2 - light[turns]) / (light[turns + 1] - light[turns])
    at = times[turns] + share * (times[turns + 1] - times[turns])
    return _Edges(at, np.where(lit[turns + 1], 1, -1))


def _flicker(light: Numbers) -> float:
    """The usual step from picture to picture."""
    return float(np.median(np.abs(np.diff(light))))


def _match(edges: _Edges, ticks: Numbers) -> tuple[Numbers, NDArray[np.int64], float] | None:
    """Clicks that have an edge, the edges' signs, and the common lag. Goings count only where they click as well."""
    come = edges.at_s[edges.sign > 0]
    lag = common_lag(edges.at_s, ticks)
    lag_come = common_lag(come, ticks)
    if lag is None or lag_come is None:
        return None
    place, far = nearest(edges.at_s, ticks - lag)
    paired = far <= _PAIR_S
    signs = edges.sign[place]
    both = paired.sum() and min((signs[paired] > 0).mean(), (signs[paired] < 0).mean()) >= 0.3
    if both and abs(lag - lag_come) < _PAIR_S:
        return ticks[paired], signs[paired], lag
    place, far = nearest(come, ticks - lag_come)
    paired = far <= _PAIR_S
    return ticks[paired], np.ones(int(paired.sum()), np.int64), lag_come


def _fit(
    times: Numbers, light: Numbers, ticks: Numbers, signs: NDArray[np.int64], lag_s: float
) -> tuple[Consensus | None, float]:
    """What the edges agree on, and the doubt that the screen's own pictures leave, in seconds."""
    misfits, frames = [], []
    for tick, sign in zip(ticks, signs, strict=True):
        seen = _share(times - (tick - lag_s), light, int(sign))
        if seen is None:
            continue
        x, y = seen
        through = (x[:, None, None] + _LAGS_S[None, :, None]) / _WIDTHS_S + 0.5
        misfits.append(((np.clip(through, 0, 1) - y[:, None, None]) ** 2).sum(axis=0))
        frames.append(len(x))
    if len(misfits) < 3:
        return None, 0.0
    misfit = np.array(misfits)
    width_s = float(_WIDTHS_S[misfit.sum(axis=0).min(axis=0).argmin()])
    return agree(misfit, np.array(frames), _LAGS_S), _screen_doubt(times, ticks, width_s)


def _screen_doubt(times: Numbers, ticks: Numbers, width_s: float) -> float:
    """A screen changes 60 times a second. A camera in step with it, with a short exposure, always sees the same part
    of each change, and half a change of doubt is left. Lamps and drawn flashes are quicker than the pattern's ramp.
    """
    if width_s < 0.8 * RAMP_S:
        return 0.0
    place, _ = nearest(times, ticks)
    in_step = float(np.abs(np.exp(2j * np.pi * REFRESH_HZ * (times[place] - ticks)).mean()))
    exposure_s = max(0.0, width_s - RAMP_S)
    return in_step / (2 * REFRESH_HZ) * max(0.0, 1 - exposure_s * REFRESH_HZ)


def _share(since: Numbers, light: Numbers, sign: int) -> tuple[Numbers, Numbers] | None:
    """Around one edge: times since the expected moment, and the share of the light that has come (or gone)."""
    before = light[(since > -0.25) & (since < -0.07)]
    after = light[(since > 0.0) & (since < 0.16)]
    if len(before) < 2 or len(after) < 2:
        return None
    low = float(np.median(before))
    most = float((after * sign).max() * sign)
    reached = after[(after - low) * sign >= 0.85 * (most - low) * sign]
    high = float(np.median(reached)) if len(reached) else most
    if (high - low) * sign < 0.01:
        return None
    here = (since > -_BEFORE_S) & (since < _AFTER_S)
    return since[here], (light[here] - low) / (high - low)
