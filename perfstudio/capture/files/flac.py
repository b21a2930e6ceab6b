"""FLAC as a plain stream of frames behind one header: readable up to its last whole frame whatever ends it.

The header (RFC 9639, section 8.2) begins with "number of samples: unknown" and is completed in place at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.microphone import to_int32
from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.model.errors import ErrorCode, MediaError

Samples = NDArray[np.int32]
"""Frames x channels, left-justified in 32 bits (the form of capture.microphone.to_int32)."""

_MAGIC: Final = b"fLaC"
_LAST_STREAMINFO: Final = b"\x80\x00\x00\x22"
HEADER_BYTES: Final = 42
"""Before the first frame in a file of ours."""
_LAYOUTS: Final = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


class FlacWriter:
    """Encodes samples into a file, bit-exact for 16 and 24 bits; every whole frame (0.1 s) is handed over at once.

    Where a disk may be slow, `take` and `hand_over` come apart: what was taken meanwhile goes over in one write.
    """

    def __init__(
        self,
        file: DurableFile,
        rate_hz: int,
        channels: int,
        sample_format: str,
        follow: Callable[[bytes, int], object] = lambda _, __: None,
    ) -> None:
        """`follow` is given every frame that is made, and its number of samples."""
        self.file = file
        self._follow = follow
        self.samples = 0
        """Samples per channel taken so far."""
        self._channels = channels
        self._form = sample_format
        self._wide = sample_format != "int16"
        self._codec = av.CodecContext.create("flac", "w")
        assert isinstance(self._codec, av.AudioCodecContext)  # noqa: S101 - a flac codec is an audio codec
        self._codec.sample_rate = rate_hz
        self._codec.layout = _LAYOUTS[channels]
        self._codec.format = "s32" if self._wide else "s16"
        self._codec.time_base = Fraction(1, rate_hz)
        self._codec.open()
        self._size = self._codec.frame_size
        self._sample_bytes = channels * (3 if self._wide else 2)
        self._waiting = bytearray()
        """Samples as the device delivers them, less than a frame of them."""
        self._encoded: list[bytes] = []
        self.file.write(_MAGIC + _LAST_STREAMINFO + bytes(self._codec.extradata or b""))

    def write(self, samples: Samples) -> None:
        """Take samples; write the frames they complete. Raises CaptureError when the disk does."""
        self.take(samples)
        self.hand_over()

    def take(self, samples: Samples) -> None:
        """Encode the frames that these samples complete, for the next `hand_over`."""
        packed = np.ascontiguousarray(samples, "<i4").view(np.uint8).reshape(-1, 4)
        self.take_delivered(packed[:, 1 if self._wide else 2 :].tobytes())

    def take_delivered(self, data: bytes) -> None:
        """The same with samples as the device delivered them: int16, or int24 in three bytes, little-endian.

        They are converted a frame at a time: a hundred small calls a second cost more than their work.
        """
        self._waiting += data
        step = self._size * self._sample_bytes
        whole = len(self._waiting) // step * step
        for start in range(0, whole, step):
            self._encode(bytes(self._waiting[start : start + step]))
        del self._waiting[:whole]

    def hand_over(self) -> None:
        """Write what was encoded, all at once. Raises CaptureError when the disk does."""
        encoded, self._encoded = self._encoded, []
        if encoded:
            self.file.write(b"".join(encoded))

    def close(self) -> None:
        """Write what is left, complete the header (length, MD5 of the samples) and close the file."""
        try:
            if self._waiting:
                self._encode(bytes(self._waiting))
            self._gather(self._codec.encode(None))
            self.hand_over()
            self.file.seek(len(_MAGIC) + len(_LAST_STREAMINFO))
            self.file.write(bytes(self._codec.extradata or b""))
        finally:
            self.file.close()

    def _encode(self, part: bytes) -> None:
        samples = len(part) // self._sample_bytes
        frame = av.AudioFrame(self._codec.format.name, _LAYOUTS[self._channels], samples)
        frame.planes[0].update(to_int32(part, self._channels, self._form).tobytes() if self._wide else part)
        frame.sample_rate = self._codec.sample_rate
        frame.pts = self.samples
        frame.time_base = self._codec.time_base
        self._gather(self._codec.encode(frame))
        self.samples += samples

    def _gather(self, packets: Iterable[av.Packet[Any]]) -> None:
        for packet in packets:
            if packet.size:
                self._encoded.append(bytes(packet))
                self._follow(self._encoded[-1], packet.duration or 0)


def read_flac(path: Path) -> Iterator[Samples]:
    """All samples of a FLAC file in pieces, also of one whose end was cut off. Raises MediaError when nothing reads."""
    any_read = False
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail="not FLAC")
        with av.open(str(path), format="flac") as container:
            for frame in container.decode(audio=0):
                any_read = True
                yield _samples(frame)
    except (av.FFmpegError, OSError) as problem:
        if not any_read:
            raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail=type(problem).__name__) from problem


def _samples(frame: av.AudioFrame) -> Samples:
    plain: NDArray[Any] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    if plain.dtype == np.int16:
        plain = plain.astype(np.int32) << 16
    return plain.T.copy() if frame.format.is_planar else plain.reshape(-1, channels)
