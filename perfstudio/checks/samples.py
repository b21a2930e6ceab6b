"""Samples of any of FFmpeg's sample types as numbers of one kind, in the rate and channels in which the sound began."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.tracks import LOWEST_HZ

_KINDS: dict[str, type[np.generic]] = {
    "u8": np.uint8,
    "s16": np.int16,
    "s32": np.int32,
    "s64": np.int64,
    "flt": np.float32,
    "dbl": np.float64,
}
_COUNTED = 8
"""PyAV counts planes until one is missing, which is only sure to end among the first eight."""


class Conformer:
    """Frames of one stream, each as frames x channels, float32, full scale 1.0.

    A stream that goes on in another rate or with other channels is brought to those in which it began.
    """

    def __init__(self) -> None:
        self.rate_hz = self.channels = 0
        self._first: tuple[str, int] | None = None
        self._layout: Any = None
        self._resampler: tuple[tuple[str, int], av.AudioResampler] | None = None

    def push(self, frame: av.AudioFrame) -> Iterator[NDArray[np.float32]]:
        """The samples of one frame. Raises ValueError for a frame that makes no sense."""
        form = (frame.layout.name, frame.sample_rate)
        if self._first is None:
            if frame.sample_rate < LOWEST_HZ or not frame.layout.nb_channels:
                raise ValueError(form)
            self._first, self._layout = form, frame.layout
            self.rate_hz, self.channels = frame.sample_rate, frame.layout.nb_channels
        if self._resampler is not None and self._resampler[0] != form:
            yield from self.rest()
        if form == self._first:
            yield plain(frame)
            return
        if self._resampler is None:
            self._resampler = (form, av.AudioResampler(format="flt", layout=self._layout, rate=self.rate_hz))
        frame.pts = None  # its clock may have changed with it
        yield from map(plain, self._resampler[1].resample(frame))

    @property
    def changed(self) -> bool:
        """Whether the sound went on in another form; the times of its frames are no longer to be trusted then."""
        return self._resampler is not None

    def rest(self) -> Iterator[NDArray[np.float32]]:
        """What is still on its way to another rate."""
        if self._resampler is not None:
            (_, resampler), self._resampler = self._resampler, None
            yield from map(plain, resampler.resample(None))


def plain(frame: av.AudioFrame) -> NDArray[np.float32]:
    """Frames x channels in full scale 1.0; what is no number is zero."""
    channels, count = frame.layout.nb_channels, frame.samples
    kind = np.dtype(_KINDS[frame.format.name.removesuffix("p")])
    if frame.format.is_planar and channels > _COUNTED:
        together = av.AudioResampler(format=frame.format.packed, layout=frame.layout, rate=frame.sample_rate)
        (frame,) = together.resample(frame)
    if frame.format.is_planar:
        stored = np.stack([np.frombuffer(cast("Any", p), kind, count) for p in frame.planes[:channels]], axis=1)
    else:
        stored = np.frombuffer(cast("Any", frame.planes[0]), kind, count * channels).reshape(count, channels)
    samples = stored.astype(np.float32)  # not of the decoder's memory any more
    if kind.kind == "f":
        if not np.isfinite(samples).all():  # of many small frames the question costs a tenth of the cure
            np.nan_to_num(samples, copy=False, posinf=1.0, neginf=-1.0)
        return samples
    full = np.float32(2.0 ** (8 * kind.itemsize - 1))
    return (samples - full if kind.kind == "u" else samples) / full
