"""H.264 that can change its speed in the middle of a file.

All speeds share the options that show in the stream's parameter sets, so an encoder of another speed continues the
same track at a keyframe with byte-identical headers (held to it by a test). No B-frames and no lookahead: a picture
leaves one frame after it came in, which bounds what a kill can take. Threads that share a picture in slices would hold
12 MB less of 1080p, but the next picture could not be decoded meanwhile.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

SPEEDS: Final = ("superfast", "ultrafast")
"""Without lookahead and with one quantiser for a whole picture, superfast shows more than veryfast at crf 20, for half
to four fifths of the work (`tests/bench/test_bench_encoder.py`)."""
MICROSECOND: Final = Fraction(1, 1_000_000)
_CRF: Final = (20, 25)
"""Quality of each speed. Noisy pictures cost by the bits they take, so a faster speed also writes fewer."""
_ONE_QUANTISER: Final = "0"
"""x264's usual aq-mode keeps flat parts finer than detailed ones: with a webcam that is the noise on the wall behind
the performer, twice the bits and half more work for a face that is a decibel poorer."""
_HEADER_OPTIONS: Final = (
    "cabac=1:8x8dct=1:ref=1:weightp=1:bframes=0:keyint=infinite:scenecut=0:mbtree=0:sync-lookahead=0:sliced-threads=0"
    ":stitchable=1"
)
_GLOBAL_HEADER: Final = 1 << 22
# cv2 makes BT.601 at limited range from BGR; webcams mean sRGB-like primaries and transfer.
_BT601, _LIMITED, _BT709 = 6, 1, 1


def set_up(codec: av.VideoCodecContext, width: int, height: int, fps: float, speed: int) -> None:
    """Give a fresh libx264 context the house's settings. Width and height are even."""
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base = MICROSECOND
    codec.framerate = Fraction(fps).limit_denominator(1001) if fps > 0 else Fraction(30)
    codec.thread_count = 2
    codec.flags |= _GLOBAL_HEADER
    codec.colorspace, codec.color_range = _BT601, _LIMITED
    codec.color_primaries = codec.color_trc = _BT709
    codec.options = {
        "preset": SPEEDS[speed],
        "crf": str(_CRF[speed]),
        "bf": "0",
        "forced-idr": "1",
        "rc-lookahead": "0",
        "aq-mode": _ONE_QUANTISER,
        "x264-params": _HEADER_OPTIONS,
    }


def new_encoder(width: int, height: int, fps: float, speed: int) -> av.VideoCodecContext:
    """An open encoder of the given speed (an index into SPEEDS)."""
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, av.VideoCodecContext)  # noqa: S101 - libx264 is a video codec
    set_up(codec, width, height, fps, speed)
    codec.open()
    return codec


def picture_frame(i420: NDArray[np.uint8], pts_us: int, keyframe: bool) -> av.VideoFrame:
    """A frame for the encoder from a planar picture, (height * 3 / 2) x width."""
    if i420.shape[0] % 6:  # a height that four does not divide cannot be shared, only copied (1.7 ms at 1080p)
        frame = av.VideoFrame.from_ndarray(i420, format="yuv420p")
    else:
        frame = av.VideoFrame.from_numpy_buffer(i420, format="yuv420p")
    frame.pts = pts_us
    frame.time_base = MICROSECOND
    frame.pict_type = PictureType.I if keyframe else PictureType.NONE
    return frame
