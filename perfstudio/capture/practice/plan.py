"""What happens when, in practice time: flashes with clicks, words, blinks, breath. Pure functions of seed and time."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from perfstudio.model.clock import host_ns

ORIGIN_NS = host_ns()
"""Practice time zero on the one clock, the same for every practice device of this process."""

FLASH_S = 0.1
EXPOSURE_S = 1 / 60
"""Like a real camera, the practice camera adds light up for a while; its picture's time is the middle of that while."""
FLASH_GRID_S = 0.2
"""Flashes start on multiples of this, which are frame times at 5, 10, 15, 20, 25, 30, 50 and 60 frames a second."""
_SLOT_S = 2.0

SPEECH_LOOP_S = 48.0
"""The words repeat after this long."""

VOWELS = {
    # first four formants in Hz (adult voice), and how the mouth looks: opening 0..1, width -1 (round) .. 1 (wide)
    "a": ((850, 1350, 2750, 3750), 1.0, 0.1),
    "e": ((560, 1950, 2700, 3700), 0.6, 0.6),
    "i": ((330, 2400, 3000, 3800), 0.32, 0.9),
    "o": ((520, 950, 2600, 3600), 0.62, -0.6),
    "u": ((370, 850, 2500, 3500), 0.3, -1.0),
    "@": ((600, 1550, 2650, 3650), 0.45, 0.0),
}
CONSONANTS = ("", "m", "n", "l", "s", "f", "t", "k", "b", "h")


@dataclass(frozen=True, slots=True)
class Syllable:
    """One syllable of the speech loop: seconds in the loop, vowel, consonant before it, pitch in Hz at both ends."""

    start_s: float
    length_s: float
    consonant: str
    vowel: str
    pitch_from: float
    pitch_to: float
    stress: float


def to_practice_s(ns: int) -> float:
    """Practice time of a reading of the one clock."""
    return (ns - ORIGIN_NS) / 1e9


def to_host_ns(practice_s: float) -> int:
    """The reading of the one clock at a practice time."""
    return ORIGIN_NS + round(practice_s * 1e9)


@lru_cache(maxsize=256)
def _flash_in_slot(seed: int, slot: int) -> float:
    steps = random.Random(f"flash {seed} {slot}").randint(1, 6)  # noqa: S311 - a drawing, not a secret
    return slot * _SLOT_S + steps * FLASH_GRID_S


def flashes_between(seed: int, start_s: float, end_s: float) -> Iterator[float]:
    """Start times of the flashes in [start_s, end_s), in practice time; 1 to 3 s apart, irregular."""
    for slot in range(max(0, math.floor(start_s / _SLOT_S)), max(0, math.ceil(end_s / _SLOT_S))):
        at = _flash_in_slot(seed, slot)
        if start_s <= at < end_s:
            yield at


def flash_times(seed: int, until_s: float) -> tuple[float, ...]:
    """Start times of all flashes (and clicks, before any offset) from practice time zero on."""
    return tuple(flashes_between(seed, 0.0, until_s))


def lit_share(seed: int, at_s: float) -> float:
    """How much of a picture's exposure saw the lamp on, 0..1; the exposure lies around the picture's time."""
    half = EXPOSURE_S / 2
    for start in flashes_between(seed, at_s - half - FLASH_S, at_s + half):
        seen_s = min(at_s + half, start + FLASH_S) - max(at_s - half, start)
        return min(1.0, max(0.0, seen_s / EXPOSURE_S))
    return 0.0


@cache
def speech(seed: int) -> tuple[Syllable, ...]:
    """The words of one loop: phrases of 3 to 10 syllables with a falling or rising melody, and pauses between."""
    dice = random.Random(f"speech {seed}")  # noqa: S311
    found: list[Syllable] = []
    at = 0.6
    while at < SPEECH_LOOP_S - 3.5:
        count = dice.randint(4, 11)
        high, rise = dice.uniform(185, 235), dice.random() < 0.25
        for i in range(count):
            share = i / max(1, count - 1)
            stress = dice.choice((0.55, 0.7, 1.0)) if i else 1.0
            line = high * (1 - 0.28 * share) * (1 + (0.35 * max(0.0, share - 0.75) * 4 if rise else 0))
            top = line * (1 + 0.10 * (stress - 0.7))
            length = (0.13 + 0.10 * stress) * dice.uniform(0.85, 1.2) * (1.45 if i == count - 1 else 1)
            found.append(
                Syllable(at, length, dice.choice(CONSONANTS), dice.choice("aaeeio@@u"), top, top * 0.93, stress)
            )
            at += length
        at += dice.uniform(0.45, 1.4)
    return tuple(found)


def syllable_at(seed: int, at_s: float) -> tuple[Syllable | None, float]:
    """The syllable spoken at a practice time and how far it is through (0..1); None in a pause."""
    loop_s = at_s % SPEECH_LOOP_S
    for syllable in _syllables_in(seed, int(loop_s)):
        if syllable.start_s <= loop_s < syllable.start_s + syllable.length_s:
            return syllable, (loop_s - syllable.start_s) / syllable.length_s
    return None, 0.0


@lru_cache(maxsize=128)
def _syllables_in(seed: int, second: int) -> tuple[Syllable, ...]:
    return tuple(s for s in speech(seed) if s.start_s < second + 1 and s.start_s + s.length_s > second)


def mouth(seed: int, at_s: float) -> tuple[float, float]:
    """Opening (0..1) and width (-1 round .. 1 wide) of the mouth; smooth, and led by the words."""
    opening = width = weight = 0.0
    for step, share in ((-0.04, 0.25), (0.0, 0.5), (0.04, 0.25)):
        syllable, through = syllable_at(seed, at_s + step)
        if syllable is None:
            continue
        _, wide_open, wide = VOWELS[syllable.vowel]
        opening += share * wide_open * syllable.stress * math.sin(math.pi * min(1.0, through)) ** 0.7
        width += share * wide
        weight += share
    return opening, width if weight else 0.0


def eyes_open(seed: int, at_s: float) -> float:
    """How open the eyes are (0..1): a blink of 0.18 s about every four seconds."""
    slot = math.floor(at_s / 4)
    dice = random.Random(f"blink {seed} {slot}")  # noqa: S311
    since = at_s - slot * 4 - dice.uniform(0.3, 3.6)
    return 1 - math.sin(math.pi * since / 0.18) if 0 <= since < 0.18 else 1.0


def breath(at_s: float) -> float:
    """Chest height, 0..1, sixteen breaths a minute."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * at_s * 16 / 60)


def sway(at_s: float) -> tuple[float, float, float]:
    """Where the head is: x and y in pixels of a 720-line picture, roll in degrees. Slow, never periodic to the eye."""
    x = 9 * math.sin(at_s * 0.53) + 4 * math.sin(at_s * 1.31 + 1)
    y = 3 * math.sin(at_s * 0.71 + 2) + 1.5 * math.sin(at_s * 2.3)
    return x, y, 1.8 * math.sin(at_s * 0.43 + 0.5) + 0.7 * math.sin(at_s * 1.13)
