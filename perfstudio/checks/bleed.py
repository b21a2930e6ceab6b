"""How much of a partner clip is heard in the take: microphone power that follows the clip, against the voice.

The clip is laid where it was played (the player's time is known to some tenths of a second; the rest is found by
correlation). In every stretch of some seconds the way from clip to microphone is fitted per frequency by least squares,
in which quiet moments of the microphone weigh most: there the performer listens. What the fit would find by chance is
taken off. Stretches are fitted apart, so that the clocks of player and microphone may run apart by 100 ppm. A clip is
found from some 20 dB under a voice that never pauses, and from some 26 dB under one that listens half of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.levels import power_db
from perfstudio.checks.limits import CheckLimits
from perfstudio.checks.media import Damage, probe, sound_blocks
from perfstudio.checks.spectrum import strongest
from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.timing import Span

RATE_HZ = 8000
_REACH_S = 0.75
_FRAME = 2048
"""A quarter of a second: longer than most of what a living room does to a sound."""
_HOP = _FRAME // 2
_STRETCH_S = 6.0
_LOOK_S = 2.0
_STANDS = 7.0
"""A correlation peak counts when it stands this many standard deviations over the others."""
_CERTAIN = 4.0
"""What is found stands this many standard deviations over chance, or nothing is claimed."""
_LEAST_S = 2.0
_HEARD = 1e-3
"""A track whose samples all stay under this is silent."""
NOT_HEARD_DB = -60.0
"""Told when nothing of the clip is found."""

Wave = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PartnerClip:
    """A clip that was played to the performer, and the take time at which it began or would have begun."""

    clip: Path
    start_s: float
    first_sample: int = 0
    """The sample of the clip that was heard first, at the rate of its file."""
    until_s: float | None = None
    """The take time at which it was heard last; None: to its end."""
    from_s: float = 0.0
    """Where in the file the clip begins, in seconds, where it is a part of it."""


@dataclass(frozen=True, slots=True)
class Bleed:
    """The clip's power in the microphone while it plays, dB against the active voice; and where it was found."""

    level_db: float
    delay_s: float
    """How much later than said the clip arrived in the microphone."""
    span: Span
    """The take time in which the clip played."""


def read_wave(path: Path, track: int | None = None) -> Wave:
    """The strongest channel of a file's sound at 8 kHz: of one track, or of the first in which something is heard.

    Raises MediaError when there is none.
    """
    sounds = [sound.index for sound in probe(path).sounds]
    if not sounds:
        raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=path.name)
    waves = (wave for index in (sounds if track is None else [track]) if len(wave := _wave(path, index)))
    first = next(waves, None)
    if first is None:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail="no_content")
    return next((wave for wave in chain([first], waves) if float(np.abs(wave).max()) > _HEARD), first)


def played_part(partner: PartnerClip) -> Wave:
    """The clip at 8 kHz, silent where it was not played. Raises MediaError as `read_wave` does."""
    wave = read_wave(partner.clip)[round(partner.from_s * RATE_HZ) :].copy()
    sounds = probe(partner.clip).sounds
    if partner.first_sample and sounds:
        wave[: round(partner.first_sample * RATE_HZ / sounds[0].rate_hz)] = 0
    if partner.until_s is not None:
        wave[max(0, round((partner.until_s - partner.start_s) * RATE_HZ)) :] = 0
    return wave


def _wave(path: Path, track: int) -> Wave:
    parts, rate = [], RATE_HZ
    for samples, rate in sound_blocks(path, Damage(), track=track):  # noqa: B007 - the rate of the whole stream
        parts.append(strongest(samples))
    return at_rate(np.concatenate(parts), rate) if parts else np.zeros(0, np.float32)


def at_rate(wave: Wave, rate_hz: int) -> Wave:
    """A wave brought to 8 kHz by cutting its spectrum, ten seconds at a time."""
    if rate_hz == RATE_HZ:
        return wave
    size = rate_hz * 10
    pieces = []
    for start in range(0, len(wave), size):
        piece = wave[start : start + size]
        count = round(len(piece) * RATE_HZ / rate_hz)
        bins = np.fft.rfft(piece)
        kept = np.zeros(count // 2 + 1, complex)
        shared = min(len(kept), len(bins))
        kept[:shared] = bins[:shared]
        pieces.append(np.fft.irfft(kept, count) * (count / max(1, len(piece))))
    return np.concatenate(pieces).astype(np.float32) if pieces else np.zeros(0, np.float32)


def measure_bleed(microphone: Wave, clip: Wave, start_s: float, voice_dbfs: float) -> Bleed | None:
    """Both waves at 8 kHz, `start_s` on the microphone's time; None when they share too little time.

    `voice_dbfs` is the active level of the performer's voice.
    """
    start = round(start_s * RATE_HZ)
    first, last = max(0, start), min(len(microphone), start + len(clip))
    if last - first < _LEAST_S * RATE_HZ:
        return None
    played = np.zeros(len(microphone), np.float32)
    played[first:last] = clip[first - start : last - start]
    delay = _delay(played[first:last], microphone[first:last])
    span = Span(start_s=round(first / RATE_HZ, 3), end_s=round(last / RATE_HZ, 3))
    if delay is None:
        return Bleed(NOT_HEARD_DB, 0.0, span)
    reach = slice(max(0, first + min(0, delay)), min(len(microphone), last + max(0, delay)))
    heard, sent = microphone[reach], np.roll(played, delay)[reach]
    power, chance = _following(heard, sent)
    level = power_db(power) - voice_dbfs if power > _CERTAIN * chance else NOT_HEARD_DB
    return Bleed(max(NOT_HEARD_DB, level), delay / RATE_HZ, span)


def judge_bleed(bleed: Bleed, limits: CheckLimits, zero_s: float = 0.0) -> CheckResult:
    """A verdict; the times point to where the clip played. `zero_s` is the take time of the first sample."""
    span = Span(start_s=zero_s + bleed.span.start_s, end_s=zero_s + bleed.span.end_s)
    times = (span,) if bleed.level_db > NOT_HEARD_DB else ()
    return limits.judge(CheckCode.BLEED, bleed.level_db, digits=1, times=times, delay_ms=1000 * bleed.delay_s)


def _delay(sent: Wave, heard: Wave) -> int | None:
    """Samples by which `heard` lies after `sent`, within the reach: the peak of the whitened cross-correlation.

    None when no peak stands out. Whitened, a moment in which the performer listens counts as much as a loud one.
    """
    size, reach = round(_LOOK_S * RATE_HZ), round(_REACH_S * RATE_HZ)
    total = np.zeros(2 * reach + 1)
    for at in range(0, len(sent) - size + 1, size):
        x, y = sent[at : at + size], heard[max(0, at - reach) : at + size + reach]
        if not x.any() or not y.any():
            continue
        length = 1 << (len(x) + len(y)).bit_length()
        cross = np.fft.rfft(y, length) * np.fft.rfft(x, length).conj()
        found = np.abs(np.fft.irfft(cross / np.maximum(np.abs(cross), 1e-12), length))
        lead = at - max(0, at - reach)
        total += np.roll(found, reach - lead)[: 2 * reach + 1]
    smooth = np.convolve(total, np.hanning(17), "same")  # clocks run apart, rooms smear
    peak = int(np.argmax(smooth))
    stands = (smooth[peak] - smooth.mean()) / max(float(smooth.std()), 1e-12)
    return peak - reach if stands >= _STANDS else None


def _following(heard: Wave, sent: Wave) -> tuple[float, float]:
    """(mean square in `heard` that follows `sent`, its standard deviation by chance), over the time `sent` sounds."""
    x, y = _frames(sent), _frames(heard)
    sounding = (np.abs(x) ** 2).sum(axis=1)
    sounding = sounding > 1e-4 * sounding.max(initial=0.0)
    per = max(1, round(_STRETCH_S * RATE_HZ / _HOP))
    powers, variances = [], []
    for at in range(0, len(x), per):
        keep = sounding[at : at + per]
        if keep.sum() < 8:
            continue
        power, variance = _fit(x[at : at + per][keep], y[at : at + per][keep])
        powers.append(power)
        variances.append(variance)
    if not powers:
        return 0.0, 1.0
    return float(np.mean(powers)), float(np.sqrt(np.sum(variances))) / len(powers)


def _fit(x: NDArray[np.complex128], y: NDArray[np.complex128]) -> tuple[float, float]:
    """One stretch: (mean square of y that follows x, variance of that by chance). Frames x bins of windowed spectra."""
    loud = (np.abs(y) ** 2).mean(axis=1, keepdims=True)
    weight = 1 / (loud + 0.01 * float(np.median(loud)) + 1e-20)
    energy = (weight * np.abs(x) ** 2).sum(axis=0)
    floor = 1e-6 * float(energy.max(initial=0.0)) + 1e-30
    way = (weight * y * x.conj()).sum(axis=0) / (energy + floor)
    rest = np.abs(y - way * x) ** 2 * (len(x) / (len(x) - 1))
    doubt = (weight**2 * np.abs(x) ** 2 * rest).sum(axis=0) / (energy + floor) ** 2
    sent = (np.abs(x) ** 2).mean(axis=0)
    scale = 2 / (_FRAME * float((np.hanning(_FRAME) ** 2).sum()))  # Parseval, for the half spectrum
    power = float(((np.abs(way) ** 2 - doubt) * sent).sum()) * scale
    # Neighbouring bins of a Hann window know of each other, and so do frames that overlap by half.
    return power, float(((doubt * sent) ** 2).sum()) * scale**2 * 4


def _frames(wave: Wave) -> NDArray[np.complex128]:
    count = max(0, (len(wave) - _FRAME) // _HOP + 1)
    index = np.arange(_FRAME)[None, :] + _HOP * np.arange(count)[:, None]
    return np.fft.rfft(wave[index] * np.hanning(_FRAME), axis=1)
