"""The numbers themselves: loudness by EBU Tech 3341 and 3342, active speech level and noise against known truth."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from checks_material import RATE, db, measured, room, tone, voice

from perfstudio.checks.loudness import Loudness, LoudnessMeter
from perfstudio.checks.speech import active_level, measure_voice
from rigs.shortened import every, shortened


def stereo(parts: list[tuple[float, float]], hertz: float = 1000.0) -> np.ndarray:
    """Tones of (peak dBFS, seconds) after one another, on both channels."""
    mono = np.concatenate([tone(hertz, level, seconds) for level, seconds in parts])
    return np.stack([mono, mono], axis=1)


def loudness(samples: np.ndarray) -> Loudness:
    meter = LoudnessMeter(RATE, samples.shape[1])
    for start in range(0, len(samples), RATE):
        meter.push(samples[start : start + RATE])
    return meter.finish()


@pytest.mark.parametrize("length", [0.25, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    ("case", "parts", "lufs"),
    [
        (1, [(-23, 20)], -23.0),
        (2, [(-33, 20)], -33.0),
        (3, [(-36, 10), (-23, 60), (-36, 10)], -23.0),
        (4, [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        (5, [(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_integrated_loudness_of_tech_3341(
    case: int, parts: list[tuple[float, float]], lufs: float, length: float
) -> None:
    parts = [(level, length * seconds) for level, seconds in parts]
    assert loudness(stereo(parts)).integrated == pytest.approx(lufs, abs=0.1), case


def test_loudness_of_five_channels_tech_3341_case_6() -> None:
    levels = (-28, -28, -24, -300, -30, -30)  # left, right, centre, (bass), both surrounds
    wide = np.stack([tone(1000, level, 5) for level in levels], axis=1)
    assert loudness(wide).integrated == pytest.approx(-23.0, abs=0.1)


def test_short_term_of_tech_3341_case_9() -> None:
    loud = loudness(stereo([(-20, 1.34), (-30, 1.66)] * 5))
    assert loud.short_term[31:] == pytest.approx(-23.0, abs=0.1)


def test_momentary_of_tech_3341_case_12() -> None:
    loud = loudness(stereo([(-20, 0.18), (-30, 0.22)] * 25))
    assert loud.momentary[10:] == pytest.approx(-23.0, abs=0.1)


def burst(seconds: float, before_s: float, after_s: float, level: float = -23.0) -> np.ndarray:
    """A tone between silences, on both channels."""
    mono = np.concatenate(
        [np.zeros(round(before_s * RATE)), tone(1000, level, seconds), np.zeros(round(after_s * RATE))]
    )
    return np.stack([mono, mono], axis=1).astype(np.float32)


@pytest.mark.parametrize("step", range(0, 20, 3))
def test_short_bursts_wherever_they_lie_tech_3341_cases_10_and_13(step: int) -> None:
    assert loudness(burst(3.0, step * 0.15, 1.0)).short_term_max == pytest.approx(-23.0, abs=0.1)
    assert loudness(burst(0.4, step * 0.02, 1.0)).momentary_max == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("steps", [range(0, 10, 4), pytest.param(range(0, 20, 4), marks=pytest.mark.soak)])
def test_growing_bursts_tech_3341_cases_11_and_14(steps: range) -> None:
    for step in steps:
        level = -38.0 + step
        whole = np.concatenate([burst(3.0, k * 0.15, 3 - k * 0.15, -38.0 + k) for k in range(step + 1)])
        assert loudness(whole).short_term_max == pytest.approx(level, abs=0.1)
        whole = np.concatenate([burst(0.4, k * 0.02, 0.4 - k * 0.02, -38.0 + k) for k in range(step + 1)])
        assert loudness(whole).momentary_max == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize("rate", [16000, 44100, 96000])
def test_momentary_at_other_rates_and_on_one_channel(rate: int) -> None:
    meter = LoudnessMeter(rate, 1)
    meter.push(tone(1000, -23, 2, rate)[:, None])
    loud = meter.finish()
    assert loud.momentary_max == pytest.approx(-23.0, abs=0.1)
    assert loud.momentary_max == pytest.approx(float(loud.momentary.max()), abs=0.05)


@pytest.mark.parametrize("offset", range(4))
@pytest.mark.parametrize("cycle", [4, 6, 8])
def test_a_peak_between_samples_at_every_offset_tech_3341_cases_20_to_23(offset: int, cycle: int) -> None:
    """One full period at four times the rate, brought down to the rate beginning at each of the four samples."""
    fine = 4 * RATE
    wave = 0.5 * np.sin(2 * np.pi * (RATE / cycle) * np.arange(fine // 10) / fine)
    middle, period = len(wave) // (8 * cycle) * 4 * cycle, 4 * cycle
    wave[middle : middle + period] *= 2
    bins = np.fft.rfft(wave)
    bins[np.fft.rfftfreq(len(wave), 1 / fine) > RATE / 2] = 0
    band_limited = np.fft.irfft(bins, len(wave))
    true = 20 * math.log10(np.abs(band_limited).max())
    read = 20 * math.log10(measured(band_limited[offset::4]).levels.true_peak)
    assert -0.4 <= read - true <= 0.2


@pytest.mark.parametrize(
    ("case", "hertz", "phase_deg", "peak", "dbtp"),
    [
        (15, RATE / 4, 0.0, 0.5, -6.0),
        (16, RATE / 4, 45.0, 0.5, -6.0),
        (17, RATE / 6, 60.0, 0.5, -6.0),
        (18, RATE / 8, 67.5, 0.5, -6.0),
        (19, RATE / 4, 45.0, 1.41, 3.0),
    ],
)
def test_true_peak_of_tech_3341(case: int, hertz: float, phase_deg: float, peak: float, dbtp: float) -> None:
    wave = tone(hertz, 20 * math.log10(peak), 2, phase=math.radians(phase_deg))
    read = 20 * math.log10(measured(wave).levels.true_peak)
    assert -0.4 <= read - dbtp <= 0.2, (case, read)


@pytest.mark.parametrize(
    ("case", "levels", "seconds", "lu"),
    [
        (1, (-20, -30), 20, 10.0),
        (2, (-20, -15), 20, 5.0),
        (3, (-40, -20), 20, 20.0),
        (4, (-50, -35, -20, -35, -50), 20, 15.0),
    ],
)
def test_loudness_range_of_tech_3342(case: int, levels: tuple[float, ...], seconds: float, lu: float) -> None:
    wave = stereo([(level, seconds) for level in levels])
    assert loudness(wave).range_lu == pytest.approx(lu, abs=1.0), case


def test_one_channel_reads_as_two_equal_ones() -> None:
    mono = measured(voice(1)).loudness.integrated
    both = measured(np.stack([voice(1), voice(1)], axis=1)).loudness.integrated
    assert mono == pytest.approx(both, abs=0.05)


def test_active_speech_level_is_that_of_p56() -> None:
    # The plain method of the recommendation, sample by sample, as the reference.
    wave = voice(1)[RATE : 4 * RATE]
    levels = measured(wave).levels
    level, activity = active_level(levels.rectified[0], levels.power[0].astype(float), levels.hop_s)
    assert level == pytest.approx(plain_p56(wave), abs=0.1)
    assert 0.5 < activity <= 1.0


def plain_p56(wave: np.ndarray) -> float:
    g, p, q = math.exp(-1 / (RATE * 0.03)), 0.0, 0.0
    envelope = np.empty(len(wave))
    for index, value in enumerate(np.abs(wave).tolist()):
        p = g * p + (1 - g) * value
        q = g * q + (1 - g) * p
        envelope[index] = q
    total = float((wave.astype(float) ** 2).sum())
    before: tuple[float, float] | None = None
    for exponent in range(15, -1, -1):
        threshold = 2.0**-exponent
        gaps = np.diff(np.append(np.flatnonzero(envelope >= threshold), len(wave)))
        count = int(np.minimum(gaps, 0.2 * RATE + 1).sum())
        level = 10 * math.log10(total / count)
        excess = level - 20 * math.log10(threshold) - 15.9
        if excess <= 0 and before is not None:
            return before[0] + (level - before[0]) * before[1] / (before[1] - excess)
        before = (level, excess)
    raise AssertionError


@cache
def clean_voice(seed: int) -> np.ndarray:
    """A voice without its room, its active level at -20 dBFS."""
    clean = voice(seed) - room(seed, len(voice(seed)), -66.0)
    levels = measured(clean).levels
    speech, _ = active_level(levels.rectified[0], levels.power[0].astype(float), levels.hop_s)
    assert speech is not None
    return clean * db(-20 - speech)


@pytest.mark.parametrize("snr_db", shortened([5, 10, 20, 30, 40], every(2)))
@pytest.mark.parametrize("colour", [0.0, 0.5])
@pytest.mark.parametrize("seed", shortened([0, 1], every(2)))
def test_noise_floor_and_snr_within_one_and_a_half_db_of_truth(snr_db: float, colour: float, seed: int) -> None:
    clean = clean_voice(seed)
    found = measure_voice(measured(clean + room(seed + 9, len(clean), -20 - snr_db, colour)).levels)
    assert found.noise_dbfs == pytest.approx(-20 - snr_db, abs=1.5)
    assert found.snr_db == pytest.approx(snr_db, abs=1.5)


def test_a_held_vowel_is_no_room() -> None:
    """It is as even as one, and a take of half a second may be nothing else."""
    vowel = sum(tone(150 * harmonic, -20 - 6 * harmonic, 0.6) for harmonic in (1, 2, 3, 4))
    assert not measure_voice(measured(vowel).levels).room_heard
    assert measure_voice(measured(room(1, 2 * RATE, -60)).levels).room_heard
