"""Every frame, very small: black, frozen, flickering and shaking pictures.

Each frame arrives as a grid of single pixels (`tiny`), picked and not averaged: a camera's noise is the same in it at
every size of picture, and one frame costs microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.levels import runs
from perfstudio.checks.steadiness import edge_shift
from perfstudio.model.timing import Span

Tiny = NDArray[np.uint8]
"""Rows x columns of full-range luma, 90 x 160 of a wide picture."""

_TINY_SIDE = 160

_BLACK_MEAN = 10.0
_BLACK_TOP = 32.0
_STILL_MEAN = 0.05
_STILL_TOP = 3
_REFRESH_MEAN = 2.0
"""A keyframe repaints a still picture; a jump of less than this between still stretches does not end them."""
_FLICKER_WINDOW_S = 4.0
_FLICKER_FROM_HZ = 2.5
_FLICKER_OVER = 6.0
_BANDS = 4
_ROWS = 30


@dataclass(frozen=True, slots=True)
class Motion:
    """What the frames did. Flicker as percent of the mean (peak), shake as percent of the width per second.

    The width is that of a wide picture of the same height: see `steadiness`.
    """

    black: tuple[Span, ...]
    frozen: tuple[Span, ...]
    flicker_percent: float | None
    flicker_hz: float
    shake: float | None
    alive: float = 0.0
    """Share of the looks in which something moved in one place: somebody is there, found or not."""


@dataclass(slots=True)
class MotionScan:
    """Feeds on one tiny luma grid per frame."""

    _times: list[float] = field(default_factory=list)
    _means: list[float] = field(default_factory=list)
    _black: list[bool] = field(default_factory=list)
    _change: list[float] = field(default_factory=list)
    _still: list[bool] = field(default_factory=list)
    _rows: list[NDArray[np.float32]] = field(default_factory=list)
    _speeds: list[float] = field(default_factory=list)
    _alive: list[bool] = field(default_factory=list)
    _last: Tiny | None = None
    _last_whole: Tiny | None = None

    def push(self, tiny: Tiny, at_s: float, *, watch_shake: bool = False, whole: Tiny | None = None) -> None:
        """One frame. `watch_shake` also measures how far the picture's edges moved since the frame before.

        `whole` is the frame's full-size luma, if it is at hand: single pixels tell less of a movement.
        """
        mean = cv2.mean(tiny)[0]
        self._times.append(at_s)
        self._means.append(mean)
        self._black.append(mean < _BLACK_MEAN and float(np.percentile(tiny, 99)) < _BLACK_TOP)
        self._rows.append(_row_profile(tiny))
        last, self._last = self._last, tiny
        whole = tiny if whole is None else whole
        last_whole, self._last_whole = self._last_whole, whole
        if last is None or last.shape != tiny.shape:
            self._change.append(255.0)
            self._still.append(False)
            return
        change = cast("Tiny", cv2.absdiff(tiny, last))
        self._change.append(cv2.mean(change)[0])
        self._still.append(self._change[-1] <= _STILL_MEAN and int(change.max()) <= _STILL_TOP)
        if watch_shake:
            self._alive.append(_moves_somewhere(change))
        step = at_s - self._times[-2]
        if watch_shake and not self._still[-1] and last_whole is not None and 0 < step < 0.2:
            shift = edge_shift(last_whole, whole)
            if shift is not None:
                self._speeds.append(100 * shift / step)

    @property
    def now(self) -> tuple[float, float, float]:
        """(mean luma, seconds black, seconds still) up to the last frame: what the live hint needs."""
        return (
            self._means[-1] if self._means else 0.0,
            self._lasting(self._black),
            self._lasting(self._still),
        )

    def finish(self, shift_s: float = 0.0, *, sparse: bool = False) -> Motion:
        """What was seen. `shift_s` is taken off all times. `sparse`: not every frame was seen: no flicker is told."""
        fps = 1 / float(np.median(np.diff(self._times))) if len(self._times) > 2 and not sparse else 0.0
        flicker, hertz = _flicker(self._rows, fps) if fps > 0 else (None, 0.0)
        return Motion(
            black=self._spans(np.array(self._black, bool), shift_s),
            frozen=self._spans(self._bridged() & ~np.array(self._black, bool), shift_s),
            flicker_percent=flicker,
            flicker_hz=hertz,
            shake=float(np.median(self._speeds)) if len(self._speeds) >= 8 else None,
            alive=float(np.mean(self._alive)) if self._alive else 0.0,
        )

    def _lasting(self, flags: list[bool]) -> float:
        count = 0
        while count < len(flags) and flags[-1 - count]:
            count += 1
        return self._times[-1] - self._times[max(0, len(flags) - count - 1)] if count else 0.0

    def _bridged(self) -> NDArray[np.bool_]:
        still = np.array(self._still, bool)
        for a, b in runs(~still):
            lone = b - a == 1 and a > 0 and b < len(still)
            if lone and self._change[a] < _REFRESH_MEAN:
                still[a] = True
        return still

    def _spans(self, mask: NDArray[np.bool_], shift_s: float) -> tuple[Span, ...]:
        times = self._times
        return tuple(
            Span(start_s=times[max(0, a - 1)] - shift_s, end_s=times[min(b, len(times) - 1)] - shift_s)
            for a, b in runs(mask)
        )


def tiny_luma(luma: NDArray[np.uint8]) -> Tiny:
    """Single pixels of a luma plane, evenly spread: 160 along its longer side, or all there are."""
    step = max(1.0, max(luma.shape) / _TINY_SIDE)
    if step.is_integer() and not any(side % step for side in luma.shape):
        start, by = int(step / 2), int(step)
        return np.ascontiguousarray(luma[start::by, start::by])  # most cameras: ten times as fast
    rows, columns = (_picks(side, step) for side in luma.shape)
    return np.ascontiguousarray(luma[rows][:, columns])


@cache
def _picks(side: int, step: float) -> NDArray[np.intp]:
    """Of each stretch of a side the pixel in its middle."""
    picks = ((np.arange(max(1, round(side / step))) + 0.5) * step).astype(np.intp)
    return np.minimum(picks, side - 1)


def _row_profile(tiny: Tiny) -> NDArray[np.float32]:
    """Thirty values from top to bottom: light that flickers on a rolling shutter moves through them as bands."""
    rows = cast("NDArray[np.float32]", cv2.reduce(tiny, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F))
    way = cv2.INTER_AREA if len(rows) >= _ROWS else cv2.INTER_LINEAR
    return cast("NDArray[np.float32]", cv2.resize(rows, (1, _ROWS), interpolation=way)[:, 0])


def _flicker(rows: list[NDArray[np.float32]], fps: float) -> tuple[float | None, float]:
    """(percent, hertz) of the steadiest oscillation of the light, seen as bands or as a whole."""
    size = round(_FLICKER_WINDOW_S * fps)
    if size < 16 or len(rows) < size:
        return None, 0.0
    picture = np.log(np.maximum(np.array(rows, np.float32), 4.0))
    window = np.hanning(size).astype(np.float32)[:, None]
    found = []
    for start in range(0, len(picture) - size + 1, size):
        part = picture[start : start + size]
        part = (part - part.mean(axis=0)) * window
        found.append(np.abs(np.fft.fft2(part)[: size // 2 + 1, :])[:, [0, *range(1, _BANDS + 1), *range(-_BANDS, 0)]])
    amplitude = np.median(found, axis=0) * 2 / (window.sum() * _ROWS)
    first = int(np.ceil(_FLICKER_FROM_HZ * size / fps))
    body = amplitude[first:]
    if not body.size:
        return None, 0.0
    at, band = np.unravel_index(int(np.argmax(body)), body.shape)
    level = float(body[at, band])
    around = float(np.median(body[:, band]))
    if level < _FLICKER_OVER * around:
        return 0.0, 0.0
    return 100 * level, float((first + at) * fps / size)


def _moves_somewhere(change: Tiny) -> bool:
    """Whether one part of the picture changed much more than most of it did."""
    rows, columns = change.shape[0] // 10 * 10, change.shape[1] // 10 * 10
    if not rows or not columns:
        return False
    parts = change[:rows, :columns].reshape(rows // 10, 10, columns // 10, 10).mean(axis=(1, 3))
    return float(parts.max()) > 3.0 + 2.0 * float(np.median(parts))
