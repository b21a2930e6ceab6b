"""Drop-outs inside the sound: holes of exact zeros cut into it, and blocks that were delivered twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.levels import Levels, runs, zero_runs

_SIZES = "64 80 96 120 128 144 160 192 220 240 256 320 384 441 480 512 576 640 720 768 882 960 1024 1152 1200 1440"
_LAGS = np.array([int(n) for n in _SIZES.split()] + [1536, 1920, 2048, 2400, 3072, 4096, 4410, 4800])
"""Block sizes that sound systems use, in samples."""
_MAX_LAG = 4800
_STRIDE = 16
_NEEDED = np.maximum(2, _LAGS // _STRIDE - 2)
_EDGE_S = 0.002
_LOCAL_S = 0.05
_LONGEST_HOLE_S = 0.5
_MAX_FOUND = 5_000


@dataclass(slots=True)
class RepeatScan:
    """Finds blocks equal, sample for sample, to the block before them, at the block sizes that sound systems use.

    A real microphone never repeats itself exactly. Steady tones do, for ever: a run much longer than its block is a
    tone and no fault; nor is silence, nor a value that stands still.
    """

    rate_hz: int
    _tail: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    _position: int = 0
    _found: dict[int, int] = field(default_factory=dict)

    def push(self, wave: NDArray[np.float32]) -> None:
        """Take a block of (frames,) float32, mono."""
        whole = np.concatenate([self._tail, wave])
        # Most blocks hold no repeat at all; a sparse comparison at every lag settles that first.
        probe = np.arange(_MAX_LAG, len(whole), _STRIDE)
        equal = whole[probe] == whole[probe - _LAGS[:, None]]
        for row in np.flatnonzero(equal.sum(axis=1) >= _NEEDED):
            lag, stretches = int(_LAGS[row]), runs(equal[row], int(_NEEDED[row]))
            if max((b - a for a, b in stretches), default=0) > 5 * lag // _STRIDE:
                continue  # a tone
            for a, b in stretches:
                # All of it lies between the two unequal probes around it.
                start = lag if a == 0 else int(probe[a - 1])
                stop = len(whole) if b == len(probe) else int(probe[b]) + 1
                self._note(whole, lag, start, stop)
        self._tail = whole[-2 * _MAX_LAG :]
        self._position += len(wave)

    def finish(self) -> tuple[tuple[float, float], ...]:
        """(start_s, length_s) of every repeat."""
        return tuple((at / self.rate_hz, length / self.rate_hz) for at, length in sorted(self._found.items()))

    def _note(self, whole: NDArray[np.float32], lag: int, begin: int, stop: int) -> None:
        """Keep the repeats of the block `lag` before, among the samples from `begin` to `stop`."""
        first = self._position - len(self._tail)
        for a, b in runs(whole[begin:stop] == whole[begin - lag : stop - lag], lag):
            start, end, length = begin + a, begin + b, b - a
            if length > 4 * lag or len(self._found) >= _MAX_FOUND:
                continue
            if len(np.unique(whole[start:end][:256])) >= 16 and end < len(whole):
                at = first + start
                if not any(abs(at - known) < lag for known in self._found):
                    self._found[at] = length


def holes(levels: Levels) -> tuple[tuple[float, float], ...]:
    """(start_s, length_s) of exact zeros that were cut into sounding material: both edges are abrupt."""
    edge, local = max(1, round(_EDGE_S / levels.hop_s)), round(_LOCAL_S / levels.hop_s)
    power = levels.power.max(axis=0) if levels.power.size else np.zeros(0, np.float32)
    found = []
    for start_s, length_s in zero_runs(levels):
        start, end = round(start_s / levels.hop_s), round((start_s + length_s) / levels.hop_s)
        before, after = power[max(0, start - local) : start], power[end : end + local]
        if length_s <= _LONGEST_HOLE_S and len(before) and len(after):
            abrupt = (
                before[-edge - 1 :].max() >= 0.02 * before.mean() and after[: edge + 1].max() >= 0.02 * after.mean()
            )
            if abrupt and min(before.mean(), after.mean()) > 1e-8:
                found.append((start_s, length_s))
    return tuple(found)
