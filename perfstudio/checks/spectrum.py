"""Long-time spectrum: how far up the sound reaches, and whether mains hum lies under it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from perfstudio.checks.levels import power_db
from perfstudio.checks.media import Samples

_LOW_RATE_HZ = 2000
_WALL_DB = 18.0
_WALL_FROM_HZ = 2500.0
_HARMONICS = 10
_LINE_DB = 10.0


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Mean power spectrum of all frames, and the sound brought down to about 2 kHz."""

    rate_hz: int
    mean: NDArray[np.float64]
    """Power per bin, bins of equal width from 0 to half the rate."""
    low_rate_hz: float
    low: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hum:
    """Mains lines: which mains, their summed level, and how far the strongest stands over the room beside it."""

    mains_hz: int
    level_dbfs: float
    excess_db: float


@dataclass(slots=True)
class SpectrumScan:
    """Feeds on mono blocks of one rate."""

    rate_hz: int
    _window: NDArray[np.float32] = field(init=False)
    _sum: NDArray[np.float64] = field(init=False)
    _frames: int = 0
    _low: list[NDArray[np.float32]] = field(default_factory=list)
    _rest: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self) -> None:
        size = 1 << max(6, round(np.log2(self.rate_hz * 0.043)))
        self._window = np.hanning(size).astype(np.float32)
        self._sum = np.zeros(size // 2 + 1)

    def push(self, wave: NDArray[np.float32]) -> None:
        """One block of any length; what is left over a whole number of frames is skipped in the spectrum."""
        size = len(self._window)
        count = len(wave) // size
        if count:
            frames = wave[: count * size].reshape(count, size) * self._window
            bins = np.fft.rfft(frames, axis=1)
            self._sum += (bins.real**2 + bins.imag**2).sum(axis=0, dtype=np.float64)
            self._frames += count
        step = max(1, self.rate_hz // _LOW_RATE_HZ)
        whole = np.concatenate([self._rest, wave])
        used = len(whole) // step * step
        self._low.append(whole[:used].reshape(-1, step).mean(axis=1))
        self._rest = whole[used:]

    def finish(self) -> Spectrum:
        """The spectrum so far."""
        return Spectrum(
            rate_hz=self.rate_hz,
            mean=self._sum / max(1, self._frames),
            low_rate_hz=self.rate_hz / max(1, self.rate_hz // _LOW_RATE_HZ),
            low=np.concatenate(self._low) if self._low else np.zeros(0, np.float32),
        )


def strongest(block: Samples) -> NDArray[np.float32]:
    """The channel of a block that carries most power."""
    if block.shape[1] == 1:
        return block[:, 0]
    return block[:, int(np.argmax(np.einsum("nc,nc->c", block, block)))]


def bandwidth_hz(spectrum: Spectrum) -> float:
    """The frequency of the first wall in the long-time spectrum, or half the sampling rate.

    A wall is a fall by 18 dB within about a kilohertz above which nothing comes back: sampling at a lower rate leaves
    one, a dull voice in a real room does not, because the room's own noise goes on above it.
    """
    half = spectrum.rate_hz / 2
    width = half / (len(spectrum.mean) - 1)
    level = 10 * np.log10(np.maximum(spectrum.mean, spectrum.mean.max(initial=0.0) * 1e-10) + 1e-30)
    span = max(1, round(500 / width))
    gap = max(1, round(150 / width))
    ceiling = np.maximum.accumulate(level[::-1])[::-1]  # the highest level at or above each bin
    edges = np.arange(max(gap + span, round(_WALL_FROM_HZ / width)), len(level) - gap - 1)
    if not len(edges):
        return half
    below = sliding_window_view(level, span).mean(axis=1)[edges - gap - span]
    walls = edges[below - ceiling[edges + gap] >= _WALL_DB]
    return float(walls[0]) * width if len(walls) else half


def hum(spectrum: Spectrum, pauses: NDArray[np.bool_], frame_s: float) -> Hum | None:
    """The stronger of 50 and 60 Hz hum in the pauses, or None where neither stands out or no pause is long enough.

    `pauses` says per frame of `frame_s` that nobody speaks. Only windows of one second without voice are looked at.
    """
    size = round(spectrum.low_rate_hz)
    windows = [
        spectrum.low[start : start + size]
        for start in range(0, len(spectrum.low) - size + 1, max(1, size // 4))
        if _quiet(pauses, start / size, frame_s)
    ]
    if not windows:
        return None
    shape = np.hanning(size)
    bins = np.abs(np.fft.rfft(np.array(windows) * shape, axis=1)) ** 2
    power = np.median(bins, axis=0) * 2 / (shape.sum() ** 2)  # a sine's mean square is half its squared amplitude
    found = [h for mains in (50, 60) if (h := _lines(power, mains)) is not None]
    return max(found, key=lambda h: h.level_dbfs, default=None)


def _quiet(pauses: NDArray[np.bool_], start_s: float, frame_s: float) -> bool:
    part = pauses[int(start_s / frame_s) : int((start_s + 1.0) / frame_s)]
    return bool(len(part)) and bool(part.all())


def _lines(power: NDArray[np.float64], mains: int) -> Hum | None:
    total, best, lines = 0.0, 0.0, 0
    for k in range(1, _HARMONICS + 1):
        at = mains * k
        if at + 20 >= len(power):
            break
        line = float(power[at - 2 : at + 3].sum()) / 1.5  # a Hann window spreads a line over bins summing to 1.5
        beside = float(np.median(np.concatenate([power[at - 18 : at - 5], power[at + 6 : at + 19]]))) * 5 / 1.5
        excess = power_db(line) - power_db(beside)
        if excess >= _LINE_DB and line > 1e-10:
            total += line
            lines += 1
            best = max(best, excess)
    if lines >= 2 or best >= 20.0:
        return Hum(mains, power_db(total), best)
    return None
