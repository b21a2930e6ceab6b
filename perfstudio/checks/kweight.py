"""The loudest 400 ms in steps of 10 ms: a shout falls between the tenths of a second of FFmpeg's own meter.

K-weighting by ITU-R BS.1770-5, annex 1, from the analogue prototypes of its two filters, so that any rate will do.
"""

from __future__ import annotations

import math
from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from perfstudio.checks.ffmpeg_filters import pulled
from perfstudio.checks.media import Samples

_HOP_S = 0.01
_WINDOW = 40
"""Hops in 400 ms."""
_OFFSET = -0.691
_WEIGHTS = {4: (1, 1, 1.41, 1.41), 5: (1, 1, 1, 1.41, 1.41), 6: (1, 1, 1, 0, 1.41, 1.41)}
"""Of channels behind the listener and of the bass; all others count once. One channel counts as two (`loudness`)."""


class MomentaryMax:
    """Push blocks, read once at the end. Owns one FFmpeg filter graph."""

    def __init__(self, rate_hz: int, channels: int, layout: str) -> None:
        self._rate, self._layout = rate_hz, layout
        self._weights = np.array(_WEIGHTS.get(channels, (2.0 if channels == 1 else 1.0,) * channels), np.float32)
        self._hop = max(1, round(rate_hz * _HOP_S))
        self._rest = np.zeros((channels, 0), np.float32)
        self._pushed = 0
        self._powers: list[NDArray[np.float32]] = []
        self._graph = Graph()
        chain = self._graph.add_abuffer(
            sample_rate=rate_hz, format="flt", layout=layout, time_base=Fraction(1, rate_hz)
        )
        for numbers in (_shelf(rate_hz), _high_pass(rate_hz)):
            named = ":".join(f"{name}={value:.17g}" for name, value in numbers.items())
            following = self._graph.add("biquad", f"{named}:precision=f32")
            chain.link_to(following)
            chain = following
        packed, sink = self._graph.add("aformat", "sample_fmts=flt"), self._graph.add("abuffersink")
        chain.link_to(packed)
        packed.link_to(sink)
        self._graph.configure()

    def push(self, samples: Samples) -> None:
        """One block, frames x channels."""
        packed = np.ascontiguousarray(samples).reshape(1, -1)  # PyAV miscounts the planes of eight channels
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=self._layout)
        frame.sample_rate, frame.pts = self._rate, self._pushed
        self._pushed += len(samples)
        self._graph.push(frame)
        self._drain()

    def finish(self) -> float | None:
        """LUFS of the loudest 400 ms; None for silence and for less than that."""
        if self._pushed:
            self._graph.push(None)
            self._drain()
        power = np.concatenate(self._powers) if self._powers else np.zeros(0, np.float32)
        if len(power) < _WINDOW:
            return None
        total = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
        most = float((total[_WINDOW:] - total[:-_WINDOW]).max()) / _WINDOW
        return _OFFSET + 10 * math.log10(most) if most > 1e-12 else None

    def _drain(self) -> None:
        for frame in pulled(self._graph):
            whole = np.concatenate([self._rest, frame.to_ndarray().reshape(-1, len(self._rest)).T], axis=1)
            count = whole.shape[1] // self._hop
            hops = whole[:, : count * self._hop].reshape(len(whole), count, self._hop)
            self._powers.append(self._weights @ (np.einsum("cnh,cnh->cn", hops, hops) / self._hop))
            self._rest = whole[:, count * self._hop :]


def _shelf(rate_hz: int) -> dict[str, float]:
    """The head: +4 dB above some 1.7 kHz."""
    gain, q, k = 3.999843853973347, 0.7071752369554196, math.tan(math.pi * 1681.974450955533 / rate_hz)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    return {
        "b0": (high + band * k / q + k * k) / a0,
        "b1": 2 * (k * k - high) / a0,
        "b2": (high - band * k / q + k * k) / a0,
        "a0": 1.0,
        "a1": 2 * (k * k - 1) / a0,
        "a2": (1 - k / q + k * k) / a0,
    }


def _high_pass(rate_hz: int) -> dict[str, float]:
    """Less weight below 40 Hz."""
    q, k = 0.5003270373238773, math.tan(math.pi * 38.13547087602444 / rate_hz)
    a0 = 1 + k / q + k * k
    return {"b0": 1.0, "b1": -2.0, "b2": 1.0, "a0": 1.0, "a1": 2 * (k * k - 1) / a0, "a2": (1 - k / q + k * k) / a0}
