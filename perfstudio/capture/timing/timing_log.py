"""Everything observed while rolling, as raw binary logs: the ground on which a take can be re-timed and audited.

A log is one line of JSON that names the record's fields and types, then fixed-size records. A tail cut off by a kill
is simply shorter. The picture log has a record for every frame that arrived while rolling, written or not; the sound
log also holds the arrivals of the seconds before, which make the clock map firm from the first frame on.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.timing.frame_times import steadied
from perfstudio.model.strict_json import read_leniently

CAPTURE_FILE: Final = "capture.json"
"""What was opened, and what take time and the picture's times count from."""
EVENTS_FILE: Final = "events.jsonl"
"""Markers, and how it ended."""
BLOCK_LOG: Final = "blocks.bin"
FRAME_LOG: Final = "frames.bin"
"""The recorded partner: which clip, in which headphones."""
PLAYED_LOG: Final = "played.bin"
"""What the headphones were given, and when."""

Log = NDArray[np.void]
"""Records in order of arrival; fields as in BLOCKS or FRAMES."""

_NUMBER: Final = re.compile("[<>|][iuf][1248]")
"""The type of a field: one number. What a damaged header may also be read as, numpy would evaluate."""

NO_STAMP: Final = np.iinfo(np.int64).min
"""In a stamp field: the driver gave none."""

BLOCKS: Final = np.dtype(
    [
        ("first_sample", "<i8"),  # of this block, counted since the stream was opened
        ("host_ns", "<i8"),  # arrival on the one clock
        ("adc_s", "<f8"),  # driver's capture time, NaN when absent
        ("current_s", "<f8"),  # driver's own now, NaN when absent
        ("frames", "<i4"),
        ("flags", "<i4"),  # BlockFlag
    ]
)
PLAYED: Final = np.dtype(
    [
        ("first_sample", "<i8"),  # of this block, counted since the headphones were opened
        ("host_ns", "<i8"),  # when the driver asked for it, on the one clock
        ("dac_s", "<f8"),  # driver's time of hearing, on its own clock; 0 where it does not know
        ("current_s", "<f8"),  # driver's own now
        ("clip_sample", "<i8"),  # of the clip as it is played, first of this block; -1: silence
        ("frames", "<i4"),
        ("flags", "<i4"),  # DRY, or 0
    ]
)
DRY: Final = 2
"""The flag of a block before which the driver says that it ran dry."""
FRAMES: Final = np.dtype(
    [
        ("index", "<i8"),  # grabs since the camera was opened
        ("host_ns", "<i8"),  # right after the grab
        ("device_ns", "<i8"),  # driver's stamp on the same clock, or NO_STAMP
        ("pts_us", "<i8"),  # presentation time in raw/picture.mp4, or NO_STAMP when not written
        ("check", "<u4"),  # CRC-32 of the picture: equal neighbours are repeats
        ("fate", "<i2"),  # FrameFate
        ("luma", "<u1"),  # mean brightness 0..255
        ("speed", "<u1"),  # encoder speed step
    ]
)


class BlockFlag(IntFlag):
    """What is known of a block of sound."""

    WRITTEN = 1  # its samples are in raw/sound.flac
    OVERFLOW = 2  # the driver said samples were lost; never trusted alone
    ZERO = 4  # every sample is exactly zero


class FrameFate(IntEnum):
    """What became of a frame."""

    WRITTEN = 0
    BACKLOG = 1  # the encoder could not keep up
    DAMAGED = 2  # came cut off, or could not be decoded
    RESIZED = 3  # another picture size than the take's (in takes of earlier versions: now it is fitted in)
    CLOCK = 4  # not later than the frame before it
    DISK = 5  # the disk took no more


class LogWriter:
    """Appends records to a log; `flush` hands them to the system in one write."""

    def __init__(self, path: Path, dtype: np.dtype[np.void], relief: Callable[[], bool] | None = None) -> None:
        self.file = DurableFile(path, relief)
        self._dtype = dtype
        self._waiting: list[tuple[Any, ...]] = []
        self._lock = threading.Lock()
        self.file.write(json.dumps({"fields": dtype.descr}).encode() + b"\n")

    def add(self, record: tuple[Any, ...]) -> None:
        """Append one record, with values in the order of the fields. From any thread."""
        with self._lock:
            self._waiting.append(record)

    def flush(self) -> None:
        """Write what waits. Raises CaptureError."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if waiting:
            self.file.write(np.array(waiting, self._dtype).tobytes())

    def close(self) -> None:
        """Flush and close; a failed flush is raised after closing."""
        try:
            self.flush()
        finally:
            self.file.close()


def read_log(path: Path, dtype: np.dtype[np.void]) -> Log:
    """All whole records of a log; empty when the file is missing or its header damaged.

    Fields are matched by name: a log with more fields than `dtype` reads well, a missing field reads as zero.
    """
    try:
        return records_of(path.read_bytes(), dtype)
    except OSError:
        return np.zeros(0, dtype)


def records_of(data: bytes, dtype: np.dtype[np.void]) -> Log:
    """The same of the bytes of a log."""
    try:
        header, _, body = data.partition(b"\n")
        written = _fields(header)
    except (ValueError, KeyError, TypeError):
        return np.zeros(0, dtype)
    if written.itemsize == 0:
        return np.zeros(0, dtype)
    records = np.frombuffer(body[: len(body) // written.itemsize * written.itemsize], written)
    if written == dtype:
        return records
    out = np.zeros(len(records), dtype)
    for name in set(written.names or ()) & set(dtype.names or ()):
        out[name] = records[name]
    return out


def _fields(header: bytes) -> np.dtype[np.void]:
    """The record that a header names. Raises ValueError, KeyError, TypeError."""
    fields = [(str(name), str(kind)) for name, kind in read_leniently(header)["fields"]]
    if not all(_NUMBER.fullmatch(kind) for _, kind in fields):
        raise ValueError(fields)
    return np.dtype(fields)


def frame_stamps(frames: Log, frame_clock: str, *, network: bool = False) -> NDArray[np.int64]:
    """The time of each frame on the host clock, int64 nanoseconds: the driver's where it was trusted, else arrival.

    Arrivals from a `network` are laid on the camera's period where it shows one.
    """
    device: NDArray[np.int64] = frames["device_ns"]
    host: NDArray[np.int64] = frames["host_ns"]
    if frame_clock == "arrival" or not len(frames) or bool((device == NO_STAMP).all()):
        return _on_period(frames["index"], host) if network else host
    # A single missing stamp is filled from arrival, moved by the usual delay between the two.
    known = device != NO_STAMP
    delay = np.int64(np.median(host[known] - device[known]))
    return np.where(known, device, host - delay)


def _on_period(index: NDArray[np.int64], host: NDArray[np.int64]) -> NDArray[np.int64]:
    """The times of frames in any order: what was given up on the way is noted before what still waited then."""
    order = np.argsort(index, kind="stable")
    steady = steadied(index[order], host[order])
    if steady is None:
        return host
    times = np.empty_like(host)
    times[order] = steady.host_ns
    return times
