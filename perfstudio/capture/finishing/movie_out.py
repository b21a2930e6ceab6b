"""take.mp4: the picture with its final times, the FLAC sound as it is. What is H.264 already is copied."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream
from numpy.typing import NDArray

from perfstudio.capture.files.durable_file import DurableFile, put_in_place
from perfstudio.capture.files.flac import HEADER_BYTES
from perfstudio.capture.files.hashed_file import HashedFile
from perfstudio.capture.files.mp4_index import last_until_us
from perfstudio.capture.files.raw_segments import RawSegment
from perfstudio.capture.files.video_encoder import MICROSECOND, set_up
from perfstudio.durable import remove
from perfstudio.model.errors import ErrorCode, MediaError

if TYPE_CHECKING:
    from perfstudio.capture.files.raw_segments import Packet

Progress = Callable[[float], None]

# Without flush_packets=0 every packet is a write of its own.
_OPTIONS: Final = {"movflags": "+use_metadata_tags", "movie_timescale": "1000000", "flush_packets": "0"}
_BUFFER: Final = 2**20
_PROGRESS_STEP: Final = 0.01
THUMBNAIL_WIDTH: Final = 480


@dataclass(frozen=True, slots=True)
class Movie:
    """What was written: the picture's presentation times, and the file's SHA-256 when it was found on the way."""

    times: NDArray[np.int64]
    sha256: str | None


def write_movie(
    pieces: Sequence[RawSegment],
    sound: Path,
    final: Path,
    times: NDArray[np.int64],
    end_us: int,
    *,
    fps: float,
    size: tuple[int, int] | None = None,
    progress: Progress | None = None,
) -> Movie:
    """Join the picture's pieces and the sound in `final`; picture i is shown at times[i].

    Times rise strictly and none is negative. Frames at or behind the end of the sound are left out, and pictures as
    sent that turn out damaged. `size` is the take's: pictures as sent may have others. `progress` hears how much of the
    take is done, 0..1. Raises MediaError, CaptureError.
    """
    temporary = final.with_name(final.name + ".tmp")
    remove(temporary)
    file = HashedFile(temporary, _media_bytes(pieces, sound, int((times < end_us).sum())))
    written: list[int] = []
    told = 0.0
    if not any(piece.is_sent for piece in pieces):
        progress = None  # copying is done before anybody reads how far it is
    try:
        with (
            av.open(str(sound)) as heard,
            av.open(cast(Any, file), "w", format="mp4", options=_OPTIONS, buffer_size=_BUFFER) as out,
        ):
            video = _picture_stream(out, pieces, fps, size)
            audio = out.add_stream_from_template(heard.streams.audio[0])
            audio.time_base = heard.streams.audio[0].time_base or Fraction(1, 48000)
            pictures = _pictures(pieces, video, times, end_us, fps)
            for is_picture, packet in _interleaved(pictures, _sounds(heard, audio)):
                if is_picture:
                    written.append(int(packet.pts or 0))
                    told = _tell(progress, written[-1] / end_us, told)
                out.mux(packet)
    except (av.FFmpegError, IndexError) as problem:
        detail = type(problem).__name__
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=pieces[0].path.name, detail=detail) from problem
    finally:
        file.close()
        digest = file.digest()
    put_in_place(temporary, final)
    return Movie(np.array(written, np.int64), digest)


def _tell(progress: Progress | None, done: float, told: float) -> float:
    if progress is None or done - told < _PROGRESS_STEP:
        return told
    progress(done)
    return done


def _media_bytes(pieces: Sequence[RawSegment], sound: Path, shown: int) -> int:
    """What the packets come to when all are copied; 0 when it cannot be told before."""
    if any(piece.is_sent for piece in pieces):
        return 0
    sizes = np.concatenate([piece.packets.sizes for piece in pieces])
    return int(sizes[:shown].sum()) + sound.stat().st_size - HEADER_BYTES


def _picture_stream(
    out: OutputContainer, pieces: Sequence[RawSegment], fps: float, size: tuple[int, int] | None
) -> VideoStream:
    """A track that takes packets of the first piece as they are, or else those of a fresh encoder."""
    with av.open(str(pieces[0].path)) as seen:
        source = seen.streams.video[0]
        if not any(piece.is_sent for piece in pieces):
            stream = out.add_stream_from_template(source)
        else:
            stream = out.add_stream("libx264", rate=round(fps) or 30)
            width, height = size or (source.width, source.height)
            set_up(stream.codec_context, width & ~1, height & ~1, fps, 0)
            stream.codec_context.open()
    stream.time_base = MICROSECOND
    return stream


def _pictures(
    pieces: Sequence[RawSegment], stream: VideoStream, times: NDArray[np.int64], end_us: int, fps: float
) -> Iterator[tuple[float, bool, Packet]]:
    """Every packet with its final time; it lasts until the next one, the last as long as is usual in the film."""
    size = (stream.codec_context.width, stream.codec_context.height)
    behind: Packet | None = None
    for at, packet in _timed(pieces, times, size, fps):
        if at >= end_us:
            break
        packet.pts = packet.dts = at
        packet.time_base, packet.stream = MICROSECOND, stream
        if behind is not None:
            yield _lasting(behind, at)
        behind = packet
    if behind is not None:
        yield _lasting(behind, last_until_us(times[: np.searchsorted(times, behind.pts or 0, "right")], end_us))


def _timed(
    pieces: Sequence[RawSegment], times: NDArray[np.int64], size: tuple[int, int], fps: float
) -> Iterator[tuple[int, Packet]]:
    start, mixed = 0, any(piece.is_sent for piece in pieces)
    for piece in pieces:
        shown = times[start : start + len(piece.packets.times)].tolist()
        start += len(shown)
        if piece.is_sent:
            yield from ((int(packet.pts or 0), packet) for packet in piece.encoded(shown, size, fps))
        else:
            yield from zip(shown, piece.as_encoded() if mixed else piece.copied(), strict=False)


def _lasting(packet: Packet, until: int) -> tuple[float, bool, Packet]:
    at = int(packet.pts or 0)
    packet.duration = until - at
    return at * 1e-6, True, packet


def _interleaved(*workers: Iterator[tuple[float, bool, Packet]]) -> Iterator[tuple[bool, Packet]]:
    for _, is_picture, packet in heapq.merge(*workers, key=lambda item: item[0]):
        yield is_picture, packet


def _sounds(source: InputContainer, stream: AudioStream) -> Iterator[tuple[float, bool, Packet]]:
    second = float(source.streams.audio[0].time_base or Fraction(1, 48000))
    position = 0
    for packet in source.demux(audio=0):
        if not packet.size:
            continue
        packet.pts = packet.dts = position
        packet.stream = stream
        position += packet.duration or 0
        yield packet.pts * second, False, packet


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
        remove(temporary)
        file = DurableFile(temporary)
        file.write(data.tobytes())
        file.close()
        put_in_place(temporary, final)
