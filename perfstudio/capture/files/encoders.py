"""Whether the encoder really starts here (lists lie, one frame does not), and what is said when it gives up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction

import av
import av.error
from av.video.codeccontext import VideoCodecContext

from perfstudio.model.errors import CaptureError, ErrorCode


def encoder_error(problem: av.error.FFmpegError, file: str) -> CaptureError:
    """An encoder or muxer that failed on `file`. What the disk refused has been raised as what it is before."""
    return CaptureError(ErrorCode.ENCODER_FAILED, file=file, detail=problem.strerror or "")


@contextlib.contextmanager
def encoding(file: str) -> Iterator[None]:
    """What is done within is an encoder's work. Raises CaptureError(ENCODER_FAILED) when it gives up."""
    try:
        yield
    except av.error.FFmpegError as problem:
        raise encoder_error(problem, file) from problem


def h264_works() -> bool:
    """Open the H.264 encoder for one small grey frame."""
    try:
        encoder: VideoCodecContext = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 64, 64, "yuv420p", Fraction(1, 30)
        packets = [*encoder.encode(av.VideoFrame(64, 64, "yuv420p")), *encoder.encode(None)]
    except (av.error.FFmpegError, ValueError):
        return False
    return bool(packets)
