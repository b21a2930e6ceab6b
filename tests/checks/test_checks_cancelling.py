"""Channels that cancel each other are told, wholly or in part; a wide recording and a pair of equal ones are fine."""

from __future__ import annotations

import numpy as np
import pytest
from checks_material import RATE, heard, room, voice

from perfstudio.model.checks import CheckCode, Verdict
from perfstudio.texts.checks import sentence

VOICE, OTHER, LONG = voice(1, 6.0), voice(2, 6.0), voice(1)
LOOK, GOOD = Verdict.LOOK, Verdict.GOOD


def pair(*channels: np.ndarray) -> np.ndarray:
    return np.stack(channels, axis=1)


def half_way(samples: np.ndarray) -> np.ndarray:
    turned = samples.copy()
    turned[len(turned) // 2 :] *= -1
    return turned


def with_noise(samples: np.ndarray, seed: int) -> np.ndarray:
    return samples + room(seed, len(samples), -50)


@pytest.mark.parametrize(
    ("channels", "verdict", "lost"),
    [
        (pair(VOICE, VOICE), GOOD, 0.0),
        (pair(VOICE, 0.4 * VOICE), GOOD, 0.7),
        (pair(VOICE, OTHER), GOOD, 3.0),
        (pair(VOICE, np.roll(VOICE, 2)), GOOD, 0.2),
        (pair(VOICE, -VOICE), LOOK, 60.0),
        (pair(VOICE, -0.9 * VOICE), LOOK, 25.6),
        (pair(VOICE, -0.5 * VOICE), LOOK, 10.0),
        (pair(LONG, half_way(LONG)), LOOK, 60.0),
        (pair(with_noise(VOICE, 3), -with_noise(VOICE, 4)), LOOK, 33.0),
        (pair(VOICE + 0.02, 0.02 - VOICE), LOOK, 60.0),
        (pair(VOICE, -VOICE, 0 * VOICE, 0 * VOICE, 0 * VOICE, 0 * VOICE), LOOK, 60.0),
        (pair(VOICE, OTHER, -VOICE), LOOK, 60.0),
    ],
)
def test_what_mono_loses(channels: np.ndarray, verdict: Verdict, lost: float) -> None:
    found = heard(channels)[CheckCode.CANCELLING]
    assert found.verdict is verdict
    assert found.value == pytest.approx(lost, abs=1.5)


def test_the_words_say_what_is_left_and_where() -> None:
    found = heard(pair(LONG, half_way(LONG)))[CheckCode.CANCELLING]
    assert found.times[0].start_s == pytest.approx(len(LONG) / RATE / 2, abs=1.1)
    assert "to mono, nothing is left" in sentence(found)
    assert "to mono, they lose 10 dB" in sentence(heard(pair(VOICE, -0.5 * VOICE))[CheckCode.CANCELLING])


def test_of_one_channel_or_of_silence_nothing_is_said() -> None:
    assert CheckCode.CANCELLING not in heard(VOICE)
    assert CheckCode.CANCELLING not in heard(np.zeros((3 * RATE, 2), np.float32))
    assert CheckCode.CANCELLING not in heard(pair(VOICE, 0 * VOICE))
