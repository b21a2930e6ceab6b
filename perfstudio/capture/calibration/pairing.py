"""Which sound belongs to which sight: the lag on which most of them agree. Irregular distances leave one answer."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEAST_S: Final = -0.35
MOST_S: Final = 0.55
"""Sound earlier or later than this is another event: the slowest network cameras are half a second behind."""
_NEAR_S: Final = 0.025


def common_lag(sights: Numbers, sounds: Numbers) -> float | None:
    """Sound minus sight in seconds for most sounds; None where fewer than a third agree on one."""
    if not len(sights) or not len(sounds):
        return None
    gaps = np.sort((sounds[None, :] - sights[:, None]).ravel())
    gaps = gaps[(gaps >= LEAST_S) & (gaps <= MOST_S)]
    if not len(gaps):
        return None
    many = np.searchsorted(gaps, gaps + 2 * _NEAR_S, "right") - np.arange(len(gaps))
    first = int(many.argmax())
    if many[first] < max(3, len(sounds) / 3):
        return None
    return float(np.median(gaps[first : first + many[first]]))


def nearest(of: Numbers, to: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """For each of `to` the index of the nearest in `of` (rising, not empty), and how far away it is."""
    after = np.clip(np.searchsorted(of, to), 1, max(1, len(of) - 1))
    before = after - 1
    after = np.minimum(after, len(of) - 1)
    place = np.where(np.abs(of[before] - to) <= np.abs(of[after] - to), before, after)
    return place, np.abs(of[place] - to)
