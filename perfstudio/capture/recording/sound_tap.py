"""The microphone as another process hears it: a ring in shared memory, beside the recording and without loss.

The recorder writes each block as the driver gave it, over the oldest one, in the driver's own callback: a copy of a
kilobyte, some microseconds. It knows of no reader and waits for none. A reader that is late leaves out what is gone.
"""

from __future__ import annotations

import contextlib
import struct
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.microphone import AudioBlock, to_int32
from perfstudio.model.device import MicrophoneGranted

_SLOTS: Final = 64
_SLOT_BYTES: Final = 12 * 1024
"""Of sound in a slot: two channels of 24 bits, 20 ms of 96 kHz. A longer block takes several."""
_LATE: Final = _SLOTS // 2
"""A reader that is so many slots behind goes on with the newest."""
_NUMBER: Final = struct.Struct("<q")
_SLOT: Final = struct.Struct("<qqqiii?")  # number, first sample, host ns, rate, channels, bytes, whether 16 bit
_SLOT_SIZE: Final = _SLOT.size + _SLOT_BYTES + _NUMBER.size
_SIZE: Final = _NUMBER.size + _SLOTS * _SLOT_SIZE


@dataclass(frozen=True, slots=True)
class TappedSound:
    """A piece of what the microphone gave."""

    samples: NDArray[np.int32]
    """Frames x channels, left-justified in 32 bits."""
    rate_hz: int
    first_sample: int
    """As in the block that it is of: frames since the microphone was opened."""
    host_ns: int
    """When that block arrived."""


class SoundTapWriter:
    """The recorder's end; `write` is called on the microphone's thread alone."""

    def __init__(self, name: str, granted: MicrophoneGranted) -> None:
        self._memory = SharedMemory(name)
        self._buffer = cast(memoryview, self._memory.buf)
        self._rate_hz, self._channels = granted.rate_hz, granted.channels
        self._small = granted.sample_format == "int16"
        self._frame_bytes = self._channels * (2 if self._small else 3)
        (self._number,) = _NUMBER.unpack_from(self._buffer, 0)

    def write(self, block: AudioBlock) -> None:
        """Whatever goes wrong here is the tap's own matter."""
        with contextlib.suppress(ValueError, TypeError, struct.error):
            step = _SLOT_BYTES // self._frame_bytes
            for first in range(0, block.frames, step):
                self._put(block, first, block.data[first * self._frame_bytes :][: step * self._frame_bytes])

    def close(self) -> None:
        """Let go."""
        with contextlib.suppress(BufferError):
            self._memory.close()

    def _put(self, block: AudioBlock, first: int, data: bytes) -> None:
        number = self._number + 1
        at = _NUMBER.size + number % _SLOTS * _SLOT_SIZE
        start = at + _SLOT.size
        _NUMBER.pack_into(self._buffer, start + _SLOT_BYTES, number)
        _SLOT.pack_into(
            self._buffer, at, -1, block.first_sample + first, block.host_ns, self._rate_hz, self._channels, len(data),
            self._small,
        )  # fmt: skip
        self._buffer[start : start + len(data)] = data
        _NUMBER.pack_into(self._buffer, at, number)
        _NUMBER.pack_into(self._buffer, 0, number)
        self._number = number


class SoundTap:
    """Who makes the ring, hands out `name`, and takes it away on `close`."""

    def __init__(self) -> None:
        self._memory = SharedMemory(create=True, size=_SIZE)
        self.name = self._memory.name

    def close(self) -> None:
        """Take it away; whoever still holds it may go on for themselves."""
        self._memory.close()
        with contextlib.suppress(FileNotFoundError):
            self._memory.unlink()


class SoundTapReader:
    """The other end, from the newest piece on. Used on one thread."""

    def __init__(self, name: str) -> None:
        self._memory = SharedMemory(name)
        self._buffer = cast(memoryview, self._memory.buf)
        self._seen = self._newest()
        self.left_out = 0
        """Pieces that were written over before they were read."""

    def read(self) -> TappedSound | None:
        """The next piece; None while there is none."""
        newest = self._newest()
        if newest < self._seen or newest - self._seen > _LATE:  # another recorder writes, or this one was late
            self.left_out += max(newest - 1 - self._seen, 0)
            self._seen = max(newest - 1, 0)
        if newest == self._seen:
            return None
        self._seen += 1
        at = _NUMBER.size + self._seen % _SLOTS * _SLOT_SIZE
        number, first, host_ns, rate_hz, channels, size, small = _SLOT.unpack_from(self._buffer, at)
        start = at + _SLOT.size
        data = bytes(self._buffer[start : start + max(size, 0)])
        (after,) = _NUMBER.unpack_from(self._buffer, start + _SLOT_BYTES)
        if number != self._seen or after != number:
            self.left_out += 1
            return None
        return TappedSound(to_int32(data, channels, "int16" if small else "int24"), rate_hz, first, host_ns)

    def close(self) -> None:
        """Let go."""
        self._memory.close()

    def _newest(self) -> int:
        return int(_NUMBER.unpack_from(self._buffer, 0)[0])
