"""The sound of a film from a moment on: at the rate of the loudspeaker, faster or slower with its pitch kept.

Time is filled: where the film has no sound yet, no more, or a damaged piece, there is silence of the same length, so
that what is heard at a moment belongs to that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.filter import Graph
from av.stream import Discard

from perfstudio.capture.playing.decoding import decoded
from perfstudio.capture.playing.film_pictures import TORN_S
from perfstudio.capture.playing.play_options import PlayOptions

SLOWEST, FASTEST = 0.5, 2.0
"""Of `atempo` (WSOLA): outside of it speech is no longer followed."""
CHANNELS = 2
FRAME_BYTES = 4 * CHANNELS
"""Interleaved floating point, left and right."""
_GAP_S = 0.002
_SILENCE_S = 0.1


class FilmSound:
    """The sound stream of an open container, which nobody else reads."""

    def __init__(self, box: InputContainer) -> None:
        self._box, self._stream = box, box.streams.audio[0]
        self._tick_s = float(self._stream.time_base or 1)
        self._rate_hz = self._stream.codec_context.sample_rate
        self.end_s = (self._stream.duration or 0) * self._tick_s or (box.duration or 0) / av.time_base
        for other in box.streams:
            if other is not self._stream:
                other.discard = Discard.all
        self.torn_s: float | None = None
        """Where the sound ends although the file tells of more."""

    @property
    def rate_hz(self) -> int:
        """Samples a second, as recorded."""
        return self._rate_hz

    def played(self, start_s: float, end_s: float, rate_hz: int, options: PlayOptions) -> Iterator[bytes]:
        """As `blocks`, as fast and as loud as the options say."""
        return self.blocks(start_s, end_s, rate_hz, options.speed, options.volume)

    def blocks(self, start_s: float, end_s: float, rate_hz: int, speed: float, volume: float) -> Iterator[bytes]:
        """What is heard from one moment to another, to the sample: frames of FRAME_BYTES, `rate_hz` a second."""
        left = max(0, round((end_s - start_s) / speed * rate_hz)) * FRAME_BYTES
        for block in filtered(self._continuous(start_s), rate_hz, speed, volume):
            yield block[:left]
            left -= len(block)
            if left <= 0:
                return
        quiet = bytes(round(rate_hz * _SILENCE_S) * FRAME_BYTES)
        while left > 0:
            yield quiet[:left]
            left -= len(quiet)

    def _continuous(self, start_s: float) -> Iterator[av.AudioFrame]:
        """Decoded frames without gaps, the first of which begins at `start_s`."""
        wanted = round(start_s * self._rate_hz)
        for frame in decoded(self._box, self._stream, start_s):
            if not isinstance(frame, av.AudioFrame) or not frame.samples:
                continue
            at = round((frame.pts or 0) * self._tick_s * self._rate_hz)
            if at + frame.samples <= wanted:
                continue
            if at - wanted > _GAP_S * self._rate_hz:
                yield from self._silence(frame, wanted, at)
                wanted = at
            skipped = max(0, wanted - at)
            yield numbered(_cut(frame, skipped), wanted)
            wanted += frame.samples - skipped
        if (reached_s := wanted / self._rate_hz) < self.end_s - TORN_S:
            self.torn_s = reached_s

    def _silence(self, like: av.AudioFrame, first: int, end: int) -> Iterator[av.AudioFrame]:
        while first < end:
            count = min(end - first, round(_SILENCE_S * self._rate_hz))
            yield numbered(_empty(like, count), first)
            first += count


def filtered(frames: Iterator[av.AudioFrame], rate_hz: int, speed: float, volume: float) -> Iterator[bytes]:
    """Frames of one form as FRAME_BYTES, `rate_hz` a second: faster or slower with the pitch kept, and louder."""
    graph = None
    for frame in frames:
        graph = graph or _graph(frame, rate_hz, speed, volume)
        graph.push(frame)
        yield from _pulled(graph)
    if graph is not None:
        graph.push(None)
        yield from _pulled(graph)


def _graph(frame: av.AudioFrame, rate_hz: int, speed: float, volume: float) -> Graph:
    graph = Graph()
    graph.threads = 1
    steps: list[Any] = [
        graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=frame.time_base,
        )
    ]
    if frame.layout.nb_channels == 1:
        steps.append(graph.add("pan", "stereo|c0=c0|c1=c0"))  # mixed by itself, one channel would lose 3 dB
    if speed != 1.0:
        steps.append(graph.add("atempo", f"{speed:g}"))
    if volume != 1.0:
        steps.append(graph.add("volume", f"{volume:g}"))
    steps += [graph.add("aformat", f"sample_fmts=flt:sample_rates={rate_hz}:channel_layouts=stereo")]
    steps += [graph.add("abuffersink")]
    graph.link_nodes(*steps).configure()
    return graph


def _pulled(graph: Graph) -> Iterator[bytes]:
    """What a graph whose end is interleaved floating point has ready."""
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        yield bytes(memoryview(frame.planes[0])[: frame.samples * FRAME_BYTES])  # type: ignore[union-attr]


def numbered(frame: av.AudioFrame, first: int) -> av.AudioFrame:
    """The frame, of which the first sample is the `first` of all."""
    frame.pts, frame.time_base = first, Fraction(1, frame.sample_rate)
    return frame


def _cut(frame: av.AudioFrame, skipped: int) -> av.AudioFrame:
    """A frame without its first samples."""
    if not skipped:
        return frame
    rest = _empty(frame, frame.samples - skipped)
    width = _sample_bytes(frame)
    for old, new in zip(frame.planes, rest.planes, strict=True):
        data = memoryview(old)[skipped * width : frame.samples * width]
        new.update(bytes(data).ljust(new.buffer_size, b"\0"))
    return rest


def _empty(like: av.AudioFrame, samples: int) -> av.AudioFrame:
    """So much silence in the form of another frame."""
    made = av.AudioFrame(format=like.format.name, layout=like.layout.name, samples=samples)
    made.sample_rate = like.sample_rate
    for plane in made.planes:
        plane.update(bytes(plane.buffer_size))
    return made


def _sample_bytes(frame: av.AudioFrame) -> int:
    """Bytes of one sample in one plane."""
    return frame.format.bytes * (1 if frame.format.is_planar else frame.layout.nb_channels)
