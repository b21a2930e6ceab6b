"""take.mp4: the encoded picture as it is with its final times, the FLAC sound as it is. Nothing is re-encoded."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream
from numpy.typing import NDArray

from perfstudio.capture.durable import DurableFile, put_in_place
from perfstudio.capture.hashed_file import HashedFile
from perfstudio.capture.video_encoder import MICROSECOND
from perfstudio.model.errors import ErrorCode, MediaError

Retime = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""Presentation times of the raw file, microseconds, to those of the take."""

# Without flush_packets=0 every packet is a write of its own.
_OPTIONS: Final = {"movflags": "+use_metadata_tags", "movie_timescale": "1000000", "flush_packets": "0"}
_BUFFER: Final = 2**20
THUMBNAIL_WIDTH: Final = 480


@dataclass(frozen=True, slots=True)
class Packets:
    """All packets of a raw picture file in their order: presentation times in microseconds, sizes in bytes."""

    times: NDArray[np.int64]
    sizes: NDArray[np.int64]


def packets_of(picture: Path) -> Packets:
    """The packets of a raw picture file; none when nothing reads.

    A closed file has them in its index; the fragments of one that was never closed are gone through.
    """
    found: list[tuple[int, int]] = []
    try:
        with av.open(str(picture)) as container:
            stream = container.streams.video[0]
            if stream.frames:
                # Without B-frames decoding order is presentation order; the index counts from the first frame.
                indexed = [(entry.timestamp, entry.size) for entry in stream.index_entries]
                if len(indexed) == stream.frames:
                    shift = (stream.start_time or 0) - indexed[0][0]
                    return _packets(indexed, shift)
            found.extend((p.pts, p.size) for p in container.demux(stream) if p.pts is not None and p.size)
    except (av.FFmpegError, IndexError, OSError):
        pass
    return _packets(found)


def _packets(found: list[tuple[int, int]], shift: int = 0) -> Packets:
    table = np.array(found, np.int64).reshape(-1, 2)
    return Packets(table[:, 0] + shift, table[:, 1])


def write_movie(
    picture: Path, sound: Path, final: Path, times: NDArray[np.int64], end_us: int, *, media_bytes: int
) -> str | None:
    """Copy packets of both files into `final`; packet i of the picture is shown at times[i].

    Times rise strictly and none is negative. Frames at or behind the end of the sound are left out. `media_bytes` is
    what the packets should come to; when they do, the SHA-256 of the file is returned. Raises MediaError and
    CaptureError.
    """
    temporary = final.with_name(final.name + ".tmp")
    temporary.unlink(missing_ok=True)
    file = HashedFile(temporary, media_bytes)
    try:
        with (
            av.open(str(picture)) as seen,
            av.open(str(sound)) as heard,
            av.open(cast(Any, file), "w", format="mp4", options=_OPTIONS, buffer_size=_BUFFER) as out,
        ):
            video = out.add_stream_from_template(seen.streams.video[0])
            video.time_base = MICROSECOND
            audio = out.add_stream_from_template(heard.streams.audio[0])
            audio.time_base = heard.streams.audio[0].time_base or Fraction(1, 48000)
            pictures = _pictures(seen, video, times, end_us)
            for _, packet in heapq.merge(pictures, _sounds(heard, audio), key=lambda item: item[0]):
                out.mux(packet)
    except (av.FFmpegError, IndexError) as problem:
        detail = type(problem).__name__
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=picture.name, detail=detail) from problem
    finally:
        file.close()
        digest = file.digest()
    put_in_place(temporary, final)
    return digest


def _pictures(
    source: InputContainer, stream: VideoStream, times: NDArray[np.int64], end_us: int
) -> Iterator[tuple[float, av.Packet[Any]]]:
    usual = int(np.median(np.diff(times))) if len(times) > 1 else 33_333
    shown = [*times.tolist(), int(times[-1]) + usual]
    packets = (packet for packet in source.demux(video=0) if packet.size)
    for packet, at, following in zip(packets, shown, shown[1:], strict=False):
        if at >= end_us:
            return
        packet.pts = packet.dts = at
        packet.duration = min(following, end_us) - at
        packet.time_base = MICROSECOND
        packet.stream = stream
        yield at * 1e-6, packet


def _sounds(source: InputContainer, stream: AudioStream) -> Iterator[tuple[float, av.Packet[Any]]]:
    second = float(source.streams.audio[0].time_base or Fraction(1, 48000))
    position = 0
    for packet in source.demux(audio=0):
        if not packet.size:
            continue
        packet.pts = packet.dts = position
        packet.stream = stream
        position += packet.duration or 0
        yield packet.pts * second, packet


def write_thumbnail(movie: Path, final: Path, at_s: float) -> None:
    """The keyframe at or before `at_s` as a small JPEG. A picture that cannot be decoded gives no thumbnail."""
    with av.open(str(movie)) as container:
        stream = container.streams.video[0]
        container.seek(max(0, round(at_s * 1e6)), stream=stream, backward=True)
        stream.codec_context.skip_frame = "NONKEY"
        frame = next((f for f in container.decode(stream) if f.pict_type is not PictureType.NONE), None)
        if frame is None:
            return
        width = min(THUMBNAIL_WIDTH, frame.width)
        image = cv2.resize(
            frame.to_ndarray(format="bgr24"),
            (width, max(2, round(frame.height * width / frame.width))),
            interpolation=cv2.INTER_AREA,
        )
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])
    if done:
        temporary = final.with_name(final.name + ".tmp")
        temporary.unlink(missing_ok=True)
        file = DurableFile(temporary)
        file.write(data.tobytes())
        file.close()
        put_in_place(temporary, final)
