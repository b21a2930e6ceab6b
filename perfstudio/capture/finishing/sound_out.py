"""audio.flac: the device's samples as they are, with exact silence where samples were lost."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from perfstudio.capture.files.durable_file import DurableFile, put_in_place
from perfstudio.capture.files.flac import FlacWriter, Samples, read_flac
from perfstudio.capture.timing.audio_timeline import LostSound
from perfstudio.durable import file_error, remove
from perfstudio.model.device import MicrophoneGranted
from perfstudio.model.errors import CaptureError


def closed_length(path: Path) -> int | None:
    """Samples that the header of a properly closed FLAC file promises; None for a file that was never closed."""
    try:
        with path.open("rb") as file:
            head = file.read(42)
    except OSError:
        return None
    if len(head) < 42 or head[:4] != b"fLaC":
        return None
    # RFC 9639, 8.2: 36 bits of total samples, the last of 64 that begin at byte 10 of STREAMINFO; 0 = unknown.
    return int.from_bytes(head[18:26]) & ((1 << 36) - 1) or None


def place_sound(raw: Path, final: Path) -> None:
    """Make `final` the very same file as `raw`: a hard link where the file system has them, else a copy."""
    if final.exists() and raw.samefile(final):
        return
    temporary = _fresh(final)
    try:
        try:
            os.link(raw, temporary)
        except OSError:
            shutil.copyfile(raw, temporary)
            temporary.chmod(0o600)
        put_in_place(temporary, final)
    except OSError as problem:
        raise file_error(problem, final, CaptureError) from problem


def rebuild_sound(raw: Path, final: Path, granted: MicrophoneGranted, lost: Iterable[LostSound]) -> int:
    """Write `final` anew from all that reads in `raw`, zeros inserted; returns its samples per channel, 0 for none."""
    file = DurableFile(_fresh(final))
    flac = FlacWriter(file, granted.rate_hz, granted.channels, granted.sample_format)
    try:
        for samples in with_silence(read_flac(raw), list(lost), granted.channels):
            flac.write(samples)
    except BaseException:
        file.close()
        raise
    flac.close()
    if flac.samples == 0:
        with contextlib.suppress(OSError):
            remove(file.path)
        return 0
    put_in_place(file.path, final)
    return flac.samples


def with_silence(pieces: Iterable[Samples], lost: list[LostSound], channels: int) -> Iterator[Samples]:
    """The pieces with zeros where samples are missing; losses behind the end are left out."""
    position, waiting = 0, list(lost)
    for whole in pieces:
        piece = whole
        while waiting and waiting[0].at_sample < position + len(piece):
            split = waiting[0].at_sample - position
            yield piece[:split]
            yield np.zeros((waiting.pop(0).samples, channels), np.int32)
            piece = piece[split:]
            position += split
        yield piece
        position += len(piece)


def _fresh(final: Path) -> Path:
    temporary = final.with_name(final.name + ".tmp")
    remove(temporary)
    return temporary
