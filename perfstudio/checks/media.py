"""Reading media files, ours or anybody's: every stream is decoded once, from first to last, on the caller's thread.

How a file is opened stands in `opening`, which of its tracks are meant in `tracks`. What cannot be read is a
MediaError; a damaged piece in the middle is counted and passed over.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.format import Flags
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from perfstudio.checks.opening import UNREADABLE, open_media
from perfstudio.checks.samples import Conformer
from perfstudio.checks.tracks import certain, films_of, moving, sounds_of, undecodable
from perfstudio.model.errors import ErrorCode, MediaError

Samples = NDArray[np.float32]
"""Frames x channels, full scale = 1.0."""
Grey = NDArray[np.uint8]

_BLOCK_S = 1.0
_STRETCH = (0.2, 5.0)
"""Pixels are this much wider than high at most; what claims more is a mistake."""


@dataclass(frozen=True, slots=True)
class SoundInfo:
    """A sound track as its header describes it. `start_s` lies on the file's own time."""

    rate_hz: int
    channels: int
    start_s: float
    duration_s: float | None
    index: int = 0
    """Among all streams of the file."""
    number: int = 1
    """Among its sound tracks, from one."""


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """The film as its header describes it."""

    width: int
    height: int
    nominal_fps: float | None
    start_s: float
    duration_s: float | None
    stretch: float = 1.0
    """How much wider than high a pixel is shown."""
    number: int = 1
    """Among the films of the file, from one,"""
    films: int = 1
    """and how many there are."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds: its sound tracks in the order in which they are to be judged, and its film."""

    sounds: tuple[SoundInfo, ...]
    picture: PictureInfo | None

    @property
    def sound(self) -> SoundInfo | None:
        """The track that is meant to be heard."""
        return self.sounds[0] if self.sounds else None


@dataclass(slots=True)
class Damage:
    """How many pieces the decoder could not read; filled while an iterator runs."""

    pieces: int = 0
    times_s: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Extent:
    """When a stream begins and ends on the file's own time; filled while an iterator runs."""

    start_s: float | None = None
    end_s: float = 0.0

    def add(self, start_s: float | None, length_s: float) -> None:
        """One more frame; without a time of its own it follows the one before."""
        start = self.end_s if start_s is None else start_s
        self.start_s = start if self.start_s is None else min(self.start_s, start)
        self.end_s = max(self.end_s, start + length_s)


def probe(path: Path) -> MediaInfo:
    """What the file holds. Raises MediaError: missing, unreadable, or neither sound nor picture in it."""
    with open_media(path) as container:
        zero_s = _zero_s(container)
        order = {stream.index: number for number, stream in enumerate(container.streams.audio, 1)}
        sounds = tuple(
            SoundInfo(s.rate or 0, s.channels, _start(s) - zero_s, _duration(s, container), s.index, order[s.index])
            for s in sounds_of(container)
        )
        films = films_of(container)
        if not certain(films):
            films = moving(container, films)
        if not sounds and not films:
            raise _nothing(container, path)
        return MediaInfo(sounds, _picture_info(films, container, zero_s) if films else None)


def _picture_info(films: list[Any], container: InputContainer, zero_s: float) -> PictureInfo:
    film = films[0]
    aspect = float(film.sample_aspect_ratio or 1)
    return PictureInfo(
        film.width,
        film.height,
        float(film.average_rate) if film.average_rate else None,
        _start(film) - zero_s,
        _duration(film, container),
        aspect if _STRETCH[0] <= aspect <= _STRETCH[1] else 1.0,
        1 + sum(other.index < film.index for other in films),
        len(films),
    )


def _nothing(container: InputContainer, path: Path) -> MediaError:
    if undecodable(container):
        return MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail="codec")
    if container.streams.video:
        return MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail="still_picture")
    return MediaError(ErrorCode.MEDIA_NO_STREAMS, file=path.name)


def sound_blocks(
    path: Path, damage: Damage, *, track: int | None = None, extent: Extent | None = None
) -> Iterator[tuple[Samples, int]]:
    """(samples, rate) in blocks of about a second, first to last; nothing when the file has no sound.

    `track` is the index of a stream; without it the track is read that is meant to be heard.
    """
    with open_media(path) as container:
        stream = next((s for s in sounds_of(container) if track is None or s.index == track), None)
        if stream is None:
            return
        zero_s = _zero_s(container)
        conformer = Conformer()
        waiting: list[Samples] = []
        for frame in cast("Iterator[av.AudioFrame]", _frames(container, stream, damage)):
            begin_s = float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else None
            try:
                waiting += conformer.push(frame)
            except UNREADABLE:
                damage.pieces += 1
                continue
            if extent is not None:
                known_s = None if begin_s is None or conformer.changed else begin_s - zero_s
                extent.add(known_s, frame.samples / frame.sample_rate)
            if sum(map(len, waiting)) >= conformer.rate_hz * _BLOCK_S:
                yield np.concatenate(waiting), conformer.rate_hz
                waiting = []
        waiting += conformer.rest()
        if waiting:
            yield np.concatenate(waiting), conformer.rate_hz


def film_times(path: Path) -> tuple[float, ...]:
    """Presentation times of all frames in seconds, ascending, without decoding one."""
    with _film(path) as (container, stream):
        if stream is None:
            return ()
        base = stream.time_base or Fraction(1, 1000)
        try:
            stamps = [packet.pts for packet in container.demux(stream) if packet.pts is not None]
        except UNREADABLE:
            return ()
        return tuple((np.sort(np.array(stamps, np.int64)) * float(base) - _zero_s(container)).tolist())


def film_frames(path: Path, damage: Damage, *, from_s: float = 0.0) -> Generator[tuple[float, av.VideoFrame]]:
    """(time in s, frame) in presentation order; nothing when the file has no film.

    With `from_s` decoding begins at the keyframe before it.
    """
    with _film(path) as (container, stream):
        if stream is None:
            return
        stream.thread_type = "AUTO"  # several pictures at a time: on two cores too nearly half of the wait is saved
        base, zero_s = stream.time_base or Fraction(1, 1000), _zero_s(container)
        step = 1 / float(stream.average_rate) if stream.average_rate else 1 / 30
        last = _start(stream) - zero_s - step
        if from_s > 0:
            container.seek(round((from_s + zero_s) / base), stream=stream)
        for frame in cast("Iterator[av.VideoFrame]", _frames(container, stream, damage)):
            last = float(frame.pts * base) - zero_s if frame.pts is not None else last + step
            yield last, frame


@contextmanager
def _film(path: Path) -> Iterator[tuple[InputContainer, Any]]:
    """The container and its film, at its beginning; None when it has none."""
    with open_media(path) as container:
        films = films_of(container)
        if certain(films):
            yield container, films[0] if films else None
            return
        index = next((stream.index for stream in moving(container, films)), None)
    with open_media(path) as container:
        yield container, None if index is None else container.streams[index]


def _frames(container: InputContainer, stream: Any, damage: Damage) -> Iterator[av.AudioFrame | av.VideoFrame]:
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except UNREADABLE:
            damage.pieces += 1  # the container itself breaks off here
            return
        try:
            yield from packet.decode()
        except UNREADABLE:
            damage.pieces += 1
            if packet.pts is not None and packet.time_base:
                damage.times_s.append(float(packet.pts * packet.time_base))


def _zero_s(container: InputContainer) -> float:
    """Where the clock of the file begins: of a broadcast stream anywhere, of any other file at nought."""
    broadcast = Flags.ts_discont in Flags(container.format.flags)
    return container.start_time / 1e6 if broadcast and container.start_time is not None else 0.0


def _start(stream: Any) -> float:
    return float(stream.start_time * stream.time_base) if stream.start_time is not None else 0.0


def _duration(stream: Any, container: InputContainer) -> float | None:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / 1e6 if container.duration is not None else None


_EIGHT_BIT = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "nv21", "gray"})
_DEEP = re.compile(r"(?:yuva?4\d\dp|gray)(9|10|12|14|16)le")
_ALWAYS_FULL = (
    "yuvj",
    "rgb",
    "bgr",
    "gbr",
    "argb",
    "abgr",
    "0rgb",
    "0bgr",
    "pal",
    "mono",
    "gray",
    "ya8",
    "ya16",
    "bayer",
)
_STUDIO, _FULL = 1, 2
"""AVCOL_RANGE_MPEG and AVCOL_RANGE_JPEG."""


def luma_plane(frame: av.VideoFrame) -> Grey:
    """Height x width of full-size luma in eight bits, in the range of the file; a view where the format allows."""
    name = frame.format.name
    if (deep := _DEEP.fullmatch(name)) is not None:
        return cast("Grey", cv2.convertScaleAbs(_plane(frame, np.uint16), alpha=2.0 ** (8 - int(deep[1]))))
    if name not in _EIGHT_BIT:
        # FFmpeg's grey has the full range always, which is theirs anyway; luma among colours stays as it is.
        frame = frame.reformat(format="gray" if name.startswith(_ALWAYS_FULL) else "yuv420p")
    return _plane(frame, np.uint8)


def _plane(frame: av.VideoFrame, kind: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    plane, width = frame.planes[0], np.dtype(kind).itemsize
    rows: NDArray[Any] = np.frombuffer(cast("memoryview[int]", plane), kind).reshape(-1, plane.line_size // width)
    return rows[: frame.height, : frame.width]


def full_range(luma: Grey, frame: av.VideoFrame) -> Grey:
    """Studio range (16..235) brought to 0..255; full range is left alone."""
    name = frame.format.name
    grey_studio = name.startswith("gray") and frame.color_range == _STUDIO
    if not grey_studio and (frame.color_range == _FULL or name.startswith(_ALWAYS_FULL)):
        return luma
    return cast("Grey", cv2.LUT(luma, _STUDIO_TO_FULL))


_STUDIO_TO_FULL = np.clip(np.round((np.arange(256) - 16) * 255 / 219), 0, 255).astype(np.uint8)


class SmallColour:
    """Small colour pictures of the frames of one file. Kept for all of them: setting FFmpeg's scaler up costs most."""

    def __init__(self, width: int, stretch: float = 1.0) -> None:
        self._width = width
        self._stretch = stretch
        self._scaler = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> Grey:
        """Height x width x 3 BGR with square pixels, at most `width` across (or down, for a tall picture)."""
        shown = shown_size(frame.width, frame.height, self._stretch)
        scale = min(1.0, self._width / max(shown))
        width, height = (max(2, round(side * scale / 2) * 2) for side in shown)
        small = self._scaler.reformat(frame, width=width, height=height, format="bgr24", interpolation="AREA")
        return cast("Grey", small.to_ndarray())


def shown_size(width: int, height: int, stretch: float) -> tuple[int, int]:
    """A stored size in square pixels; nothing is thrown away for that."""
    return (round(width * stretch), height) if stretch >= 1 else (width, round(height / stretch))
