"""Part of a take as a film for editors: H.264 at a constant rate with AAC, and the same sound beside it as WAV.

The first picture is the one that is seen at the first sample, and every picture is the one of its moment: the pictures
of a take lie where the camera had them, and editors count frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av
import numpy as np
import soundfile
from av.video.frame import PictureType
from numpy.typing import NDArray

from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.finishing.slate import SLATE_S, SlatePicture
from perfstudio.capture.playing.decoding import UNREADABLE
from perfstudio.capture.playing.film_opening import container
from perfstudio.capture.playing.film_pictures import FilmPictures
from perfstudio.capture.playing.held_file import HeldFile
from perfstudio.model.errors import ErrorCode, MediaError

RATES: Final = (24, 25, 30, 50, 60)
"""Pictures a second that editors know; a film gets the one nearest to its own."""
_CRF: Final = "18"
"""Of x264: no loss that is seen, in a copy that is cut and encoded once more."""
_AAC_BITS: Final = 256_000
_LAYOUTS: Final = {1: "mono", 2: "stereo"}


class ReelStoppedError(Exception):
    """Whoever waited for it does no longer."""


@dataclass(frozen=True, slots=True)
class ReelJob:
    """The files of a take, the part of it in seconds of take time, and a slate; without pictures it is heard alone."""

    movie: Path | None
    sound: Path
    from_s: float
    to_s: float
    slate: SlatePicture | None = None


def write_reel(job: ReelJob, film: Path, wave: Path, tick: Callable[[float], bool]) -> None:
    """Write both files, which must not exist. `tick` gets the share that is done and answers whether to go on.

    Raises MediaError (MEDIA_UNREADABLE), CaptureError, OSError and ReelStoppedError; either may be there in part then.
    """
    try:
        with ExitStack() as stack:
            _Reel(job, stack, film, wave).write(tick)
    except (*UNREADABLE, soundfile.LibsndfileError) as problem:
        if isinstance(problem, OSError) and not isinstance(problem, av.FFmpegError):
            raise
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=job.sound.name, detail=type(problem).__name__) from problem


class _Reel:
    """A film that is being written; its pictures lead, its sound follows."""

    def __init__(self, job: ReelJob, stack: ExitStack, film: Path, wave: Path) -> None:
        self._job = job
        self._sound = stack.enter_context(soundfile.SoundFile(job.sound))
        self._rate_hz, channels = self._sound.samplerate, min(self._sound.channels, 2)
        file = DurableFile(film)
        stack.callback(file.close)
        self._out = stack.enter_context(av.open(cast(Any, file), "w", format="mp4"))
        pictures = self._pictures = self._opened(stack)
        self._fps = min(RATES, key=lambda rate: abs(rate - pictures.fps)) if pictures is not None else RATES[0]
        self._video: Any = self._video_stream() if self._pictures is not None else None
        self._audio: Any = self._out.add_stream("aac", rate=self._rate_hz)
        self._audio.layout, self._audio.bit_rate = _LAYOUTS[channels], _AAC_BITS
        kind = "PCM_16" if self._sound.subtype == "PCM_16" else "PCM_24"
        made = soundfile.SoundFile(wave, "w", self._rate_hz, channels, kind, format="WAV")
        self._wave = stack.enter_context(made)
        self._slate_count = round(SLATE_S * self._fps) if job.slate is not None and self._video is not None else 0
        self._first, self._end = round(job.from_s * self._rate_hz), round(job.to_s * self._rate_hz)
        self._written = 0

    def write(self, tick: Callable[[float], bool]) -> None:
        """All of it, picture by picture with the sound of each."""
        samples = self._samples()
        total = max(1, self._slate_count + round((self._job.to_s - self._job.from_s) * self._fps))
        for number in range(total):
            if not tick(number / total):
                raise ReelStoppedError
            if self._video is not None:
                self._encode_picture(number)
            self._encode_sound(samples, round((number + 1) / self._fps * self._rate_hz))
        self._encode_sound(samples, None)
        for stream in (self._video, self._audio):
            if stream is not None:
                self._out.mux(stream.encode(None))

    def _opened(self, stack: ExitStack) -> FilmPictures | None:
        if self._job.movie is None:
            return None
        file = HeldFile(self._job.movie)
        stack.callback(file.let_go)
        box = stack.enter_context(container(file))
        pictures = FilmPictures(box)
        stack.callback(pictures.close)
        self._source = box.streams.video[0].codec_context
        return pictures

    def _video_stream(self) -> Any:
        stream: Any = self._out.add_stream("libx264", rate=self._fps)
        stream.width, stream.height, stream.pix_fmt = self._source.width, self._source.height, "yuv420p"
        stream.options = {"crf": _CRF, "preset": "veryfast"}
        for name in ("colorspace", "color_range", "color_primaries", "color_trc"):
            setattr(stream.codec_context, name, getattr(self._source, name))
        return stream

    def _encode_picture(self, number: int) -> None:
        frame = self._slate() if number < self._slate_count else self._picture(number - self._slate_count)
        frame.pts, frame.time_base = number, Fraction(1, self._fps)
        frame.pict_type = PictureType.NONE
        self._out.mux(self._video.encode(frame))

    def _picture(self, number: int) -> av.VideoFrame:
        assert self._pictures is not None  # noqa: S101 - there is a stream for them
        shot = self._pictures.at(self._job.from_s + number / self._fps)
        if shot is None:
            raise ValueError("no picture")
        return shot.frame.reformat(format="yuv420p")

    def _slate(self) -> av.VideoFrame:
        slate = self._job.slate
        assert slate is not None  # noqa: S101 - it is counted
        pixels = np.frombuffer(slate.pixels, np.uint8).reshape(slate.height, slate.width, 4)
        frame = av.VideoFrame.from_ndarray(pixels, format="bgra")
        return frame.reformat(self._video.width, self._video.height, "yuv420p")

    def _samples(self) -> Iterator[NDArray[np.int32]]:
        """Silence under the slate, then the take's own samples."""
        yield np.zeros((round(self._slate_count / self._fps * self._rate_hz), self._wave.channels), np.int32)
        self._sound.seek(min(self._first, self._sound.frames))
        left = self._end - self._first
        while left > 0 and len(block := self._sound.read(min(left, 1 << 14), dtype="int32", always_2d=True)):
            left -= len(block)
            yield block[:, : self._wave.channels]

    def _encode_sound(self, samples: Iterator[NDArray[np.int32]], until: int | None) -> None:
        """As much as reaches that sample; None: the rest."""
        while until is None or self._written < until:
            block = next(samples, None)
            if block is None:
                return
            self._wave.write(block)
            if len(block):
                self._encode_block(block)

    def _encode_block(self, block: NDArray[np.int32]) -> None:
        heard = np.ascontiguousarray((block / 2**31).astype(np.float32).T)
        frame = av.AudioFrame.from_ndarray(heard, format="fltp", layout=_LAYOUTS[self._wave.channels])
        frame.sample_rate, frame.pts, frame.time_base = self._rate_hz, self._written, Fraction(1, self._rate_hz)
        self._written += len(block)
        self._out.mux(self._audio.encode(frame))
