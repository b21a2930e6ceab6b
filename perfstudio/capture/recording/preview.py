"""One block of shared memory between the recorder and the window: the latest picture, live reading, status, heartbeat.

The window creates the block and reads it on its own timer; the recorder's process attaches and writes. Nothing is
queued and nobody waits: pictures go round three slots, every part carries a number that is written before and after
it, and a reader that meets two different numbers simply keeps what it had.
"""

from __future__ import annotations

import contextlib
import pickle
import struct
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING, ClassVar, Final, cast

from perfstudio.capture.recording.messages import RecorderStatus
from perfstudio.model.checks import LiveReading
from perfstudio.model.clock import host_ns

if TYPE_CHECKING:
    from perfstudio.capture.devices.yuv420 import Planar

MAX_WIDTH: Final = 1280
MAX_HEIGHT: Final = 720

_SLOTS: Final = 3
_HEAD: Final = struct.Struct("<qqqq")  # heartbeat ns; numbers of the latest picture, reading, status
_PICTURE: Final = struct.Struct("<qiiq")  # number, width, height, host_ns of the frame
_NUMBER: Final = struct.Struct("<q")
_VALUE: Final = struct.Struct("<qi")  # number, length
_VALUE_BYTES: Final = 16 * 1024
_VALUE_SIZE: Final = _VALUE.size + _VALUE_BYTES + _NUMBER.size
_PICTURE_BYTES: Final = MAX_WIDTH * MAX_HEIGHT * 4
_SLOT_SIZE: Final = _PICTURE.size + _PICTURE_BYTES + _NUMBER.size
_READING_AT: Final = _HEAD.size
_STATUS_AT: Final = _READING_AT + _VALUE_SIZE
_SLOTS_AT: Final = _STATUS_AT + _VALUE_SIZE
_SIZE: Final = _SLOTS_AT + _SLOTS * _SLOT_SIZE


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """A picture for the screen: height x width x 4, BGRX (the byte order of QImage.Format_RGB32), and its number.

    The pixels are those in the shared block: the third picture after this one is written over them.
    """

    number: int
    host_ns: int
    pixels: memoryview


class _Block(SharedMemory):
    """Stays mapped while somebody looks at a picture in it; closed then by whoever closes the next one."""

    _looked_at: ClassVar[set[SharedMemory]] = set()

    def close(self) -> None:
        """Let go of this block, and of those that nobody looks at any more."""
        for block in (self, *(self._looked_at - {self})):
            self._looked_at.add(block)
            with contextlib.suppress(BufferError):
                SharedMemory.close(block)
                self._looked_at.discard(block)


class _Value:
    """One value in the block, pickled. One thread writes it; its number stands in the head, before it and behind it."""

    def __init__(self, buffer: memoryview, head_at: int, at: int) -> None:
        self._buffer, self._head_at, self._at = buffer, head_at, at
        self._number = 0
        self._value: object = None

    def put(self, value: object) -> None:
        """Publish a value."""
        data = pickle.dumps(value)
        if len(data) > _VALUE_BYTES:
            return
        number = self._number + 1
        start, end = self._at + _VALUE.size, self._at + _VALUE.size + _VALUE_BYTES
        _NUMBER.pack_into(self._buffer, end, number)
        _VALUE.pack_into(self._buffer, self._at, number - 1, len(data))
        self._buffer[start : start + len(data)] = data
        _VALUE.pack_into(self._buffer, self._at, number, len(data))
        _NUMBER.pack_into(self._buffer, self._head_at, number)
        self._number = number

    def get(self) -> object:
        """The newest value; None before the first."""
        (number,) = _NUMBER.unpack_from(self._buffer, self._head_at)
        if number != self._number:
            before, length = _VALUE.unpack_from(self._buffer, self._at)
            start = self._at + _VALUE.size
            data = bytes(self._buffer[start : start + length])
            (after,) = _NUMBER.unpack_from(self._buffer, start + _VALUE_BYTES)
            if before == after == number:
                self._value = pickle.loads(data)  # noqa: S301 - both ends are this program; the block is private to the user
                self._number = number
        return self._value


class PreviewWriter:
    """The recorder's end. One thread writes pictures and readings, another one the status."""

    def __init__(self, name: str) -> None:
        self._memory = _Block(name)
        self._buffer = cast(memoryview, self._memory.buf)
        self._picture = 0
        self._reading = _Value(self._buffer, 16, _READING_AT)
        self._status = _Value(self._buffer, 24, _STATUS_AT)

    def picture(self, planar: Planar, at_ns: int) -> None:
        """Show a picture, scaled down to fit."""
        import cv2  # noqa: PLC0415 - only this end needs it: the window's process loads no media library
        import numpy as np  # noqa: PLC0415 - as above

        from perfstudio.capture.devices.yuv420 import shrunk  # noqa: PLC0415 - as above

        height, width = planar.shape[0] * 2 // 3, planar.shape[1]
        scale = min(1.0, MAX_WIDTH / width, MAX_HEIGHT / height)
        if scale < 1.0:
            width, height = max(2, round(width * scale) & ~1), max(2, round(height * scale) & ~1)
            planar = shrunk(planar, width, height)
        number = self._picture + 1
        at = _SLOTS_AT + number % _SLOTS * _SLOT_SIZE
        _PICTURE.pack_into(self._buffer, at, number, width, height, at_ns)
        target = np.ndarray((height, width, 4), np.uint8, self._buffer, at + _PICTURE.size)
        cv2.cvtColor(planar, cv2.COLOR_YUV2BGRA_I420, dst=target)
        _NUMBER.pack_into(self._buffer, at + _PICTURE.size + _PICTURE_BYTES, number)
        _NUMBER.pack_into(self._buffer, 8, number)
        self._picture = number

    def reading(self, reading: LiveReading | None) -> None:
        """Publish what the checks read."""
        self._reading.put(reading)

    def status(self, status: RecorderStatus) -> None:
        """Publish how the recorder is: not from the thread that checks, which may be slow."""
        self._status.put(status)

    def beat(self) -> None:
        """Prove that the recorder's process is alive."""
        _NUMBER.pack_into(self._buffer, 0, host_ns())

    def close(self) -> None:
        """Detach from the shared memory."""
        self._memory.close()


class PreviewReader:
    """The window's end: makes the block, hands out `name`, and takes it away on `close`. Loads no media library."""

    def __init__(self) -> None:
        self._memory = _Block(create=True, size=_SIZE)
        self._buffer = cast(memoryview, self._memory.buf)
        self.name = self._memory.name
        self._seen = 0
        self._reading = _Value(self._buffer, 16, _READING_AT)
        self._status = _Value(self._buffer, 24, _STATUS_AT)

    def picture(self) -> PreviewPicture | None:
        """The latest picture, or None when there is none newer."""
        (number,) = _NUMBER.unpack_from(self._buffer, 8)
        if number in (0, self._seen):
            return None
        at = _SLOTS_AT + number % _SLOTS * _SLOT_SIZE
        before, width, height, stamp = _PICTURE.unpack_from(self._buffer, at)
        (after,) = _NUMBER.unpack_from(self._buffer, at + _PICTURE.size + _PICTURE_BYTES)
        if before != number or after != number or not (0 < width <= MAX_WIDTH and 0 < height <= MAX_HEIGHT):
            return None
        self._seen = number
        start = at + _PICTURE.size
        pixels = self._buffer[start : start + height * width * 4].cast("B", (height, width, 4))
        return PreviewPicture(number, stamp, pixels)

    def facts(self) -> tuple[LiveReading | None, RecorderStatus]:
        """The latest reading and status."""
        reading, status = self._reading.get(), self._status.get()
        return cast("LiveReading | None", reading), cast("RecorderStatus", status or RecorderStatus())

    def beat_age_s(self) -> float | None:
        """Seconds since the last heartbeat; None before the first."""
        (beat,) = _NUMBER.unpack_from(self._buffer, 0)
        return (host_ns() - beat) * 1e-9 if beat else None

    def close(self) -> None:
        """Take the block away; may be called twice. A picture that is still looked at stays readable."""
        self._memory.close()
        with contextlib.suppress(FileNotFoundError):
            self._memory.unlink()
