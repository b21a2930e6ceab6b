"""What all events together allow: one lag that fits best, and the range of lags that fit hardly worse.

Each event says for every lag (and for every shape of event) how badly it fits. Misfits are sums of squares of a
light or a gap between hands that goes from 0 to 1, so that they may be added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_LEAST_NOISE: Final = 0.01
"""Nobody measures a light or a gap better than to one part in a hundred."""
_LEAST_SURE_S: Final = 0.0005
_DRAWS: Final = 200
_OUTLIER: Final = 6.0
"""An event that fits this many times worse than the usual one has something else in it."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """`at_s` fits best, within `sure_s` (95 %); `spread_s` is one event's standard deviation; `kept` events agree."""

    at_s: float
    sure_s: float
    spread_s: float
    kept: NDArray[np.bool_]


def agree(misfit: Numbers, frames: NDArray[np.int64], lags_s: Numbers) -> Consensus:
    """`misfit` [events, lags, shapes], `frames` [events] that went into each, `lags_s` rising in equal steps.

    Shapes are what the events share and nobody needs to know (the length of the exposure, say).
    """
    kept = np.ones(len(misfit), bool)
    for _ in range(3):
        lag, shape = _best(misfit[kept].sum(axis=0))
        usual = misfit[:, lag, shape] / np.maximum(1, frames)
        limit = _OUTLIER * max(float(np.median(usual[kept])), _LEAST_NOISE**2)
        kept = usual <= limit
        if kept.sum() < 2:
            kept = usual <= np.median(usual)
    total = misfit[kept].sum(axis=0)
    lag, shape = _best(total)
    free = max(1, int(frames[kept].sum()) - int(kept.sum()) - 2)
    noise = max(_LEAST_NOISE**2, float(total[lag, shape]) / free)
    profile = total.min(axis=1)
    fits = np.flatnonzero(profile <= profile.min() + 4 * noise)
    near = _run(fits, lag)
    wide = (lags_s[near[-1]] - lags_s[near[0]]) / 2 if len(near) else 0.0
    at_s = _middle(profile, noise, lags_s)
    drawn = _drawn(misfit[kept], noise, lags_s)
    singles = np.array([_middle(one[:, shape], noise, lags_s) for one in misfit[kept]])
    spread = float(np.sqrt(np.mean((singles - at_s) ** 2)))
    sure = max(_LEAST_SURE_S, float(wide), 2 * float(drawn.std()) * _small_sample(int(kept.sum())))
    return Consensus(at_s, sure, spread, kept)


def _best(total: Numbers) -> tuple[int, int]:
    lag, shape = np.unravel_index(int(total.argmin()), total.shape)
    return int(lag), int(shape)


def _middle(profile: Numbers, noise: float, lags_s: Numbers) -> float:
    """The middle of the lags that fit equally well: between two pictures nothing tells them apart."""
    best = int(profile.argmin())
    near = _run(np.flatnonzero(profile <= profile[best] + 0.25 * noise), best)
    return float((lags_s[near[0]] + lags_s[near[-1]]) / 2)


def _run(fits: NDArray[np.int64], around: int) -> NDArray[np.int64]:
    """The unbroken run of indices that holds one of them."""
    pieces = np.split(fits, np.flatnonzero(np.diff(fits) > 1) + 1)
    return next((piece for piece in pieces if around in piece), fits[:1])


def _drawn(misfit: Numbers, noise: float, lags_s: Numbers) -> Numbers:
    """The answers of as many draws of the same events with putting back (bootstrap)."""
    dice = np.random.default_rng(1)
    weights = dice.multinomial(len(misfit), np.full(len(misfit), 1 / len(misfit)), _DRAWS).astype(np.float64)
    flat = misfit.reshape(len(misfit), -1)
    found = [_middle((row @ flat).reshape(misfit.shape[1:]).min(axis=1), noise, lags_s) for row in weights]
    return np.array(found)


def _small_sample(count: int) -> float:
    """Student's factor over 2 for the 95 % range of a few events."""
    return 1.0 + 3.2 / max(1, count - 1)
