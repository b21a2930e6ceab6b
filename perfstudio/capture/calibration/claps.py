"""Claps: the sound of hands that meet against pictures of hands that come together.

No picture shows the moment of contact. But the hands come at a speed and then stand (or open again), so the gap
between them, seen picture by picture, runs down to a point that lies between pictures; ten claps that share one lag
and one exposure pin that point down. The gap of a picture is the share of pixels that differ from the picture in which
the hands are closed: while edges move, that grows with the distance, and a blurred edge counts as the mean of where it
was during the exposure. Each pixel is measured by its own greatest change, so that hands before a dark shirt and then
before a bright wall do not seem to hurry.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.calibration.consensus import Consensus, agree
from perfstudio.capture.calibration.film import Film, Numbers
from perfstudio.capture.calibration.pairing import LEAST_S, MOST_S
from perfstudio.capture.calibration.ticks import CLAP_BAND, find_ticks
from perfstudio.model.calibration import Measurement, Method, Outcome, Refusal, Unsure

NEEDED: Final = 6
SURE_MS: Final = 3.5
"""Claps that leave more doubt than this (95 %: two standard deviations) are refused: 5 ms are then nearly three of them
away. Ten good claps leave 2 to 3 ms, and in poor light more claps help."""
_BEFORE_S, _AFTER_S = 0.1, 0.07
_LAGS_S: Final = np.arange(-0.045, 0.0451, 0.001)
_EXPOSURES_S: Final = (0.002, 0.01, 0.02, 0.033)
_REACHES_S: Final = (0.015, 0.02, 0.03, 0.042, 0.055, 0.085, 0.13, 0.3)
"""How soon before the contact the gap stops growing as seen: hands that have moved by more than their own width change
no more pixels, and hands come faster and faster. The gap is seen as 1 - exp(-time to contact / reach)."""
_CHANGE: Final = 4.0
_ABOVE_NOISE: Final = 5.0
"""A pixel belongs to the hands when it changes by so many grey levels, and by so many times the noise."""
_LEAST_PIXELS: Final = 10
_HANDS_MS: Final = 1.5
"""What is not in the agreement of claps: every person's hands come and meet a little otherwise than the curve says."""
_PASSES: Final = 3
"""Which pictures show the hands open and closed depends on the lag: it is looked for again around what was found."""
_STILL_S: Final = 0.001
"""By so much the last pass may move the answer: one that wanders from pass to pass is no answer."""
_STANDS_OUT: Final = 4.0
"""How far the best lag stands out of all lags, in their own standard deviations, to be believed."""

Small = NDArray[np.float32]


def by_claps(film: Film) -> Outcome:
    """The offset by claps in front of the camera."""
    ticks = find_ticks(film.sound, film.rate_hz, film.sound_s, CLAP_BAND)
    inside = (ticks > film.times_s[0] + 0.3) & (ticks < film.times_s[-1] - 0.1) if len(film.times_s) else []
    ticks = ticks[inside] if len(ticks) else ticks
    if len(ticks) < NEEDED:
        return Refusal(Unsure.NOTHING_HEARD, heard=len(ticks), needed=NEEDED)
    grey = _calm(film.grey)
    lag_s = _coarse_lag(film.times_s, _motion(grey), ticks)
    if lag_s is None:
        return Refusal(Unsure.NOTHING_SEEN, heard=len(ticks), needed=NEEDED)
    fit = None
    for _ in range(_PASSES):
        lag_s += fit.at_s if fit is not None else 0.0
        fit = _fit(film.times_s, grey, ticks, lag_s)
        if fit is None:
            break
    if fit is None or fit.kept.sum() < NEEDED or fit.kept.sum() < 0.6 * len(ticks):
        paired = 0 if fit is None else int(fit.kept.sum())
        return Refusal(Unsure.TOO_FEW, heard=len(ticks), paired=paired, needed=max(NEEDED, round(0.6 * len(ticks))))
    count, sure_ms = int(fit.kept.sum()), float(np.hypot(fit.sure_s * 1000, _HANDS_MS))
    if abs(fit.at_s) > _STILL_S:
        return Refusal(Unsure.NO_AGREEMENT, heard=len(ticks), paired=count, needed=NEEDED)
    if sure_ms > SURE_MS:
        return Refusal(Unsure.TOO_WIDE, heard=len(ticks), paired=count, sure_ms=round(sure_ms, 2), needed_ms=SURE_MS)
    return Measurement(
        offset_ms=round((lag_s + fit.at_s) * 1000, 3),
        sure_ms=round(sure_ms, 3),
        spread_ms=round(fit.spread_s * 1000, 3),
        count=count,
        method=Method.CLAP,
        source_sure_ms=0.0,
    )


def _calm(grey: NDArray[np.uint8]) -> list[Small]:
    """The pictures with their finest noise smoothed away."""
    return [np.asarray(cv2.GaussianBlur(one.astype(np.float32), (0, 0), 0.8), np.float32) for one in grey]


def _motion(grey: list[Small]) -> Numbers:
    """Per picture: how much of it changed since the one before, above the usual noise."""
    change = [np.abs(b - a) for a, b in itertools.pairwise(grey)]
    floor = 3 * float(np.median([np.median(one) for one in change])) + 0.5
    return np.array([0.0, *(float(np.maximum(one - floor, 0).mean()) for one in change)])


def _coarse_lag(times: Numbers, motion: Numbers, ticks: Numbers) -> float | None:
    """The lag at which, clap by clap, motion before the sound breaks off with it; None where none stands out."""
    moved = np.cumsum(np.sqrt(motion))
    lags = np.arange(LEAST_S, MOST_S, 0.004)
    at = ticks[:, None] - lags

    def between(start: Numbers, end: Numbers) -> Numbers:
        return np.asarray(np.interp(end, times, moved) - np.interp(start, times, moved))

    breaks = between(at - 0.08, at + 0.005) - between(at + 0.012, at + 0.08)
    breaks /= np.maximum(1e-9, np.abs(breaks).max(axis=1, keepdims=True))
    score = np.median(breaks, axis=0)
    best = int(score.argmax())
    others = score[np.abs(lags - lags[best]) > 0.15]
    if score[best] < 0.25 or score[best] < others.mean() + _STANDS_OUT * others.std() * 0.5:
        return None
    return float(lags[best])


def _fit(times: Numbers, grey: list[Small], ticks: Numbers, lag_s: float) -> Consensus | None:
    misfits, frames, noise = [], [], _noise(grey)
    longest = 1.02 * float(np.median(np.diff(times)))  # no exposure outlasts its picture
    exposures = [exposure for exposure in _EXPOSURES_S if exposure <= longest]
    for tick in ticks:
        seen = _gaps(times - (tick - lag_s), grey, noise)
        if seen is None:
            continue
        since, gap = seen
        misfits.append(np.stack([_misfit(since, gap, exposure) for exposure in exposures], axis=1))
        frames.append(len(since))
    if len(misfits) < 3:
        return None
    return _both_ways(np.array(misfits), np.array(frames))


def _both_ways(misfits: Numbers, frames: NDArray[np.int64]) -> Consensus:
    """`misfits` [claps, lags, exposures, reaches] read in two ways: hands that come all alike, or each clap otherwise.

    The one is too stiff where they differ, the other too loose where they do not. What is true lies between the two
    answers, so half of what they differ by is doubt.
    """
    each = agree(misfits.min(axis=3), frames, _LAGS_S)
    alike = agree(misfits.reshape(*misfits.shape[:2], -1), frames, _LAGS_S)
    between = (each.at_s + alike.at_s) / 2
    return replace(each, at_s=between, sure_s=float(np.hypot(each.sure_s, each.at_s - between)))


def _gaps(since: Numbers, grey: list[Small], noise: float) -> tuple[Numbers, Numbers] | None:
    """Around one clap: times since the expected contact, and the gap between the hands, 1 at its widest."""
    near = np.flatnonzero((since > -0.14) & (since < 0.12))
    open_at = np.flatnonzero((since > -0.14) & (since < -0.06))
    if len(near) < 5 or not len(open_at):
        return None
    pair = _closed(since, grey, near)
    if not pair:
        return None
    closed = (grey[pair[0]] + grey[pair[1]]) / 2
    most = np.max([np.abs(grey[int(i)] - closed) for i in near if since[i] < 0], axis=0)
    moving = most > max(_CHANGE, _ABOVE_NOISE * noise)
    if np.count_nonzero(moving) < _LEAST_PIXELS:
        return None
    here = np.flatnonzero((since > -_BEFORE_S) & (since < _AFTER_S))
    gap = np.zeros(len(here))
    for place, i in enumerate(here):
        # The closed picture is a mean of two, these two among them.
        own_noise = noise * (0.5 if i in pair else np.sqrt(0.75))
        change = (np.abs(grey[int(i)] - closed)[moving] - own_noise) / (most[moving] - noise)
        gap[place] = float(np.clip(change, -1, 1).mean())
    return (since[here], gap / gap.max()) if gap.max() > 0 else None


def _closed(since: Numbers, grey: list[Small], near: NDArray[np.int64]) -> tuple[int, ...]:
    """The hands together: the two neighbours after the expected contact that differ least."""
    pairs = [int(i) for i in near[:-1] if -0.02 < since[i] < 0.075]
    if not pairs:
        return ()
    best = min(pairs, key=lambda i: float(np.abs(grey[i + 1] - grey[i]).mean()))
    return best, best + 1


def _noise(grey: list[Small]) -> float:
    """By how much two pictures of the same differ on average, in grey levels (Gaussian: 1.18 times the median)."""
    steps = [np.median(np.abs(b - a)) for a, b in zip(grey[:-1:5], grey[1::5], strict=False)]
    return 1.183 * float(np.median(steps))


def _misfit(since: Numbers, gap: Numbers, exposure_s: float) -> Numbers:
    """Sums of squares [lags, reaches]; speeds of coming and of opening are each clap's own."""
    until = -(since[:, None] + _LAGS_S[None, :])
    go = _ramp(-until, exposure_s)
    fits = [_squares(_seen(until, exposure_s, reach), go, gap[:, None]) for reach in _REACHES_S]
    return np.stack(fits, axis=1)


def _squares(come: Numbers, go: Numbers, y: Numbers) -> Numbers:
    """What the best shares (none below zero) of coming and going leave of the gap."""
    cc, gg, cg = (come * come).sum(axis=0), (go * go).sum(axis=0), (come * go).sum(axis=0)
    cy, gy = (come * y).sum(axis=0), (go * y).sum(axis=0)
    det = np.maximum(1e-12, cc * gg - cg * cg)
    u = np.maximum(0.0, (cc * gy - cg * cy) / det)
    v = np.maximum(0.0, (cy - cg * u) / np.maximum(1e-12, cc))
    return np.asarray(((v * come + u * go - y) ** 2).sum(axis=0))


def _ramp(until: Numbers, exposure_s: float) -> Numbers:
    """max(0, until) averaged over an exposure around it."""
    part = np.clip(until + exposure_s / 2, 0, exposure_s)
    return np.asarray(np.where(until > exposure_s / 2, until, part**2 / (2 * exposure_s)))


def _seen(until: Numbers, exposure_s: float, reach_s: float) -> Numbers:
    """1 - exp(-until / reach), 0 after the contact, averaged over an exposure around it."""
    early = np.maximum(0.0, until + exposure_s / 2)
    late = np.maximum(0.0, until - exposure_s / 2)
    area = (early - late) + reach_s * (np.exp(-early / reach_s) - np.exp(-late / reach_s))
    return np.asarray(area / exposure_s)
