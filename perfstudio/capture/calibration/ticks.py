"""Sharp sounds: claps and clicks that rise out of quiet in a few milliseconds, begun at a known fraction of one.

Speech and music have slow beginnings or steady neighbours; echoes come after the sound they repeat and are left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Band = tuple[float, float]

CLAP_BAND: Final[Band] = (1200.0, 9000.0)
"""A clap's energy lies around 1 to 4 kHz and above; rumble and the voice's fundamental lie below."""
CLICK_BAND: Final[Band] = (4500.0, 7500.0)
"""Around the click of the pattern and of the practice microphone."""
APART_S: Final = 0.2
"""What follows a sharp sound within this time is its echo."""
_ATTACK: Final = 5.0
"""How far (in amplitude, 14 dB) the beginning stands above the 30 ms before it."""
_LOUDER: Final = 2.0
"""No echo is this much louder than its sound: something new has begun."""
_FADED: Final = 0.5
"""50 to 80 ms after its beginning a clap has lost at least half of its amplitude; a note or a vowel has not."""
_EDGE: Final = 0.25
"""A sharp sound begins where its envelope reaches this share of its first peak."""


def find_ticks(sound: NDArray[np.float32], rate_hz: int, start_s: float, band: Band) -> Numbers:
    """Times in seconds at which sharp sounds begin, rising. Weak ones (14 dB below the usual one) are left out."""
    level = envelope(sound, rate_hz, band)
    found = _attacks(level, rate_hz)
    if not found:
        return np.zeros(0)
    peaks = np.array([peak for _, peak in found])
    strong = peaks > 0.2 * np.median(np.sort(peaks)[-10:])
    return np.array([start_s + at / rate_hz for (at, _), is_strong in zip(found, strong, strict=True) if is_strong])


def envelope(sound: NDArray[np.float32], rate_hz: int, band: Band) -> Numbers:
    """Amplitude inside a band, one value a sample, smoothed over 0.3 ms, centred (no delay)."""
    count = len(sound)
    if count < rate_hz // 50:
        return np.zeros(count)
    out = np.zeros(count)
    margin = rate_hz // 20
    whole = 1 << (2 * margin + min(count, 2 * rate_hz) - 1).bit_length()  # what a transform is quick with
    piece = whole - 2 * margin
    gain = _gain(whole, rate_hz, band)
    for first in range(0, count, piece):  # pieces keep the memory flat
        begin, end = max(0, first - margin), min(count, first + piece + margin)
        spectrum = np.zeros(whole, np.complex128)
        spectrum[: len(gain)] = np.fft.rfft(sound[begin:end].astype(np.float64), whole) * gain
        level = np.abs(np.fft.ifft(spectrum))
        out[first : first + piece] = level[first - begin :][: min(piece, count - first)]
    width = max(1, round(0.0003 * rate_hz)) | 1
    return np.convolve(out, np.ones(width) / width, "same")


def _gain(count: int, rate_hz: int, band: Band) -> Numbers:
    """What a band lets through of each frequency from zero to the half of the rate, twice: the other half is left
    out."""
    hertz = np.fft.rfftfreq(count, 1 / rate_hz)
    low, high = band
    rise, fall = (hertz - 0.8 * low) / (0.2 * low), (1.15 * high - hertz) / (0.15 * high)
    return np.asarray(2 * np.clip(rise, 0, 1) * np.clip(fall, 0, 1))


def _attacks(level: Numbers, rate: int) -> list[tuple[float, float]]:
    """(sample of the beginning, amplitude of the first peak) of every sharp sound."""
    hop = max(1, rate // 1000)
    loud = level[: len(level) // hop * hop].reshape(-1, hop).max(axis=1)  # one value a millisecond
    floor = max(1e-5, float(np.median(loud)) * 3)
    if len(loud) < 60:
        return []
    steps = np.arange(40, len(loud) - 10)
    before = sliding_window_view(loud, 30).max(axis=1)[steps - 32]
    peaks = sliding_window_view(loud, 5).max(axis=1)[steps]
    sharp = (peaks >= floor) & (peaks >= _ATTACK * before) & (loud[steps] >= _EDGE * peaks)
    found: list[tuple[float, float]] = []
    quiet_until, last = -1, 0.0
    for at, peak in zip(steps[sharp].tolist(), peaks[sharp].tolist(), strict=True):
        if at < quiet_until and peak < _LOUDER * last:
            continue
        quiet_until, last = at + round(APART_S * 1000), peak
        after = loud[at + 50 : at + 80]
        if not len(after) or float(np.median(after)) < _FADED * peak:
            found.append((_beginning(level, at * hop, peak, hop), peak))
    return found


def _beginning(level: Numbers, near: int, peak: float, hop: int) -> float:
    """Where the envelope first reaches its share of the first peak, between samples."""
    first = max(1, near - 2 * hop)
    over = np.flatnonzero(level[first : near + 6 * hop] >= _EDGE * peak)
    if not len(over):
        return float(near)
    at = first + int(over[0])
    below, above = float(level[at - 1]), float(level[at])
    share = (_EDGE * peak - below) / (above - below) if above > below else 0.0
    return at - 1 + min(1.0, max(0.0, share))
