"""The shape of a take's sound: one column per short stretch, for the waveform under the picture.

The sound is read in a process that ends with its answer: numpy and the decoder would stay with the window for good, and
its memory is wanted for the next take.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.child_process import run_in_child_process

COLUMNS = 1600
"""Enough for one column a pixel on a wide window."""
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Waveform:
    """`peaks`: the highest absolute sample of each column, 0..1, over all channels; columns share `duration_s`."""

    duration_s: float
    peaks: tuple[float, ...]


def read_waveform(sound: Path, columns: int = COLUMNS) -> Waveform:
    """Read a sound file once. Raises MediaError(MEDIA_MISSING, MEDIA_UNREADABLE)."""
    try:
        return run_in_child_process("waveform", _measured, sound, columns)
    except EOFError:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=sound.name, detail="damaged") from None


def _measured(sound: Path, columns: int) -> Waveform:
    """Peaks of every column, read block by block."""
    import numpy as np  # noqa: PLC0415 - the window opens without it
    import soundfile  # noqa: PLC0415 - as above

    if not sound.is_file():
        raise MediaError(ErrorCode.MEDIA_MISSING, file=sound.name)
    try:
        with soundfile.SoundFile(sound) as file:
            peaks = np.zeros(max(1, min(columns, file.frames)), np.float32)
            done = 0
            for block in file.blocks(_BLOCK, dtype="float32", always_2d=True):
                loudest = np.abs(block).max(axis=1)
                into = (np.arange(done, done + len(loudest)) * len(peaks)) // max(1, file.frames)
                np.maximum.at(peaks, np.minimum(into, len(peaks) - 1), loudest)
                done += len(loudest)
            return Waveform(file.frames / file.samplerate, tuple(np.minimum(peaks, 1.0).tolist()))
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=sound.name, detail="damaged") from error
