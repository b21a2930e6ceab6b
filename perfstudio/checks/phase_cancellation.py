"""Channels that cancel each other: how much of the sound is lost where it is heard in mono.

Speech software, telephones and most small loudspeakers put all channels together. Of a pair that is equal nothing is
lost, of one that knows nothing of each other 3 dB (which is a wide recording), of a pair with one wire turned round
everything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.media import Samples

_LOUD_DB = 20.0
"""Seconds count that are at most this far under the loudest."""
_BESIDE_DB = 15.0
"""A channel counts that is at most this far under the strongest."""
_SHARE = 0.2
_LEAST_S = 3
"""Of the seconds that count the fifth is told that loses most: a wire may be turned round in the middle of a take."""
_MOST_DB = 60.0


@dataclass(frozen=True, slots=True)
class Cancelling:
    """What mono loses, in dB under what all channels carry; `pair` counts from one."""

    lost_db: float
    pair: tuple[int, int]
    seconds: tuple[tuple[float, float, float], ...]
    """(start_s, length_s, lost_db) of every second that counts."""


@dataclass(slots=True)
class CancellingScan:
    """Feeds on blocks of a second; keeps how every two channels go together in each."""

    _together: list[NDArray[np.float64]] = field(default_factory=list)
    _lengths: list[int] = field(default_factory=list)

    def push(self, block: Samples) -> None:
        """Take a block of (frames, channels) float32."""
        if block.shape[1] < 2 or not len(block):
            return
        planes = np.ascontiguousarray(block.T)
        steady = planes.mean(axis=1, dtype=np.float64)
        products = (planes @ planes.T).astype(np.float64) / len(block)
        self._together.append(products - np.outer(steady, steady))
        self._lengths.append(len(block))

    def finish(self, rate_hz: int) -> Cancelling | None:
        """The pair of channels that loses most; None where no two channels sound."""
        if not self._together:
            return None
        together = np.array(self._together)
        power = np.einsum("tcc->tc", together)
        total = power.sum(axis=0)
        sounding = np.flatnonzero(total > max(float(total.max()) * 10 ** (-_BESIDE_DB / 10), 1e-12))
        starts = np.concatenate([[0], np.cumsum(self._lengths)]) / rate_hz
        found = [
            _pair(together, power, starts, (int(a), int(b)))
            for place, a in enumerate(sounding)
            for b in sounding[place + 1 :]
        ]
        return max(found, key=lambda one: one.lost_db, default=None)


def _pair(
    together: NDArray[np.float64],
    power: NDArray[np.float64],
    starts: NDArray[np.float64],
    pair: tuple[int, int],
) -> Cancelling:
    a, b = pair
    apart = (power[:, a] + power[:, b]) / 2
    mono = np.maximum((power[:, a] + power[:, b] + 2 * together[:, a, b]) / 4, 0.0)
    loud = apart >= float(apart.max()) * 10 ** (-_LOUD_DB / 10)
    counted = np.flatnonzero(loud)
    lost = [_lost_db(float(mono[i]), float(apart[i])) for i in counted]
    worst = counted[np.argsort(lost)[::-1][: max(_LEAST_S, round(_SHARE * len(counted)))]]
    lengths = np.diff(starts)
    return Cancelling(
        _lost_db(float(mono[worst].sum()), float(apart[worst].sum())),
        (a + 1, b + 1),
        tuple((float(starts[i]), float(lengths[i]), gone) for i, gone in zip(counted, lost, strict=True)),
    )


def _lost_db(mono: float, apart: float) -> float:
    return min(_MOST_DB, max(0.0, -10 * math.log10(max(mono / apart, 1e-12)))) if apart > 0 else 0.0
