"""Sound that is missing, or comes too early or too late: holes filled and pieces taken out where the ear minds least.

Works on 48 kHz, one channel, 16 bit. A voice repeats itself a hundred times a second: what is put in and taken out is
whole periods of it, and every seam is faded over.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.int16]
"""48 kHz, one channel."""

RATE_HZ: Final = 48000
FRAME: Final = 960
"""Samples of 20 ms."""
PAST: Final = 2 * FRAME
"""So much of what was heard last a hole is filled out of."""
_SEAM: Final = 240
"""5 ms."""
_SHORTEST, _LONGEST = 120, 720
"""Periods of a voice from 400 down to 67 Hz."""
_COARSE: Final = 4
"""The period is looked for among every fourth sample."""
_FADE: Final = (1.0, 0.6, 0.25, 0.0)
"""How loud a hole is filled, 20 ms by 20 ms: what goes on longer is silence."""
FILLED: Final = len(_FADE) - 1
"""Frames that are more than silence."""
SILENCE: Final = np.zeros(FRAME, np.int16)


def period(sound: Sound) -> int:
    """Samples after which the end of `sound` (at least PAST) is most like what came before."""
    coarse = sound[-PAST::_COARSE].astype(np.float32)
    length = FRAME // _COARSE
    tail = coarse[-length:]
    lags = np.arange(_SHORTEST // _COARSE, _LONGEST // _COARSE)
    before = np.lib.stride_tricks.sliding_window_view(coarse[:-1], length)[len(coarse) - length - lags]
    likeness = before @ tail / np.sqrt(np.einsum("ij,ij->i", before, before) + 1.0)
    return int(lags[int(np.argmax(likeness))]) * _COARSE


def filled(past: Sound, nth: int) -> Sound:
    """The `nth` frame (from 0) of a hole behind `past`, which has PAST samples."""
    start, end = (_FADE[min(nth + step, len(_FADE) - 1)] for step in (0, 1))
    if start == 0.0:
        return SILENCE
    last = past[-period(past) :]
    again = np.resize(last, FRAME).astype(np.float32)
    return (again * np.linspace(start, end, FRAME, dtype=np.float32)).astype(np.int16)


def faded(before: Sound, after: Sound) -> Sound:
    """`after`, its first 5 ms faded in while as much of `before` fades out."""
    seam = min(_SEAM, len(before), len(after))
    up = np.linspace(0.0, 1.0, seam, dtype=np.float32)
    mixed = after.copy()
    mixed[:seam] = (before[:seam] * (1.0 - up) + after[:seam] * up).astype(np.int16)
    return mixed


def shorter(past: Sound, frame: Sound) -> Sound:
    """A frame without one period of the voice in it."""
    gone = period(np.concatenate((past, frame))[-PAST:])
    return faded(frame[:-gone], frame[gone:]) if gone + _SEAM <= len(frame) else frame


def longer(past: Sound, frame: Sound) -> Sound:
    """A frame with one period of the voice twice in it."""
    twice = period(np.concatenate((past, frame))[-PAST:])
    if twice + _SEAM > len(frame):
        return frame
    return np.concatenate((frame[:twice], faded(frame[twice:], frame)))


def loudness(sound: Sound) -> float:
    """Root of the mean square, 0..32768."""
    wide = sound.astype(np.float32)
    return float(np.sqrt(np.dot(wide, wide) / max(len(wide), 1)))
