"""The index of an MP4 file whose media are on the disk already (ISO/IEC 14496-12): where each sample lies, when it is.

What depends on the codecs is lifted from a file of one picture and one piece of sound that FFmpeg writes; what is
reckoned here are tables of numbers. Both tracks' times count in the timescales that FFmpeg gave them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.files.video_encoder import MICROSECOND

Numbers = NDArray[np.int64]
MOVIE_HZ: Final = 1_000_000
_USUAL_US: Final = 33_333
"""How long the only picture of a film is shown: as at 30 a second."""
_INSIDE: Final = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_OPTIONS: Final = {"movflags": "+use_metadata_tags", "movie_timescale": str(MOVIE_HZ)}
_NEVER: Final = -1


@dataclass(frozen=True, slots=True)
class Mp4Track:
    """The samples of one track in their order. Chunks are runs of samples that lie behind one another."""

    starts: int
    """When the first sample is shown, in MOVIE_HZ."""
    durations: Numbers
    """Of each sample, in the track's timescale (MOVIE_HZ for the picture, the sample rate for sound)."""
    hz: int
    sizes: Numbers
    chunk_at: Numbers
    """Where each chunk begins in the file."""
    chunk_samples: Numbers
    keyframes: Numbers | None = None
    """Indices of the samples that can be decoded by themselves; None when all can."""

    @property
    def lasts(self) -> int:
        """From its first sample to its end, in MOVIE_HZ."""
        return int(self.durations.sum()) * MOVIE_HZ // self.hz


def last_until_us(shown: Numbers, end_us: int) -> int:
    """When the last of the pictures that are `shown` goes: after as long as is usual among them, at most at the end."""
    usual = int(np.median(np.diff(shown))) if len(shown) > 1 else _USUAL_US
    return min(int(shown[-1]) + usual, end_us)


def index(picture: Path, sound: Path, tracks: tuple[Mp4Track, Mp4Track]) -> bytes:
    """The `moov` box for a picture track and a sound track as in these files. Raises FFmpegError."""
    data = _pattern(picture, sound)
    moov = next(payload for kind, payload in _boxes(data) if kind == b"moov")
    whole = max(track.starts + track.lasts for track in tracks)
    left = iter(tracks)
    parts = []
    for kind, payload in _boxes(moov):
        if kind == b"trak":
            parts.append(_box(kind, _track(payload, next(left))))
        else:
            parts.append(_box(kind, _long_times(payload, whole, 12) if kind == b"mvhd" else payload))
    return _box(b"moov", b"".join(parts))


def _pattern(picture: Path, sound: Path) -> bytes:
    """A whole file with the first picture and the first piece of sound."""
    file = io.BytesIO()
    with (
        av.open(str(picture)) as seen,
        av.open(str(sound)) as heard,
        av.open(file, "w", format="mp4", options=_OPTIONS) as out,
    ):
        video = out.add_stream_from_template(seen.streams.video[0])
        video.time_base = MICROSECOND
        audio = out.add_stream_from_template(heard.streams.audio[0])
        for source, stream in ((seen.demux(video=0), video), (heard.demux(audio=0), audio)):
            packet: av.Packet[Any] = next(packet for packet in source if packet.size)
            packet.pts = packet.dts = 0
            packet.stream = stream
            out.mux(packet)
    return file.getvalue()


def _track(payload: bytes, track: Mp4Track) -> bytes:
    """A `trak` with its times and tables replaced."""
    parts = []
    for kind, inner in _boxes(payload):
        if kind == b"tkhd":
            parts.append(_box(kind, _long_times(inner, track.starts + track.lasts, 16)))
            parts.append(_box(b"edts", _box(b"elst", _edits(track))))
        elif kind == b"mdia":
            parts.append(_box(kind, _rebuilt(inner, lambda k, p: _media(k, p, track))))
        elif kind != b"edts":
            parts.append(_box(kind, inner))
    return b"".join(parts)


def _media(kind: bytes, payload: bytes, track: Mp4Track) -> bytes:
    if kind == b"mdhd":
        return _long_times(payload, int(track.durations.sum()), 12)
    if kind != b"stbl":
        return payload
    description = next(inner for name, inner in _boxes(payload) if name == b"stsd")
    tables = [
        _box(b"stsd", description),
        _box(b"stts", _runs(track.durations)),
        _box(b"stsc", _chunks(track.chunk_samples)),
        _box(b"stsz", struct.pack(">III", 0, 0, len(track.sizes)) + track.sizes.astype(">u4").tobytes()),
        _box(b"co64", struct.pack(">II", 0, len(track.chunk_at)) + track.chunk_at.astype(">u8").tobytes()),
    ]
    if track.keyframes is not None:
        numbers = (track.keyframes + 1).astype(">u4").tobytes()
        tables.insert(2, _box(b"stss", struct.pack(">II", 0, len(track.keyframes)) + numbers))
    return b"".join(tables)


def _edits(track: Mp4Track) -> bytes:
    """8.6.6: nothing until the first sample is due, then all of the media."""
    edits = [(track.lasts, 0)]
    if track.starts:
        edits.insert(0, (track.starts, _NEVER))
    return struct.pack(">II", 1 << 24, len(edits)) + b"".join(struct.pack(">QqI", *edit, 1 << 16) for edit in edits)


def _runs(values: Numbers) -> bytes:
    """8.6.1.2: equal neighbours are counted."""
    firsts, lengths = _run_lengths(values)
    table = np.column_stack([lengths, values[firsts]]).astype(">u4")
    return struct.pack(">II", 0, len(table)) + table.tobytes()


def _chunks(samples: Numbers) -> bytes:
    """8.7.4: the first chunk of each run with the same number of samples."""
    firsts, _ = _run_lengths(samples)
    table = np.column_stack([firsts + 1, samples[firsts], np.ones(len(firsts), np.int64)]).astype(">u4")
    return struct.pack(">II", 0, len(table)) + table.tobytes()


def _run_lengths(values: Numbers) -> tuple[Numbers, Numbers]:
    firsts = np.concatenate([[0], np.flatnonzero(np.diff(values)) + 1]).astype(np.int64)
    return firsts, np.diff(np.append(firsts, len(values)))


def _long_times(payload: bytes, duration: int, after: int) -> bytes:
    """A header box (mvhd, tkhd, mdhd) of version 0 with its times in 64 bits: two hours of microseconds need them.

    `after` is where the duration lies behind version and flags.
    """
    flags, made, changed = struct.unpack_from(">III", payload)
    middle, rest = payload[12 : 4 + after], payload[8 + after :]
    return struct.pack(">IQQ", flags | 1 << 24, made, changed) + middle + struct.pack(">Q", duration) + rest


def _rebuilt(payload: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    parts = []
    for kind, inner in _boxes(payload):
        changed = change(kind, inner)
        parts.append(_box(kind, _rebuilt(inner, change) if changed is inner and kind in _INSIDE else changed))
    return b"".join(parts)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload) + 8) + kind + payload
