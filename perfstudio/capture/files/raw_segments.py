"""What lies in `raw/` of the picture, in its order: the part that was encoded while rolling, then the part as sent.

Packets of the first are copied; the pictures of the second are encoded now. Both make one H.264 track, because all of
the house's encoders have the same parameter sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.jpeg import JpegDecoder
from perfstudio.capture.devices.yuv420 import fitted
from perfstudio.capture.files.encoders import encoding
from perfstudio.capture.files.raw_video_files import JPEG_FILE, KEYFRAME_US, PICTURE_FILE
from perfstudio.capture.files.video_encoder import new_encoder, picture_frame

if TYPE_CHECKING:
    Packet = av.Packet[Any]
_AFTER: Final = 0
"""Speed of the encoder after the cut: the best, for nobody falls behind any more."""


@dataclass(frozen=True, slots=True)
class Packets:
    """All packets of a picture file in their order: presentation times in microseconds, sizes in bytes."""

    times: NDArray[np.int64]
    sizes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RawSegment:
    """One file of the raw picture. Without B-frames decoding order is presentation order."""

    path: Path
    packets: Packets

    @property
    def is_sent(self) -> bool:
        """Whether it holds JPEG pictures as the camera sent them."""
        return self.path.name == JPEG_FILE

    def copied(self) -> Iterator[Packet]:
        """Its packets as they are. Raises FFmpegError."""
        with av.open(str(self.path)) as container:
            yield from (packet for packet in container.demux(video=0) if packet.size)

    def as_encoded(self) -> Iterator[Packet]:
        """Its packets as an encoder gives them: a file counts the bytes of each unit, a stream marks where it begins.

        Raises FFmpegError.
        """
        with av.open(str(self.path)) as container:
            stream = container.streams.video[0]
            marked = av.BitStreamFilterContext("h264_mp4toannexb", stream)
            for packet in container.demux(stream):
                if packet.size:
                    yield from marked.filter(packet)

    def encoded(self, times: Sequence[int], size: tuple[int, int], fps: float) -> Iterator[Packet]:
        """Packets of H.264 for its pictures, the i-th shown at times[i]; a damaged one is left out, one of
        another size fitted in.

        Raises FFmpegError for what cannot be read, CaptureError when the encoder gives up.
        """
        with encoding(self.path.name):
            codec = new_encoder(*size, fps, _AFTER)
        decoder = JpegDecoder()
        key_us = -KEYFRAME_US
        for packet, at in zip(self.copied(), times, strict=False):
            planar = decoder.planar(bytes(packet))
            if planar is None:
                continue
            planar = fitted(planar, size)
            keyframe = at - key_us >= KEYFRAME_US
            key_us = at if keyframe else key_us
            with encoding(self.path.name):
                packets = codec.encode(picture_frame(planar, at, keyframe))
            yield from packets
        if codec.is_open:
            with encoding(self.path.name):
                packets = codec.encode(None)
            yield from packets


def pieces_of(raw: Path) -> tuple[RawSegment, ...]:
    """Those files of the raw picture that hold any."""
    pieces = (RawSegment(path, packets_of(path)) for path in (raw / PICTURE_FILE, raw / JPEG_FILE) if path.exists())
    return tuple(piece for piece in pieces if len(piece.packets.times))


def times_of(pieces: Sequence[RawSegment]) -> NDArray[np.int64]:
    """Presentation times of all pictures, microseconds."""
    return np.concatenate([np.zeros(0, np.int64), *(piece.packets.times for piece in pieces)])


def is_closed(picture: Path) -> bool:
    """Whether a picture file was completed: its index names every picture."""
    try:
        with av.open(str(picture)) as container:
            stream = container.streams.video[0]
            return 0 < stream.frames == len(stream.index_entries)
    except (av.FFmpegError, IndexError, OSError):
        return False


def packets_of(picture: Path) -> Packets:
    """The packets of a picture file; none when nothing reads.

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
