"""The shape of a take's sound for the waveform under the picture: one column per short stretch, and how loud it is.

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
STEP_S = 0.1
"""From one value of the loudness to the next: FFmpeg's meter tells ten a second."""
LOUDNESS_FROM_S = 1.5
"""The middle of the first 3 s: before that the meter has not heard enough."""
_FIRST = 29
"""Its value at 3.0 s."""
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Loudest:
    """A moment in seconds, and the LUFS of the three seconds around it."""

    at_s: float
    lufs: float


@dataclass(frozen=True, slots=True)
class Waveform:
    """`peaks`: the highest absolute sample of each column, 0..1, over all channels; columns share `duration_s`.
    `loudness`: LUFS of the 3 s around each tenth of a second (EBU R 128, short-term), the first of which lies at
    LOUDNESS_FROM_S; empty where the sound is shorter than that.
    """

    duration_s: float
    peaks: tuple[float, ...]
    loudness: tuple[float, ...] = ()
    loudest: Loudest | None = None
    """The loudest three seconds; None for silence."""


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

    from perfstudio.checks.loudness import SILENT, ShortTermMeter  # noqa: PLC0415 - as above

    if not sound.is_file():
        raise MediaError(ErrorCode.MEDIA_MISSING, file=sound.name)
    try:
        with soundfile.SoundFile(sound) as file:
            peaks = np.zeros(max(1, min(columns, file.frames)), np.float32)
            meter, done = ShortTermMeter(file.samplerate, file.channels), 0
            for block in file.blocks(_BLOCK, dtype="float32", always_2d=True):
                loudest = np.abs(block).max(axis=1)
                into = (np.arange(done, done + len(loudest)) * len(peaks)) // max(1, file.frames)
                np.maximum.at(peaks, np.minimum(into, len(peaks) - 1), loudest)
                done += len(loudest)
                meter.push(block)
            loudness = tuple(meter.finish().tolist()[_FIRST:])
            shape = tuple(np.minimum(peaks, 1.0).tolist())
            return Waveform(file.frames / file.samplerate, shape, loudness, _loudest(loudness, above=SILENT))
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=sound.name, detail="damaged") from error


def _loudest(loudness: tuple[float, ...], above: float) -> Loudest | None:
    most = max(loudness, default=above)
    return Loudest(LOUDNESS_FROM_S + loudness.index(most) * STEP_S, most) if most > above else None
