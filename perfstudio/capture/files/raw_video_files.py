"""The picture of a rolling take on the disk: H.264 made on the way, or the camera's own JPEG pictures as they came.

Either file is one that stays readable whatever ends it, with picture and sound in step: fragmented MP4 with *all* of
`hybrid_fragmented`, `delay_moov`, no B-frames and a movie timescale of 1 000 000 (without any one of them the first
frame is shown at a wrong time). Presentation times are host time since the take's base in microseconds; the final
times come from the map that is fitted after the cut.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import av

from perfstudio.capture.devices.yuv420 import Planar
from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.files.video_encoder import MICROSECOND, SPEEDS, new_encoder, picture_frame, set_up

PICTURE_FILE: Final = "picture.mp4"
JPEG_FILE: Final = "picture-jpeg.mp4"
KEYFRAME_US: Final = 1_000_000
AS_SENT: Final = len(SPEEDS)
"""The step behind the fastest encoder: the camera's pictures as they are, H.264 made of them after the cut."""
STEPS: Final = (*SPEEDS, "as sent")

Follow = Callable[[bytes, int, bool], object]

_MOVIE_OPTIONS: Final = {
    "movflags": "hybrid_fragmented+delay_moov",
    "movie_timescale": "1000000",
    "frag_duration": "150000",
    "flush_packets": "1",
}
_BUFFER: Final = 2**18
"""Room for a fragment of JPEG pictures, which is then one write."""


class H264File:
    """Encodes; can go one speed faster in the middle. Every method may raise CaptureError and FFmpegError."""

    def __init__(
        self,
        raw: Path,
        size: tuple[int, int],
        fps: float,
        speed: int,
        *,
        relief: Callable[[], bool] | None = None,
        follow: Follow = lambda _, __, ___: None,
    ) -> None:
        """`follow` is given every packet, its presentation time in microseconds, and whether it is a keyframe."""
        self.speed = speed
        self._follow = follow
        self.file = DurableFile(raw / PICTURE_FILE, relief)
        self._size, self._fps = size, fps
        self._key_pts = -KEYFRAME_US
        self._container = av.open(cast(Any, self.file), "w", format="mp4", options=_MOVIE_OPTIONS, buffer_size=_BUFFER)
        self._stream = self._container.add_stream("libx264", rate=round(fps) or 30)
        assert isinstance(self._stream, av.VideoStream)  # noqa: S101 - libx264 is a video codec
        self._codec = self._stream.codec_context
        set_up(self._codec, *size, fps, speed)
        self._stream.time_base = MICROSECOND

    def write(self, planar: Planar, pts: int) -> None:
        """Encode a picture; `pts` in microseconds, rising."""
        keyframe = pts - self._key_pts >= KEYFRAME_US
        if keyframe:
            self._key_pts = pts
        for packet in self._codec.encode(picture_frame(planar, pts, keyframe)):
            self._mux(packet)

    def faster(self) -> None:
        """Go on at the next speed, from a keyframe."""
        self._drain()
        self.speed += 1
        self._codec = new_encoder(*self._size, self._fps, self.speed)
        self._key_pts = -KEYFRAME_US

    def close(self) -> None:
        """Write what the encoder holds, complete the file; it is closed whatever fails."""
        try:
            self._drain()
        finally:
            _close(self._container, self.file)

    def _drain(self) -> None:
        if self._codec.is_open:
            for packet in self._codec.encode(None):
                self._mux(packet)

    def _mux(self, packet: av.Packet[Any]) -> None:
        if packet.size:
            self._follow(bytes(packet), packet.pts or 0, packet.is_keyframe)
            packet.stream = self._stream
            self._container.mux(packet)


class JpegFile:
    """Writes JPEG pictures as they are. Every method may raise CaptureError and FFmpegError."""

    def __init__(self, raw: Path, size: tuple[int, int], fps: float, relief: Callable[[], bool] | None = None) -> None:
        self.file = DurableFile(raw / JPEG_FILE, relief)
        self._container = av.open(cast(Any, self.file), "w", format="mp4", options=_MOVIE_OPTIONS, buffer_size=_BUFFER)
        self._stream = self._container.add_mux_stream("mjpeg", rate=round(fps) or 30, width=size[0], height=size[1])
        self._stream.time_base = MICROSECOND

    def write(self, jpeg: bytes, pts: int) -> None:
        """Append a picture; `pts` in microseconds, rising."""
        packet: av.Packet[Any] = av.Packet(jpeg)
        packet.pts = packet.dts = pts
        packet.time_base, packet.is_keyframe, packet.stream = MICROSECOND, True, self._stream
        self._container.mux(packet)

    def close(self) -> None:
        """Complete the file."""
        _close(self._container, self.file)


def _close(container: av.container.OutputContainer, file: DurableFile) -> None:
    try:
        container.close()
    finally:
        file.close()
