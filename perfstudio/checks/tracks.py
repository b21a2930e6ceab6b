"""Which of a file's tracks are sound and which is the film; a preview or a cover is none."""

from __future__ import annotations

from collections import Counter
from typing import Any

from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Disposition, Stream

from perfstudio.checks.opening import UNREADABLE

_ASIDE = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
_PHOTOGRAPHS = frozenset(
    {"mjpeg", "png", "apng", "bmp", "gif", "webp", "tiff", "jpeg2000", "jpegls", "jpegxl", "jpegxl_anim", "pcx"}
    | {"ppm", "pgm", "pbm", "pam", "tga", "targa", "sgi"}
)
"""Codecs of single pictures. A track of one such picture is a preview or a cover, whatever it calls itself."""

LOWEST_HZ = 1000
"""What is sampled more seldom is a measurement of something, and no voice."""
_HANDFUL = 0.02
"""A track with less than this share of the pictures of another is a preview of it."""


def sounds_of(container: InputContainer) -> list[Any]:
    """The sound tracks that can be decoded, in the order in which they are to be tried: the default one first."""
    decoded = [s for s in container.streams.audio if _codec(s) is not None]
    return _default_first([s for s in decoded if not s.rate or s.rate >= LOWEST_HZ])


def films_of(container: InputContainer) -> list[Any]:
    """The tracks that may be films, the default one first: what lies in front of one to show it is none.

    Those of one picture can only be told by counting: see `moving`.
    """
    return _default_first([s for s in container.streams.video if _codec(s) is not None and not s.disposition & _ASIDE])


def certain(films: list[Any]) -> bool:
    """Whether the first of these can be taken without counting its pictures."""
    return not films or (len(films) == 1 and _codec(films[0]).name not in _PHOTOGRAPHS)


def moving(container: InputContainer, films: list[Any]) -> list[Any]:
    """Those of more than one picture, and of more than a handful beside a film; else those that a film's codec wrote.

    Of several the whole file is counted, of one as much as decides.
    """
    counted: Counter[int] = Counter()
    try:
        for packet in container.demux(films):
            counted[packet.stream.index] += packet.size > 0
            if len(films) == 1 and counted.total() > 1:
                break
    except UNREADABLE:
        pass  # what was counted so far is what there is
    least = max(1.0, _HANDFUL * max(counted.values(), default=0))
    many = [stream for stream in films if counted[stream.index] > least]
    return many or [stream for stream in films if _codec(stream).name not in _PHOTOGRAPHS]


def undecodable(container: InputContainer) -> bool:
    """Whether there is sound or picture that nothing here can decode."""
    return any(_codec(stream) is None for stream in (*container.streams.audio, *container.streams.video))


def _codec(stream: Stream) -> CodecContext:
    return stream.codec_context


def _default_first(streams: list[Any]) -> list[Any]:
    return sorted(streams, key=lambda stream: not stream.disposition & Disposition.default)
