"""Reading media files, ours or anybody's: every stream is decoded once, from first to last, on the caller's thread.

FFmpeg is told to touch local files only, so that a playlist in a film's clothes cannot reach the network. What cannot
be read is a MediaError; a damaged piece in the middle is counted and passed over.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import av.stream
import cv2
import numpy as np
from av.container import InputContainer
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from perfstudio.model.errors import ErrorCode, MediaError

Samples = NDArray[np.float32]
"""Frames x channels, full scale = 1.0."""
Grey = NDArray[np.uint8]

_OPTIONS = {"protocol_whitelist": "file"}
_STILLS = ("image2", "_pipe")
_PLAYLISTS = frozenset({"hls", "concat", "dash", "imf"})
_BLOCK_S = 1.0


@dataclass(frozen=True, slots=True)
class SoundInfo:
    """The sound stream as its header describes it. `start_s` lies on the file's own time."""

    rate_hz: int
    channels: int
    start_s: float
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """The picture stream as its header describes it. `rotation_deg` is what a player is asked to turn it by."""

    width: int
    height: int
    nominal_fps: float | None
    start_s: float
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds."""

    sound: SoundInfo | None
    picture: PictureInfo | None


@dataclass(slots=True)
class Damage:
    """How many pieces the decoder could not read; filled while an iterator runs."""

    pieces: int = 0
    times_s: list[float] = field(default_factory=list)


def probe(path: Path) -> MediaInfo:
    """What the file holds. Raises MediaError: missing, unreadable, or neither sound nor picture in it."""
    with open_media(path) as container:
        sound = container.streams.audio[0] if container.streams.audio else None
        film = _film_stream(container)
        if sound is None and film is None:
            raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=path.name)
        return MediaInfo(
            SoundInfo(sound.rate or 0, sound.channels, _start(sound), _duration(sound, container)) if sound else None,
            PictureInfo(
                film.width,
                film.height,
                float(film.average_rate) if film.average_rate else None,
                _start(film),
                _duration(film, container),
            )
            if film
            else None,
        )


def open_media(path: Path) -> InputContainer:
    """The opened container. Raises MediaError with a detail code: empty, still_picture, playlist, or FFmpeg's word."""
    if not path.is_file():
        raise MediaError(ErrorCode.MEDIA_MISSING, file=path.name)
    if path.stat().st_size == 0:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail="empty")
    try:
        container = av.open(str(path), "r", options=_OPTIONS, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail=_word(error)) from error
    name = container.format.name
    detail = "still_picture" if name.endswith(_STILLS) else "playlist" if name in _PLAYLISTS else None
    if detail:
        container.close()
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail=detail)
    return container


def sound_blocks(path: Path, damage: Damage) -> Iterator[tuple[Samples, int]]:
    """(samples, rate) in blocks of about a second, first to last; nothing when the file has no sound."""
    with open_media(path) as container:
        if not container.streams.audio:
            return
        stream = container.streams.audio[0]
        parts: list[NDArray[Any]] = []
        waiting = rate = channels = 0
        for frame in cast("Iterator[av.AudioFrame]", _frames(container, stream, damage)):
            plain = _planar(frame)
            if rate == 0:
                rate, channels = frame.sample_rate, len(plain)
            if (frame.sample_rate, len(plain)) != (rate, channels):
                damage.pieces += 1  # a stream that changes its format half-way is broken
                continue
            parts.append(plain)
            waiting += plain.shape[1]
            if waiting >= rate * _BLOCK_S:
                yield _to_float(np.concatenate(parts, axis=1)), rate
                parts, waiting = [], 0
        if parts:
            yield _to_float(np.concatenate(parts, axis=1)), rate


def film_times(path: Path) -> tuple[float, ...]:
    """Presentation times of all frames in seconds, ascending, without decoding one."""
    with open_media(path) as container:
        stream = _film_stream(container)
        if stream is None:
            return ()
        base = stream.time_base or Fraction(1, 1000)
        try:
            stamps = [packet.pts for packet in container.demux(stream) if packet.pts is not None]
        except av.FFmpegError:
            return ()
    return tuple((np.sort(np.array(stamps, np.int64)) * float(base)).tolist())


def film_frames(path: Path, damage: Damage, *, from_s: float = 0.0) -> Generator[tuple[float, av.VideoFrame]]:
    """(time in s, frame) in presentation order; nothing when the file has no film.

    With `from_s` decoding begins at the keyframe before it.
    """
    with open_media(path) as container:
        stream = _film_stream(container)
        if stream is None:
            return
        stream.thread_type = "AUTO"  # several pictures at a time: on two cores too nearly half of the wait is saved
        base = stream.time_base or Fraction(1, 1000)
        step = 1 / float(stream.average_rate) if stream.average_rate else 1 / 30
        last = _start(stream) - step
        if from_s > 0:
            container.seek(round(from_s / base), stream=stream)
        for frame in cast("Iterator[av.VideoFrame]", _frames(container, stream, damage)):
            last = float(frame.pts * base) if frame.pts is not None else last + step
            yield last, frame


def _frames(container: InputContainer, stream: Any, damage: Damage) -> Iterator[av.AudioFrame | av.VideoFrame]:
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError:
            damage.pieces += 1  # the container itself breaks off here
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            damage.pieces += 1
            if packet.pts is not None and packet.time_base:
                damage.times_s.append(float(packet.pts * packet.time_base))


def _planar(frame: av.AudioFrame) -> NDArray[Any]:
    """Channels x frames, in the type of the file."""
    plain = frame.to_ndarray()
    return plain if frame.format.is_planar else plain.reshape(-1, len(frame.layout.channels)).T


def _to_float(planar: NDArray[Any]) -> Samples:
    """Frames x channels in full scale 1.0 from any of FFmpeg's sample types."""
    if planar.dtype == np.uint8:
        planar = planar.astype(np.int16) * 256 - 32768
    samples = np.ascontiguousarray(planar.T, np.float32)
    if planar.dtype.kind == "f":
        return np.nan_to_num(samples, copy=False, posinf=1.0, neginf=-1.0)
    samples *= np.float32(2.0 ** (1 - 8 * planar.dtype.itemsize))
    return samples


def _film_stream(container: InputContainer) -> Any:
    cover = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & cover), None)


def _start(stream: Any) -> float:
    return float(stream.start_time * stream.time_base) if stream.start_time is not None else 0.0


def _duration(stream: Any, container: InputContainer) -> float | None:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / 1e6 if container.duration is not None else None


def _word(error: Exception) -> str:
    return type(error).__name__.removesuffix("Error").lower() or "unreadable"


_EIGHT_BIT = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "nv21", "gray"})
_DEEP = re.compile(r"(?:yuva?4\d\dp|gray)(9|10|12|14|16)le")
_ALWAYS_FULL = ("yuvj", "rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal", "mono")
_FULL = 2
"""AVCOL_RANGE_JPEG."""


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
    if frame.color_range == _FULL or frame.format.name.startswith(_ALWAYS_FULL):
        return luma
    return cast("Grey", cv2.LUT(luma, _STUDIO_TO_FULL))


_STUDIO_TO_FULL = np.clip(np.round((np.arange(256) - 16) * 255 / 219), 0, 255).astype(np.uint8)


class SmallColour:
    """Small colour pictures of the frames of one file. Kept for all of them: setting FFmpeg's scaler up costs most."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._scaler = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> Grey:
        """Height x width x 3 BGR, at most `width` across (or down, for a tall picture)."""
        scale = min(1.0, self._width / max(frame.width, frame.height))
        width, height = (max(2, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
        small = self._scaler.reformat(frame, width=width, height=height, format="bgr24", interpolation="AREA")
        return cast("Grey", small.to_ndarray())
