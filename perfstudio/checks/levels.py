"""Levels: what can be read from the samples themselves. Peak, true peak, direct current, flat tops, exact zeros.

`LevelScan` is fed once, block by block, and keeps a short-time envelope of one value per millisecond; everything about
speech and noise is computed from that envelope afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.media import Samples

Planes = NDArray[np.float32]
"""Channels x frames."""

FLOOR_DBFS = -120.0
NOTHING_DBFS = FLOOR_DBFS + 1.0
"""Up to here it is no sound of a room, but zeros."""
_FULL_SCALE = 32766 / 32768
_FLAT_MIN = 0.1
"""Flat tops are looked for above -20 dBFS."""
_OVERSAMPLE = 4
_TAPS = 24
_HOT = 64
"""A wave is looked at between its samples beside the 64 largest of each block,"""
_RISE = 1.5
"""and only in blocks whose largest sample could rise over the record so far."""
_MAX_FLATS = 20_000


def dbfs(amplitude: float) -> float:
    """Amplitude (1.0 = full scale) in dB, never below -120."""
    return max(FLOOR_DBFS, 20 * float(np.log10(amplitude))) if amplitude > 0 else FLOOR_DBFS


def power_db(power: float) -> float:
    """Mean square in dB, never below -120."""
    return max(FLOOR_DBFS, 10 * float(np.log10(power))) if power > 0 else FLOOR_DBFS


@dataclass(frozen=True, slots=True)
class FlatTop:
    """A run of equal samples near a channel's own peak. `samples` long, at signed `level`."""

    first: int
    samples: int
    level: float
    channel: int


@dataclass(frozen=True, slots=True)
class Levels:
    """What `LevelScan` saw. Series are channels x time, one column per `hop_s`."""

    rate_hz: int
    channels: int
    samples: int
    hop_s: float
    rectified: NDArray[np.float32]
    """Mean of |x| per hop."""
    power: NDArray[np.float32]
    """Mean of x squared per hop."""
    top: tuple[float, ...]
    bottom: tuple[float, ...]
    """Highest and lowest sample per channel."""
    peak_at: tuple[int, ...]
    true_peak: float
    mean: tuple[float, ...]
    flats: tuple[FlatTop, ...]

    @property
    def duration_s(self) -> float:
        """Length of the sound."""
        return self.samples / self.rate_hz if self.rate_hz else 0.0

    def peak(self, channel: int) -> float:
        """The largest magnitude in a channel."""
        return max(self.top[channel], -self.bottom[channel])

    def mean_power(self) -> NDArray[np.float64]:
        """Mean square per channel over everything."""
        return self.power.mean(axis=1, dtype=np.float64) if self.power.size else np.zeros(self.channels)

    def loudest(self) -> int:
        """The channel that carries most power: the one that voice is measured on."""
        return int(np.argmax(self.mean_power()))


@dataclass(slots=True)
class LevelScan:
    """Feeds on blocks (frames x channels, float32) of one rate."""

    rate_hz: int
    channels: int
    samples: int = 0
    _rest: Planes = field(init=False)
    _rectified: list[NDArray[np.float32]] = field(default_factory=list)
    _power: list[NDArray[np.float32]] = field(default_factory=list)
    _top: NDArray[np.float32] = field(init=False)
    _bottom: NDArray[np.float32] = field(init=False)
    _peak_at: list[int] = field(init=False)
    _true_peak: float = 0.0
    _sum: NDArray[np.float64] = field(init=False)
    _flats: list[FlatTop] = field(default_factory=list)
    _kernel: NDArray[np.float32] = field(init=False)

    def __post_init__(self) -> None:
        self._rest = np.zeros((self.channels, 0), np.float32)
        self._top = np.zeros(self.channels, np.float32)
        self._bottom = np.zeros(self.channels, np.float32)
        self._peak_at = [0] * self.channels
        self._sum = np.zeros(self.channels)
        self._kernel = _interpolator()

    @property
    def hop(self) -> int:
        """Samples per column of the series: about a millisecond."""
        return max(1, round(self.rate_hz / 1000))

    def push(self, block: Samples) -> None:
        """One block. Blocks may have any length."""
        if not len(block):
            return
        planes = np.ascontiguousarray(block.T)  # along rows NumPy counts ten times as fast
        self._sum += planes.sum(axis=1, dtype=np.float64)
        magnitude = np.abs(planes)
        tops = magnitude.max(axis=1)
        self._peaks(planes, magnitude, tops)
        self._flat_tops(planes, magnitude, tops)
        self._series(planes)
        self.samples += len(block)

    def finish(self) -> Levels:
        """What was seen so far."""
        empty = np.zeros((self.channels, 0), np.float32)
        return Levels(
            rate_hz=self.rate_hz,
            channels=self.channels,
            samples=self.samples,
            hop_s=self.hop / self.rate_hz,
            rectified=np.concatenate(self._rectified, axis=1) if self._rectified else empty,
            power=np.concatenate(self._power, axis=1) if self._power else empty,
            top=tuple(float(p) for p in self._top),
            bottom=tuple(float(p) for p in self._bottom),
            peak_at=tuple(self._peak_at),
            true_peak=max(self._true_peak, float(np.maximum(self._top, -self._bottom).max(initial=0.0))),
            mean=tuple(float(s) / max(1, self.samples) for s in self._sum),
            flats=tuple(self._flats),
        )

    def _series(self, planes: Planes) -> None:
        whole = np.concatenate([self._rest, planes], axis=1) if self._rest.size else planes
        hops = whole.shape[1] // self.hop
        used = whole[:, : hops * self.hop].reshape(self.channels, hops, self.hop)
        self._rest = whole[:, hops * self.hop :].copy()
        if hops:
            self._rectified.append(np.abs(used).mean(axis=2))
            self._power.append(np.einsum("cht,cht->ch", used, used) / np.float32(self.hop))

    def _peaks(self, planes: Planes, magnitude: Planes, tops: NDArray[np.float32]) -> None:
        for channel in np.flatnonzero(tops > np.maximum(self._top, -self._bottom)):
            self._peak_at[channel] = self.samples + int(magnitude[channel].argmax())
        self._top = np.maximum(self._top, planes.max(axis=1))
        self._bottom = np.minimum(self._bottom, planes.min(axis=1))
        for channel in np.flatnonzero(tops * np.float32(_RISE) > self._true_peak):
            self._true_peak = max(self._true_peak, self._between(planes[channel], magnitude[channel]))

    def _between(self, wave: NDArray[np.float32], magnitude: NDArray[np.float32]) -> float:
        """The highest interpolated value beside the largest samples of a block."""
        count = min(_HOT, len(wave))
        hot = np.argpartition(magnitude, -count)[-count:]
        padded = np.pad(wave, _TAPS + 1)
        places = np.concatenate([hot, hot - 1])[:, None] + np.arange(2 * _TAPS + 1) + 1
        return float(np.abs(padded[places] @ self._kernel.T).max(initial=0.0))

    def _flat_tops(self, planes: Planes, magnitude: Planes, tops: NDArray[np.float32]) -> None:
        if len(self._flats) >= _MAX_FLATS:
            return
        for channel in np.flatnonzero(tops > _FLAT_MIN):
            wave = planes[channel]
            near = np.float32(max(_FLAT_MIN, 0.9 * float(tops[channel])))
            equal = np.flatnonzero((wave[1:] == wave[:-1]) & (magnitude[channel, 1:] >= near))
            if len(equal):
                self._note_runs(equal, wave, int(channel))

    def _note_runs(self, equal: NDArray[np.int64], wave: NDArray[np.float32], channel: int) -> None:
        starts = np.flatnonzero(np.diff(equal, prepend=-2) > 1)
        lengths = np.diff(np.append(starts, len(equal))) + 1
        for start, length in zip(equal[starts], lengths, strict=True):
            if length >= 3:
                self._flats.append(FlatTop(self.samples + int(start), int(length), float(wave[start]), channel))


def clipped(levels: Levels) -> tuple[FlatTop, ...]:
    """The flat tops that mean clipping: three equal samples at full scale, or a ceiling below it.

    A ceiling below full scale (a preamplifier that clipped before the converter) is at least three runs of four or
    more equal samples, all within 0.5 % of the highest sample on their side.
    """
    found: list[FlatTop] = []
    for channel in range(levels.channels):
        for reach in (levels.top[channel], levels.bottom[channel]):
            side = [f for f in levels.flats if f.channel == channel and f.level * reach > 0]
            at_top = [f for f in side if abs(f.level) >= _FULL_SCALE]
            ceiling = [f for f in side if f.samples >= 4 and abs(f.level) >= 0.995 * abs(reach)]
            found += at_top or (ceiling if len(ceiling) >= 3 else [])
    return tuple(sorted(found, key=lambda f: f.first))


def zero_runs(levels: Levels) -> tuple[tuple[float, float], ...]:
    """(start_s, length_s) of every stretch in which all channels are exactly zero, to the millisecond."""
    silent = (levels.power.max(axis=0) == 0) if levels.power.size else np.zeros(0, bool)
    return tuple((a * levels.hop_s, (b - a) * levels.hop_s) for a, b in runs(silent))


def runs(mask: NDArray[np.bool_], at_least: int = 1) -> list[tuple[int, int]]:
    """[start, end) of every run of True that is `at_least` so long."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= at_least
    return list(zip(starts[long].tolist(), ends[long].tolist(), strict=True))


def _interpolator() -> NDArray[np.float32]:
    """The three phases between samples of a 4x windowed-sinc interpolator (as in ITU-R BS.1770-5, annex 2)."""
    offsets = np.arange(-_TAPS, _TAPS + 1)
    phases = []
    for step in range(1, _OVERSAMPLE):
        position = offsets - step / _OVERSAMPLE
        window = np.where(np.abs(position) < _TAPS + 1, np.cos(np.pi * position / (2 * (_TAPS + 1))) ** 2, 0.0)
        phases.append(np.sinc(position) * window)
    return np.array(phases, np.float32)
