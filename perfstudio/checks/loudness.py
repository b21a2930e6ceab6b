"""Loudness by EBU R 128, measured by FFmpeg's own meter (`ebur128`), fed block by block.

One channel is counted as two (`dualmono`): a voice recorded with one channel is heard from both loudspeakers, and the
same voice on two equal channels must read the same. FFmpeg's default for mono reads 3 LU less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from perfstudio.checks.ffmpeg_filters import pulled
from perfstudio.checks.kweight import MomentaryMax
from perfstudio.checks.levels import FLOOR_DBFS
from perfstudio.checks.media import Samples

SILENT = -70.0
"""The absolute gate of BS.1770: what reads lower has no loudness."""
_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0(side)", 6: "5.1(side)", 7: "6.1", 8: "7.1"}


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated, range, and the momentary (400 ms) and short-term (3 s) series at 10 Hz. LUFS and LU."""

    integrated: float | None
    range_lu: float
    momentary: NDArray[np.float32]
    short_term: NDArray[np.float32]
    momentary_max: float | None = None
    """The loudest 400 ms wherever they lie, LUFS; see `kweight`."""

    @property
    def short_term_max(self) -> float | None:
        """The loudest 3 s, LUFS."""
        return float(self.short_term.max()) if self.short_term.size else None


class ShortTermMeter:
    """FFmpeg's meter alone: push blocks, read once at the end. Owns one filter graph."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate = rate_hz
        self.used = min(channels, len(_LAYOUTS))
        """Channels that are measured."""
        self.layout = _LAYOUTS[self.used]
        self.momentary: list[float] = []
        self.last: dict[str, str] = {}
        """What the meter told last."""
        self._pushed = 0
        self._graph = Graph()
        source = self._graph.add_abuffer(
            sample_rate=rate_hz, format="flt", layout=self.layout, time_base=Fraction(1, rate_hz)
        )
        meter = self._graph.add("ebur128", "metadata=1:dualmono=true")
        sink = self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._short: list[float] = []

    def push(self, samples: Samples) -> None:
        """One block, frames x channels."""
        block = np.ascontiguousarray(samples[:, : self.used]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, format="flt", layout=self.layout)
        frame.sample_rate = self._rate
        frame.pts = self._pushed
        self._pushed += len(samples)
        self._graph.push(frame)
        self._drain()

    def finish(self) -> NDArray[np.float32]:
        """LUFS of the 3 s before each tenth of a second. After this the meter is spent."""
        if self._pushed:
            self._graph.push(None)
            self._drain()
        return np.array(self._short, np.float32)

    def _drain(self) -> None:
        for frame in pulled(self._graph):
            read = frame.metadata  # made anew each time it is asked for
            if "lavfi.r128.M" not in read:
                continue  # the rest of less than 100 ms at the end
            self.last = read
            self.momentary.append(_number(read["lavfi.r128.M"]))
            self._short.append(_number(read["lavfi.r128.S"]))


class LoudnessMeter:
    """Push blocks, read once at the end."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._meter = ShortTermMeter(rate_hz, channels)
        self._loudest = MomentaryMax(rate_hz, self._meter.used, self._meter.layout)

    def push(self, samples: Samples) -> None:
        """One block, frames x channels."""
        self._loudest.push(samples[:, : self._meter.used])
        self._meter.push(samples)

    def finish(self) -> Loudness:
        """Everything heard. After this the meter is spent."""
        short_term, last = self._meter.finish(), self._meter.last
        read = _number(last.get("lavfi.r128.I", "nan"))
        return Loudness(
            integrated=read if read > SILENT else None,
            range_lu=max(0.0, _number(last.get("lavfi.r128.LRA", "0"))),
            momentary=np.array(self._meter.momentary, np.float32),
            short_term=short_term,
            momentary_max=self._loudest.finish(),
        )


def _number(text: str) -> float:
    # Pure silence has no logarithm: FFmpeg says nan or -inf.
    value = float(text)
    return value if math.isfinite(value) else FLOOR_DBFS
