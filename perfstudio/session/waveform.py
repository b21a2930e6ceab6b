"""The shape of a take's sound: one column per short stretch, for the waveform under the picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.model.errors import ErrorCode, MediaError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMNS = 1600
"""Enough for one column a pixel on a wide window."""
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Waveform:
    """`peaks`: the highest absolute sample of each column, 0..1, over all channels; columns share `duration_s`."""

    duration_s: float
    peaks: NDArray[np.float32]


def read_waveform(sound: Path, columns: int = COLUMNS) -> Waveform:
    """Read a sound file once, block by block. Raises MediaError(MEDIA_MISSING, MEDIA_UNREADABLE)."""
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
            return Waveform(file.frames / file.samplerate, np.minimum(peaks, 1.0))
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=sound.name, detail="damaged") from error
