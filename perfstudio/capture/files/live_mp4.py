"""take.mp4 while it is recorded: the media go to the disk and through SHA-256 on the way, only the index is to come.

A second copy of what is written to `raw/`, so that a take of ten minutes is whole half a second after the cut. It is
a convenience: whatever goes wrong with it, it is thrown away, and the film is made of the raw files as ever. Packets
are gathered and written as one `mdat` box each half second, so that nothing in the file is ever changed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import struct
import threading
from array import array
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.files.durable_file import DurableFile, put_in_place
from perfstudio.capture.files.mp4_index import MOVIE_HZ, Mp4Track, index, last_until_us
from perfstudio.capture.files.raw_segments import Packets, RawSegment, packets_of
from perfstudio.durable import remove
from perfstudio.model.errors import CaptureError
from perfstudio.systems.durability import DURABILITY

SUFFIX: Final = ".tmp"
"""Behind the name of the film: whoever makes it anew begins by removing such a file."""
_HEAD: Final = struct.pack(">I4s4sI16s", 32, b"ftyp", b"isom", 0x200, b"isomiso2avc1mp41")
_GATHER_US: Final = 500_000
_START_CODE: Final = b"\0\0\1"


class _Lane:
    """The samples of one track so far."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.sizes, self.times = array("q"), array("q")
        self.chunk_at, self.chunk_samples = array("q"), array("q")

    def add(self, sample: bytes, time: int) -> None:
        self.waiting.append(sample)
        self.sizes.append(len(sample))
        self.times.append(time)

    def take(self, at: int) -> bytes:
        """What waits, as one chunk that begins at `at`."""
        data = b"".join(self.waiting)
        if self.waiting:
            self.chunk_at.append(at)
            self.chunk_samples.append(len(self.waiting))
        self.waiting.clear()
        return data


class LiveMp4:
    """`picture` and `sound` from one thread each. No method raises; `given_up` tells that it came to nothing."""

    def __init__(self, final: Path) -> None:
        self._final = final
        self.given_up = False
        self._lock = threading.Lock()
        self._hash = hashlib.sha256()
        self._at = 0
        self._picture, self._sound = _Lane(), _Lane()
        self._keys = array("q")
        self._since_us = 0
        self._file: DurableFile | None = None
        self._temporary = final.with_name(final.name + SUFFIX)
        try:
            remove(self._temporary)
            self._file = DurableFile(self._temporary)
            self._write(_HEAD)
        except (CaptureError, OSError):
            self._drop()

    def picture(self, packet: bytes, pts_us: int, keyframe: bool) -> None:
        """A packet of H.264 as the encoder gives it; `pts_us` rising."""
        with self._lock:
            if self.given_up:
                return
            if keyframe:
                self._keys.append(len(self._picture.sizes))
            self._picture.add(length_prefixed(packet), pts_us)
            if pts_us - self._since_us >= _GATHER_US:
                self._since_us = pts_us
                self._flush()

    def sound(self, packet: bytes, samples: int) -> None:
        """A frame of FLAC."""
        with self._lock:
            if not self.given_up:
                self._sound.add(packet, samples)

    def size(self) -> int:
        """Bytes on the disk."""
        return 0 if self.given_up or self._file is None else self._file.size()

    def sync(self) -> None:
        """Make what was written safe."""
        if self._file is not None:
            self._file.sync()

    def give_up(self) -> bool:
        """Throw it away; True when that made room on the disk."""
        with self._lock:
            had = not self.given_up
            self._drop()
            return had

    def close(self) -> None:
        """Write what waits and close the file; nothing more may come but its index."""
        with self._lock:
            if not self.given_up:
                self._flush()
            if self._file is not None:
                self._file.close()

    def complete(
        self, picture: RawSegment, sound: Path, *, samples: int, times: NDArray[np.int64], end_us: int, rate_hz: int
    ) -> str | None:
        """Give it its index and its name; returns its SHA-256, or None when it was thrown away.

        `picture` and `sound` are the closed raw files: it must hold just what they hold. Picture i is shown at
        times[i], those at or behind `end_us` are left out; the sound has `samples`. The finished file is read back.
        """
        with self._lock:
            if self.given_up or not self._holds(picture.packets, sound, samples):
                self._drop()
                return None
            try:
                shown = times[times < end_us]
                tracks = self._picture_track(shown, end_us), self._sound_track(rate_hz)
                self._append(index(picture.path, sound, tracks))
                if not _reads(self._temporary, Packets(shown, picture.packets.sizes[: len(shown)])):
                    self._drop()
                    return None
                put_in_place(self._temporary, self._final)
            except (CaptureError, OSError, av.FFmpegError, StopIteration):
                self._drop()
                return None
            self.given_up = True  # it is the film now and nobody's to throw away
            return self._hash.hexdigest()

    # with the lock held

    def _holds(self, packets: Packets, sound: Path, samples: int) -> bool:
        lanes = self._picture, self._sound
        same = np.array_equal(packets.times, lanes[0].times) and np.array_equal(packets.sizes, lanes[0].sizes)
        return same and sum(lanes[1].times) == samples and len(self._keys) > 0 and sound.exists()

    def _flush(self) -> None:
        head = self._at + 8
        seen = self._picture.take(head)
        heard = self._sound.take(head + len(seen))
        if not seen and not heard:
            return
        try:
            self._write(struct.pack(">I4s", len(seen) + len(heard) + 8, b"mdat"), seen, heard)
        except CaptureError:
            self._drop()

    def _write(self, *parts: bytes) -> None:
        assert self._file is not None  # noqa: S101 - only called while there is one
        data = b"".join(parts)
        self._file.write(data)
        self._hash.update(data)
        self._at += len(data)

    def _append(self, data: bytes) -> None:
        """To the closed file, which must be as long as what was written. Raises OSError."""
        with self._temporary.open("ab") as file:
            if file.tell() != self._at:
                raise OSError(errno.EIO, "another length than was written")
            file.write(data)
            file.flush()
            DURABILITY.flush(file.fileno())
        self._hash.update(data)

    def _drop(self) -> None:
        self.given_up = True
        self._picture.waiting.clear()
        self._sound.waiting.clear()
        if self._file is not None:
            self._file.close()
            with contextlib.suppress(OSError):
                remove(self._temporary)

    def _picture_track(self, shown: NDArray[np.int64], end_us: int) -> Mp4Track:
        durations = np.diff(np.append(shown, last_until_us(shown, end_us)))
        keys = np.array(self._keys)
        return _track(self._picture, int(shown[0]), durations, MOVIE_HZ, keys[keys < len(shown)])

    def _sound_track(self, rate_hz: int) -> Mp4Track:
        return _track(self._sound, 0, np.array(self._sound.times), rate_hz, None)


def _track(
    lane: _Lane, starts: int, durations: NDArray[np.int64], hz: int, keyframes: NDArray[np.int64] | None
) -> Mp4Track:
    """A lane's first len(durations) samples."""
    count = len(durations)
    chunks = np.array(lane.chunk_samples)
    before = np.cumsum(chunks) - chunks
    used = np.minimum(chunks, count - before)[before < count]
    at = np.array(lane.chunk_at)[before < count]
    return Mp4Track(starts, durations, hz, np.array(lane.sizes)[:count], at, used, keyframes)


def length_prefixed(packet: bytes) -> bytes:
    """An encoder's units between start codes as a file holds them: each behind its length (ISO/IEC 14496-15, 5.3.2)."""
    units = (unit.rstrip(b"\0") for unit in packet.split(_START_CODE)[1:])
    return b"".join(len(unit).to_bytes(4) + unit for unit in units)


def _reads(path: Path, expected: Packets) -> bool:
    found = packets_of(path)
    return np.array_equal(found.times, expected.times) and np.array_equal(found.sizes, expected.sizes)
