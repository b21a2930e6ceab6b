"""Whether `raw/` holds nothing that the finished files do not hold: then each byte needs to be on the disk only once.

Everything is read back from the files themselves. The finished files have the hashes that were written down; timing.zip
holds the observations byte for byte; every packet of the picture is in take.mp4 byte for byte, in its order; every
sample of the sound is in audio.flac, outside the gaps that the take declares. What lies behind the end of the sound is
no part of the take: such pictures may be missing, the last half second at most, and the log still names them.

Anything else keeps `raw/`: pictures kept as the camera sent them (the film made of them has fewer bits), files that a
kill left open, a file that nobody knows, a take without timing.zip.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import logging
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

import av
import numpy as np

from perfstudio.capture.files.durable_file import write_saved
from perfstudio.capture.files.flac import Samples, read_flac
from perfstudio.capture.files.raw_segments import RawSegment, is_closed
from perfstudio.capture.files.raw_video_files import PICTURE_FILE
from perfstudio.capture.finishing.finish import fit, retime
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.finishing.raw_take import RawTake, read_raw
from perfstudio.capture.finishing.sound_out import closed_length, with_silence
from perfstudio.capture.recording.audio_writer import SOUND_FILE
from perfstudio.capture.recording.rolling_take import RAW
from perfstudio.capture.timing.timing_archive import MEMBERS, read_archive
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.take import FILE_NAMES, SECOND_COPY, FileEntry, FileRole

BEHIND_US: Final = 500_000
"""Pictures up to this long behind the end of the sound may be missing from the film."""
_KNOWN: Final = frozenset({*MEMBERS, PICTURE_FILE, SOUND_FILE, SECOND_COPY})

_log = logging.getLogger(__name__)


def mark_second_copy(folder: Path, finished: FinishedTake) -> bool:
    """Compare, and leave a mark in `raw/` when it holds nothing of its own: once the take is sealed it may go.

    The mark names the finished files by hash. Never raises: what cannot be compared stays.
    """
    try:
        if not is_second_copy(folder, finished):
            return False
        names = {entry.role.value: entry.sha256 for entry in finished.files}
        write_saved(folder / RAW / SECOND_COPY, json.dumps(names).encode())
    except (PerfstudioError, av.FFmpegError, OSError, ValueError, LookupError):
        _log.warning("what was recorded could not be compared with what was made of it, and stays", exc_info=True)
        return False
    return True


def is_second_copy(folder: Path, finished: FinishedTake) -> bool:
    """Whether `folder/raw` holds nothing that the finished files do not hold. Raises what reading them raises."""
    raw = read_raw(folder)
    if {path.name for path in (folder / RAW).iterdir()} - _KNOWN or not _is_whole(folder, finished.files):
        return False
    return _observations_alike(folder) and _sound_alike(raw) and _pictures_alike(raw, finished)


def _is_whole(folder: Path, files: tuple[FileEntry, ...]) -> bool:
    """Whether the finished files are there and read back as they were written down."""
    if FileRole.TIMING not in {entry.role for entry in files}:
        return False
    return all(_digest(folder / entry.name) == entry.sha256 for entry in files)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _observations_alike(folder: Path) -> bool:
    there = {name: path.read_bytes() for name in MEMBERS if (path := folder / RAW / name).is_file()}
    return read_archive(folder / FILE_NAMES[FileRole.TIMING]) == there


def _sound_alike(raw: RawTake) -> bool:
    final, length = raw.folder / FILE_NAMES[FileRole.SOUND], closed_length(raw.sound)
    if length is None:
        return False
    if raw.sound.samefile(final) or filecmp.cmp(raw.sound, final, shallow=False):
        return True
    counted = _Counted(read_flac(raw.sound))
    written = with_silence(counted, list(fit(raw).lost), raw.microphone.channels)
    return _alike(written, read_flac(final)) and counted.samples == length


class _Counted:
    """Samples passed on, and how many they were: a reader that meets damage ends early."""

    def __init__(self, pieces: Iterator[Samples]) -> None:
        self._pieces = pieces
        self.samples = 0

    def __iter__(self) -> Iterator[Samples]:
        for piece in self._pieces:
            self.samples += len(piece)
            yield piece


def _alike(one: Iterator[Samples], other: Iterator[Samples]) -> bool:
    """Whether two streams of samples are equal, however they are cut into pieces."""
    one, other = (filter(len, pieces) for pieces in (one, other))
    left, right = next(one, None), next(other, None)
    while left is not None and right is not None:
        count = min(len(left), len(right))
        if not np.array_equal(left[:count], right[:count]):
            return False
        left = left[count:] if len(left) > count else next(one, None)
        right = right[count:] if len(right) > count else next(other, None)
    return left is None and right is None


def _pictures_alike(raw: RawTake, finished: FinishedTake) -> bool:
    final = raw.folder / FILE_NAMES[FileRole.PICTURE]
    if not raw.pieces:
        return not final.exists() and not (raw.folder / RAW / PICTURE_FILE).exists()
    if len(raw.pieces) != 1 or raw.holds_sent or not is_closed(raw.pieces[0].path):
        return False
    held = _packets_held(raw.pieces[0], final)
    return held is not None and _rest_lies_behind(raw, finished, held)


def _packets_held(piece: RawSegment, final: Path) -> int | None:
    """How many packets of a piece the film holds, byte for byte from the first on; None for one that differs."""
    held = 0
    film = (bytes(packet) for packet in RawSegment(final, piece.packets).copied())
    for written, found in zip_longest((bytes(packet) for packet in piece.copied()), film):
        if found is None:
            continue  # the film ends before: what is left is counted by its absence
        if written != found:
            return None
        held += 1
    return held


def _rest_lies_behind(raw: RawTake, finished: FinishedTake, held: int) -> bool:
    times = raw.picture_times
    offset_ms = finished.sync.offset_ms if finished.sync is not None else 0.0
    shown = retime(raw, fit(raw), times, offset_ms)
    rest = shown[held:] - round(finished.duration_s * 1e6)
    logged = np.isin(times, raw.frames["pts_us"])  # so that the log alone gives every picture its time
    return bool(logged.all() and (rest >= -1).all() and (rest < BEHIND_US).all())
