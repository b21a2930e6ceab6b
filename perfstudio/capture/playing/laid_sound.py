"""The sound of a film and of the partner beside it, as one: each at its moment, mixed before it is made faster.

Both are decoded at the speed they were recorded at, so that a change of speed, whose cuts lie where the sound wants
them, moves both alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.playing.film_sound import CHANNELS, FilmSound, filtered, numbered
from perfstudio.capture.playing.play_options import PlayOptions, WhoIsHeard
from perfstudio.model.heard_times import HeardStretch, HeardTimes

Floats = NDArray[np.float32]
"""(frames, 2)"""
_BLOCK_S: Final = 0.1
_ONE_CLOCK_S: Final = 0.0005
"""Two clocks that part by less than this over a stretch are taken for one: its samples are given on as they are."""


class LaidSound:
    """Sound of another film where it was heard in this one; silence where it was not."""

    def __init__(self, sound: FilmSound, times: HeardTimes, first_sample: int, gain_db: float) -> None:
        """`first_sample` of the clip is the first that was heard, at the rate of its file."""
        self._sound, self._times = sound, times
        self._stretches = tuple(times.stretches(first_sample / sound.rate_hz))
        self._gain = 10 ** (gain_db / 20)
        self.rate_hz = sound.rate_hz

    def blocks(self, start_s: float, end_s: float, rate_hz: int) -> Iterator[Floats]:
        """From one take time to another, to the sample."""
        first, last = round(start_s * rate_hz), round(end_s * rate_hz)
        for stretch in self._stretches:
            begin = min(max(first, round(stretch.start_s * rate_hz)), last)
            end = min(max(begin, round(stretch.end_s * rate_hz)), last)
            yield from _silence(begin - first)
            yield from self._heard(stretch, begin, end, rate_hz)
            first = end
        yield from _silence(last - first)

    def _heard(self, stretch: HeardStretch, first: int, end: int, rate_hz: int) -> Iterator[Floats]:
        """Samples `first` to `end` of the take, within a stretch."""
        if end <= first:
            return
        factor = self._times.stretch
        from_s = max(0.0, stretch.clip_s + (first / rate_hz - stretch.start_s) / factor)
        is_one = abs(factor - 1.0) * (end - first) / rate_hz < _ONE_CLOCK_S
        needed = (end - first) / rate_hz / (1.0 if is_one else factor) + (0 if is_one else 4 / rate_hz)
        raw = _arrays(self._sound.blocks(from_s, from_s + needed, rate_hz, 1.0, self._gain))
        yield from _exactly(raw if is_one else _on_the_other_clock(raw, factor), end - first)


class MixedSound:
    """A film's own sound (if it has one) and the partner's: which of them is heard the options say."""

    def __init__(self, own: FilmSound | None, other: LaidSound) -> None:
        self._own, self._other = own, other
        self.rate_hz = own.rate_hz if own is not None else other.rate_hz

    @property
    def torn_s(self) -> float | None:
        """Where the film's own sound ends although the file tells of more."""
        return self._own.torn_s if self._own is not None else None

    def played(self, start_s: float, end_s: float, rate_hz: int, options: PlayOptions) -> Iterator[bytes]:
        """What is heard from one moment to another: frames of FRAME_BYTES, `rate_hz` a second."""
        mixed = self._mixed(start_s, end_s, rate_hz, options)
        if options.speed == 1.0:
            yield from (block.tobytes() for block in mixed)
            return
        count = max(0, round((end_s - start_s) / options.speed * rate_hz))
        for block in _exactly(_arrays(filtered(_frames(mixed, rate_hz), rate_hz, options.speed, 1.0)), count):
            yield block.tobytes()

    def _mixed(self, start_s: float, end_s: float, rate_hz: int, options: PlayOptions) -> Iterator[Floats]:
        parts: list[Iterator[Floats]] = []
        if self._own is not None and options.heard is not WhoIsHeard.PARTNER:
            parts.append(_arrays(self._own.blocks(start_s, end_s, rate_hz, 1.0, 1.0)))
        if options.heard is not WhoIsHeard.OWN:
            parts.append(self._other.blocks(start_s, end_s, rate_hz))
        size, left = round(_BLOCK_S * rate_hz), round(end_s * rate_hz) - round(start_s * rate_hz)
        readers = [_Reader(part) for part in parts]
        while left > 0:
            count = min(size, left)
            block = np.zeros((count, CHANNELS), np.float32)
            for reader in readers:
                block += reader.read(count)
            yield np.clip(block * np.float32(options.volume), -1.0, 1.0)
            left -= count


class _Reader:
    """Blocks of any length in pieces of a wanted one; silence behind their end."""

    def __init__(self, blocks: Iterator[Floats]) -> None:
        self._blocks = blocks
        self._rest = np.zeros((0, CHANNELS), np.float32)

    def read(self, count: int) -> Floats:
        parts, have = [self._rest], len(self._rest)
        while have < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            have += len(block)
        whole = np.concatenate(parts)
        self._rest = whole[count:]
        return np.pad(whole[:count], ((0, count - len(whole[:count])), (0, 0)))


def _on_the_other_clock(blocks: Iterator[Floats], factor: float) -> Iterator[Floats]:
    """The same sound, `factor` times as long; between two samples lies the line from one to the other."""
    reader, step = _Reader(blocks), 1.0 / factor
    size, at = 4096, 0.0
    held = reader.read(1)
    while True:
        places = at + np.arange(size) * step
        need = int(places[-1]) + 2 - len(held)
        held = np.concatenate((held, reader.read(max(0, need))))
        low = places.astype(np.intp)
        part = (places - low).astype(np.float32)[:, None]
        yield held[low] * (1 - part) + held[low + 1] * part
        at = float(places[-1]) + step
        gone = int(at)
        held, at = held[gone:], at - gone


def _exactly(blocks: Iterator[Floats], count: int) -> Iterator[Floats]:
    reader = _Reader(blocks)
    while count > 0:
        block = reader.read(min(count, 4800))
        count -= len(block)
        yield block


def _arrays(blocks: Iterator[bytes]) -> Iterator[Floats]:
    for block in blocks:
        yield np.frombuffer(block, np.float32).reshape(-1, CHANNELS)


def _silence(count: int) -> Iterator[Floats]:
    while count > 0:
        piece = min(count, 4800)
        count -= piece
        yield np.zeros((piece, CHANNELS), np.float32)


def _frames(blocks: Iterator[Floats], rate_hz: int) -> Iterator[av.AudioFrame]:
    first = 0
    for block in blocks:
        frame = av.AudioFrame(format="flt", layout="stereo", samples=len(block))
        frame.planes[0].update(block.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = rate_hz
        yield numbered(frame, first)
        first += len(block)
