"""Whether the encoder really starts here: lists lie, one frame does not."""

from __future__ import annotations

from fractions import Fraction

import av
import av.error
from av.video.codeccontext import VideoCodecContext


def h264_works() -> bool:
    """Open the H.264 encoder for one small grey frame."""
    try:
        encoder: VideoCodecContext = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 64, 64, "yuv420p", Fraction(1, 30)
        packets = [*encoder.encode(av.VideoFrame(64, 64, "yuv420p")), *encoder.encode(None)]
    except (av.error.FFmpegError, ValueError):
        return False
    return bool(packets)
