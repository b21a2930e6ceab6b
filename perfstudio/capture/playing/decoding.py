"""What a stream of a film holds, decoded in its order; what is damaged is left out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.stream import Stream

UNREADABLE = (av.FFmpegError, OSError, ValueError)
"""What FFmpeg and the disk raise where bytes do not make sense or do not come."""


def decoded(box: InputContainer, stream: Stream, start_s: float | None = None) -> Iterator[object]:
    """Every frame from the key frame before `start_s` on; None: from where the container stands.

    A place that cannot be found leaves the container where it is. Nobody else reads it meanwhile.
    """
    if start_s is not None:
        with contextlib.suppress(*UNREADABLE):
            box.seek(max(0, int(start_s / float(stream.time_base or 1))), stream=stream, backward=True)
    packets = box.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            frames = packet.decode() if packet is not None else []
        except UNREADABLE:
            continue
        if packet is None:
            return
        yield from frames
