"""Lips against voice on photographs that talk: apart by more than 100 ms is said when it is, and not when it is not.

Skin, beard and glasses differ. Where dark lips in a dark beard show too little, nothing is claimed, whatever the truth.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from talking_material import RATE, Mouth, opening, talk, voice

from perfstudio.checks.faces import HaarFinder, to_grey
from perfstudio.checks.levels import Levels, LevelScan
from perfstudio.checks.limits import house_limits
from perfstudio.checks.lip_sync import LipScan, LipSync, judge_lips, measure_lips
from perfstudio.checks.tracking import FaceTracker
from perfstudio.model.checks import Verdict
from rigs.shortened import every, shortened

SECONDS, FPS = 12.5, 25.0
CLEAR = {
    16: (Mouth(16, (0.411, 0.706), (0.61, 0.678)), 360),  # beard and glasses
    25: (Mouth(25, (0.445, 0.629), (0.622, 0.672)), 360),  # dark skin, head tilted
    46: (Mouth(46, (0.4, 0.5), (0.513, 0.491)), 240),  # small in the picture
    47: (Mouth(47, (0.301, 0.565), (0.474, 0.568)), 360),
}
HARD = {
    6: (Mouth(6, (0.407, 0.649), (0.61, 0.655)), 360),  # dark beard, dark lips
    45: (Mouth(45, (0.44, 0.595), (0.597, 0.588)), 360),  # beard over the lips
}


@cache
def seen(number: int) -> tuple[np.ndarray, np.ndarray]:
    """The mouth's curve of a portrait that talks with its own voice."""
    mouth, height = (CLEAR | HARD)[number]
    times = np.arange(round(SECONDS * FPS)) / FPS
    tracker, scan, face = FaceTracker(HaarFinder()), LipScan(), None
    openings = opening(voice(number, SECONDS), times, number)
    for index, (at_s, picture) in enumerate(talk(mouth, openings, height, FPS, number)):
        if index % 8 == 0:
            face = tracker.step(cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA), at_s).face
        scan.push(to_grey(picture), face, at_s)
    return scan.finish()


@cache
def levels(seed: int) -> Levels:
    scan = LevelScan(RATE, 1)
    scan.push(voice(seed, SECONDS)[:, None])
    return scan.finish()


def compared(number: int, late_ms: float, seed: int | None = None) -> LipSync | None:
    """The picture beside its voice (or another's), which is late by so much."""
    return measure_lips(*seen(number), levels(number if seed is None else seed), late_ms / 1000)


@pytest.mark.parametrize("number", shortened(CLEAR, every(2)))
def test_a_voice_that_is_late_or_early_is_said_and_one_in_step_is_not(number: int) -> None:
    print(f"\nportrait {number}: " + ", ".join(f"{ms} -> {compared(number, ms)}" for ms in (-300, -150, 0, 150, 300)))
    for late_ms in (-300, -160, -60, 0, 60, 160, 300):
        lips = compared(number, late_ms)
        assert lips is not None
        assert lips.offset_ms == pytest.approx(late_ms, abs=40)
        told = judge_lips(lips, house_limits())
        assert told is not None
        assert (told.verdict is Verdict.LOOK) == (abs(late_ms) > 100), late_ms
        assert told.facts["confidence"] >= 0.6


@pytest.mark.parametrize("number", shortened(HARD, every(2)))
def test_a_mouth_that_can_hardly_be_seen_is_never_called_apart(number: int) -> None:
    for late_ms in (-60, 0, 60):
        lips = compared(number, late_ms)
        told = judge_lips(lips, house_limits()) if lips is not None else None
        assert told is None or told.verdict is Verdict.GOOD, lips


@pytest.mark.parametrize("mouths", [(16, 46), pytest.param((*CLEAR, *HARD), marks=pytest.mark.soak)])
def test_other_voices_are_claimed_to_be_apart_rarely_if_ever(mouths: tuple[int, ...]) -> None:
    """A mouth beside words that are not its own: nothing can be said of how late they are."""
    strangers = [(number, seed) for number in mouths for seed in range(number + 1, number + 9)]
    claimed = [pair for pair in strangers if (lips := compared(pair[0], 0.0, pair[1])) and lips.confidence >= 0.6]
    print(f"\nof {len(strangers)} strangers {len(claimed)} claimed: {claimed}")
    assert len(claimed) <= 1
