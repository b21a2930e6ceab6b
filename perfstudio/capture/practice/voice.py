"""A voice without words: formant grains on a melody, consonants from shaped noise, room tone below.

Each glottal pulse adds one grain of decaying sinusoids at the vowel's formants (the FOF method of Rodet, 1984), which
needs no recursive filter. The result is a loop of `SPEECH_LOOP_S` seconds.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.practice.plan import SPEECH_LOOP_S, VOWELS, Syllable, speech

LOOP_RATE = 48000
VOICE_DBFS = -21.0
"""RMS of the voice while it speaks."""
ROOM_DBFS = -64.0
"""RMS of the room tone."""
CLICK_PEAK = 0.25
CLICK_HZ = 6000.0
"""Above the voice's formants, so that a click is found in the middle of a word."""
CLICK_DECAY_S = 0.003
CLICK_LENGTH_S = 0.02

_BANDWIDTHS = np.array([80.0, 100.0, 130.0, 180.0])
_GAINS = np.array([1.0, 0.5, 0.22, 0.1])
_GRAIN_S = 0.016
_FRICATIVES = {"s": (5000, 8500, 0.10), "f": (1500, 7000, 0.05), "h": (600, 3500, 0.05), "t": (3000, 7000, 0.16),
               "k": (1200, 3200, 0.16), "b": (200, 900, 0.10)}  # fmt: skip
_NASALS = {"m": (280, 1000, 2200, 3400), "n": (300, 1500, 2400, 3500), "l": (360, 1250, 2700, 3600)}

Sound = NDArray[np.float32]


@lru_cache(maxsize=4)
def speech_loop(seed: int) -> Sound:
    """Voice and room tone, float32 mono at 48 kHz, full scale 1.0; the end runs into the beginning."""
    loop: Sound = np.add(room_tone(seed), _voice(seed))
    return loop


@lru_cache(maxsize=4)
def _voice(seed: int) -> Sound:
    total = round(SPEECH_LOOP_S * LOOP_RATE)
    voice = np.zeros(total + LOOP_RATE, np.float32)
    noise = np.random.default_rng([seed, 2])
    spoken = speech(seed)
    for i, syllable in enumerate(spoken):
        after = spoken[i + 1] if i + 1 < len(spoken) else None
        _add_vowel(voice, syllable, after)
        _add_consonant(voice, syllable, noise)
    voice = voice[:total]
    level = float(np.sqrt(np.mean(voice[np.abs(voice) > 1e-4] ** 2)))
    return voice * np.float32(10 ** (VOICE_DBFS / 20) / level)


def room_tone(seed: int) -> Sound:
    """Room tone of one loop: noise that falls by 6 dB an octave above 100 Hz, the same at both ends."""
    rng = np.random.default_rng([seed, 1])
    count = round(SPEECH_LOOP_S / 10 * LOOP_RATE)
    hertz = np.fft.rfftfreq(count, 1 / LOOP_RATE)
    shape = 1 / np.sqrt(1 + (hertz / 100) ** 2) * (hertz > 25)
    phases = np.exp(2j * np.pi * rng.random(len(hertz)))
    tone = np.fft.irfft(shape * phases, count)
    tone *= 10 ** (ROOM_DBFS / 20) / np.sqrt(np.mean(tone**2))
    return np.tile(tone.astype(np.float32), 10)


def click(since_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The click, as a function of the seconds since it set in; zero before."""
    inside = (since_s >= 0) & (since_s < CLICK_LENGTH_S)
    since = np.where(inside, since_s, 0.0)
    shape = CLICK_PEAK * np.exp(-since / CLICK_DECAY_S) * np.sin(2 * np.pi * CLICK_HZ * since)
    return np.asarray(inside * shape, np.float64)


@lru_cache(maxsize=1024)
def _grain(formants: tuple[float, ...]) -> Sound:
    """What one pulse of the throat sounds like in a mouth with these formants."""
    time = np.arange(round(_GRAIN_S * LOOP_RATE)) / LOOP_RATE
    fade = np.minimum(1, time / 0.0012) * np.minimum(1, (_GRAIN_S - time) / 0.004)
    tones = np.sin(2 * np.pi * np.array(formants)[:, None] * time) * np.exp(-np.pi * _BANDWIDTHS[:, None] * time)
    return np.asarray((_GAINS @ tones) * fade, np.float32)


def _add_vowel(voice: Sound, syllable: Syllable, after: Syllable | None) -> None:
    here = np.array(VOWELS[syllable.vowel][0], float)
    before = np.array(_NASALS.get(syllable.consonant, here), float)
    follows = after is not None and after.start_s - syllable.start_s < syllable.length_s + 0.02
    there = np.array(VOWELS[after.vowel][0], float) if follows and after is not None else here
    lead = 0.05 if syllable.consonant in _FRICATIVES else 0.0
    at, end = syllable.start_s + lead, syllable.start_s + syllable.length_s
    shapes: dict[tuple[float, float], Sound] = {}
    while at < end:
        share = (at - syllable.start_s) / syllable.length_s
        way = blend, onwards = min(1.0, round(6 * share / 0.3) / 6), max(0.0, round(20 * (share - 0.7)) / 20)
        if (grain := shapes.get(way)) is None:  # a mouth moves through a dozen shapes, a throat pulses more often
            formants = before * (1 - blend) + here * blend + (there - here) * onwards
            grain = shapes[way] = _grain(tuple(formants))
        swell = min(1.0, (at - syllable.start_s) / 0.03) * min(1.0, (end - at) / 0.06)
        first = round(at * LOOP_RATE)
        voice[first : first + len(grain)] += np.float32((0.15 + swell) * syllable.stress) * grain
        pitch = syllable.pitch_from + (syllable.pitch_to - syllable.pitch_from) * share
        at += 1 / (pitch * (1 + 0.012 * math.sin(2 * math.pi * 5.2 * at)))


def _add_consonant(voice: Sound, syllable: Syllable, noise: np.random.Generator) -> None:
    if syllable.consonant not in _FRICATIVES:
        return
    low, high, level = _FRICATIVES[syllable.consonant]
    length_s = 0.02 if syllable.consonant in "tkb" else 0.07
    count = round(length_s * LOOP_RATE)
    hertz = np.fft.rfftfreq(count, 1 / LOOP_RATE)
    shape = np.exp(-(((hertz - (low + high) / 2) / ((high - low) / 2)) ** 2))
    hiss = np.fft.irfft(np.fft.rfft(noise.standard_normal(count)) * shape, count)
    hiss *= level * syllable.stress * np.hanning(count) / np.sqrt(np.mean(hiss**2))
    first = max(0, round((syllable.start_s + 0.03 - length_s / 2) * LOOP_RATE))
    voice[first : first + count] += hiss
