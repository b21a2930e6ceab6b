"""A voice in 20 ms frames of Opus, one channel, and back; both by FFmpeg's libopus.

FFmpeg's decoder offers nothing of what Opus has against loss (neither what a frame tells of the one before, nor filling
a hole), so each packet carries the frame before its own once more: 48 kbit/s twice is little beside a picture, and a
frame that was lost is there whole 20 ms later.
"""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Final, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.call.mending import FRAME, RATE_HZ, SILENCE, Sound

BIT_RATE: Final = 48_000
TIME_BASE: Final = Fraction(1, RATE_HZ)
_HEAD: Final = struct.Struct(">IH")  # number of the frame, bytes of it
_MOST_FRAME: Final = 1275
"""Bytes of one frame (RFC 6716, 3.2.1)."""
_LAYOUTS: Final = {1: "mono", 2: "stereo"}


class Frames(NamedTuple):
    """What is in a packet."""

    number: int
    this: bytes
    before: bytes
    """Empty: there was none."""


def packed(frames: Frames) -> bytes:
    """As it goes over the line."""
    return _HEAD.pack(frames.number & 0xFFFFFFFF, len(frames.this)) + frames.this + frames.before


def unpacked(data: bytes) -> Frames:
    """Raises ValueError for what is no packet."""
    if len(data) <= _HEAD.size:
        raise ValueError("short")
    number, size = _HEAD.unpack_from(data)
    this, before = data[_HEAD.size : _HEAD.size + size], data[_HEAD.size + size :]
    if not 0 < size == len(this) or size > _MOST_FRAME or len(before) > _MOST_FRAME:
        raise ValueError("no frames")
    return Frames(number, this, before)


class VoiceEncoder:
    """Sound of any rate in pieces of any length; frames of 20 ms come out."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ, frame_size=FRAME)
        self._codec = av.CodecContext.create("libopus", "w")
        self._codec.bit_rate = BIT_RATE
        self._codec.format, self._codec.layout, self._codec.sample_rate = "s16", "mono", RATE_HZ
        self._codec.time_base = TIME_BASE
        self._codec.options = {"application": "lowdelay", "frame_duration": "20"}
        self._given = 0

    def frames(self, sound: NDArray[np.int32]) -> list[bytes]:
        """Encode more: frames x channels, left-justified in 32 bits."""
        mono = np.ascontiguousarray((sound.astype(np.float32).mean(axis=1) / 65536).astype(np.int16)[None, :])
        piece = av.AudioFrame.from_ndarray(mono, format="s16", layout="mono")
        piece.sample_rate, piece.pts, piece.time_base = self._rate_hz, self._given, Fraction(1, self._rate_hz)
        self._given += mono.shape[1]
        return [bytes(packet) for frame in self._resampler.resample(piece) for packet in self._codec.encode(frame)]


class VoiceDecoder:
    """Frames in their order."""

    def __init__(self) -> None:
        self._codec = av.CodecContext.create("libopus", "r")
        self._codec.format, self._codec.layout, self._codec.sample_rate = "s16", "mono", RATE_HZ

    def sound(self, frame: bytes) -> Sound:
        """FRAME samples; raises ValueError for what is no Opus."""
        try:
            decoded = self._codec.decode(av.Packet(frame))
        except av.FFmpegError as problem:
            raise ValueError("no Opus") from problem
        if not decoded:
            return SILENCE
        found = decoded[0].to_ndarray().reshape(-1)[:FRAME].astype(np.int16)
        return found if len(found) == FRAME else np.concatenate((found, SILENCE[len(found) :]))
