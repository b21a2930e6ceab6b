"""Part of a take as a clip: the very samples of its sound, and the packets of its picture as they were recorded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import av
import numpy as np

from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.files.flac import FlacWriter, Samples, read_flac
from perfstudio.capture.files.video_encoder import MICROSECOND
from perfstudio.capture.playing.partner_sound import HEARD
from perfstudio.model.errors import ErrorCode, MediaError

if TYPE_CHECKING:
    from av.video.stream import VideoStream

    from perfstudio.capture.files.raw_segments import Packet

_OPTIONS: Final = {"movie_timescale": "1000000", "flush_packets": "0", "fflags": "+bitexact"}
_LOUDEST: Final = HEARD * 2**31


@dataclass(frozen=True, slots=True)
class CutPicture:
    """What was written: its size in pixels, the take time of the file's moment 0, in seconds, and how many pictures it
    has a second; 0 where it has only one."""

    width: int
    height: int
    starts_s: float
    fps: float


def cut_sound(sound: Path, final: Path, samples: tuple[int, int], form: tuple[int, int, str]) -> int:
    """Write the samples of `sound` from one to before another to `final`, a FLAC file; returns how many.

    `form`: rate in Hz, channels, sample format. Raises MediaError (MEDIA_UNREADABLE, PARTNER_NO_SOUND, PARTNER_SILENT)
    and CaptureError; `final` may be there in part then.
    """
    rate_hz, channels, sample_format = form
    flac, loudest = FlacWriter(DurableFile(final), rate_hz, channels, sample_format), 0
    try:
        for piece in _between(read_flac(sound), *samples):
            loudest = max(loudest, int(np.abs(piece.astype(np.int64)).max(initial=0)))
            flac.write(piece)
    except BaseException:
        flac.file.close()
        raise
    flac.close()
    if not flac.samples:
        raise MediaError(ErrorCode.PARTNER_NO_SOUND, file=sound.name)
    if loudest < _LOUDEST:
        raise MediaError(ErrorCode.PARTNER_SILENT, file=sound.name)
    return flac.samples


def cut_picture(movie: Path, final: Path, from_s: float, to_s: float) -> CutPicture:
    """Copy the pictures of `movie` from one moment of take time to before another, into an MP4 file without sound.

    It begins with the last picture at or before `from_s` that stands for itself. Raises MediaError (MEDIA_UNREADABLE,
    MEDIA_NO_STREAMS) and CaptureError; `final` may be there in part then.
    """
    file = DurableFile(final)
    try:
        with (
            av.open(str(movie)) as source,
            av.open(cast(Any, file), "w", format="mp4", options=_OPTIONS) as out,
        ):
            if not source.streams.video:
                raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=movie.name)
            seen = source.streams.video[0]
            stream = out.add_stream_from_template(seen)
            stream.time_base = MICROSECOND
            moments = _copy(source, seen, (round(from_s * 1e6), round(to_s * 1e6)), out, stream)
            width, height = seen.codec_context.width, seen.codec_context.height
    except (av.FFmpegError, ValueError) as problem:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=movie.name, detail=type(problem).__name__) from problem
    finally:
        file.close()
    if not moments:
        raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=movie.name)
    took_us = max(moments) - min(moments)
    return CutPicture(width, height, moments[0] * 1e-6, (len(moments) - 1) / took_us * 1e6 if took_us else 0.0)


def _between(pieces: Iterator[Samples], first: int, end: int) -> Iterator[Samples]:
    position = 0
    with contextlib.closing(cast("Any", pieces)):
        for piece in pieces:
            part = piece[max(0, first - position) : max(0, end - position)]
            position += len(piece)
            if len(part):
                yield part
            if position >= end:
                return


def _copy(source: Any, seen: VideoStream, span: tuple[int, int], out: Any, stream: VideoStream) -> list[int]:
    """Copies what lies in the span; the moments of what was copied, in microseconds of take time."""
    from_us, to_us = span
    source.seek(max(0, round(from_us * 1e-6 / float(seen.time_base or MICROSECOND))), stream=seen, backward=True)
    moments: list[int] = []
    for packet in _timed(source, seen):
        at_us = int(packet.pts or 0)
        if at_us >= to_us:
            break
        moments.append(at_us)
        packet.pts = packet.dts = at_us - moments[0]
        packet.duration = min(packet.duration or 0, to_us - at_us)
        packet.stream = stream
        out.mux(packet)
    return moments


def _timed(source: Any, seen: VideoStream) -> Iterator[Packet]:
    """Packets from one that stands for itself on, with their times in microseconds."""
    unit, begun = float(seen.time_base or Fraction(1)) * 1e6, False
    for packet in source.demux(seen):
        begun = begun or packet.is_keyframe
        if packet.size and packet.pts is not None and begun:
            packet.pts = packet.dts = round(packet.pts * unit)
            packet.duration = round((packet.duration or 0) * unit)
            packet.time_base = MICROSECOND
            yield packet
