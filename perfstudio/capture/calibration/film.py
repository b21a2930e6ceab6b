"""A recording as arrays: small grey pictures with their times, and the sound as one row of samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.model.errors import ErrorCode, MediaError

Numbers = NDArray[np.float64]

WIDTH: Final = 160
HEIGHT: Final = 90
_LOCAL: Final = {"protocol_whitelist": "file"}
LONGEST_S: Final = 180.0
"""Of a longer recording the first three minutes are looked at: memory stays under 160 MB at 60 pictures a second."""


@dataclass(frozen=True)
class Film:
    """`times_s` [n] seconds, rising; `grey` [n, high, wide] 0..255; `sound` [m] full scale 1.0 from `sound_s` on."""

    times_s: Numbers
    grey: NDArray[np.uint8]
    sound: NDArray[np.float32]
    rate_hz: int
    sound_s: float = 0.0

    @property
    def frame_s(self) -> float:
        """The usual distance of two pictures in seconds; 0 with fewer than two."""
        return float(np.median(np.diff(self.times_s))) if len(self.times_s) > 1 else 0.0


def read_film(picture: Path, sound: Path | None = None) -> Film:
    """Read a media file (and its sound from another file, where it lies apart). Raises MediaError."""
    times, grey = _pictures(picture)
    samples, rate, start = _sound(sound or picture)
    if not len(times) or not len(samples):
        raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=picture.name)
    return Film(times, grey, samples, rate, start)


def _pictures(path: Path) -> tuple[Numbers, NDArray[np.uint8]]:
    times: list[float] = []
    small: list[NDArray[np.uint8]] = []
    try:
        with av.open(_address(path), options=_LOCAL) as box:
            if not box.streams.video:
                raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=path.name)
            stream = box.streams.video[0]
            stream.thread_type = "AUTO"
            for frame in box.decode(stream):
                if frame.pts is None or frame.time_base is None:
                    continue
                at_s = float(frame.pts * frame.time_base)
                if at_s > LONGEST_S:
                    break
                fitted = frame.reformat(width=WIDTH, height=HEIGHT, format="gray", interpolation="AREA")
                times.append(at_s)
                small.append(np.asarray(fitted.to_ndarray(), np.uint8))
    except (av.FFmpegError, OSError, ValueError) as bad:
        if not times:
            raise _unreadable(path, bad) from bad
    order = np.argsort(times, kind="stable")
    return np.asarray(times)[order], np.asarray(small, np.uint8).reshape(-1, HEIGHT, WIDTH)[order]


def _sound(path: Path) -> tuple[NDArray[np.float32], int, float]:
    parts: list[NDArray[np.float32]] = []
    rate, start, held = 48000, None, 0
    try:
        with av.open(_address(path), options=_LOCAL) as box:
            if not box.streams.audio:
                raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=path.name)
            plain = av.AudioResampler(format="fltp")
            for frame in box.decode(box.streams.audio[0]):
                rate = frame.sample_rate
                if start is None and frame.pts is not None and frame.time_base is not None:
                    start = float(frame.pts * frame.time_base)
                parts += [part.to_ndarray().mean(axis=0, dtype=np.float32) for part in plain.resample(frame)]
                held += frame.samples
                if held > LONGEST_S * rate:
                    break
    except (av.FFmpegError, OSError, ValueError) as bad:
        if not parts:
            raise _unreadable(path, bad) from bad
    return np.concatenate(parts or [np.zeros(0, np.float32)]), rate, start or 0.0


def _address(path: Path) -> str:
    """A path as FFmpeg takes it, whose name may hold a colon."""
    return f"file:{path}"


def _unreadable(path: Path, bad: Exception) -> MediaError:
    if isinstance(bad, FileNotFoundError):
        return MediaError(ErrorCode.MEDIA_MISSING, file=path.name)
    return MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail="format")
