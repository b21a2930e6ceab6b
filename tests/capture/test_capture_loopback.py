"""The constant of headphones and a microphone: the one shift at which the clicks fit, or why there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.calibration.loopback import COUNT, NEEDED, compare, write_clicks
from perfstudio.capture.calibration.pattern import pattern_edges
from perfstudio.model.loopback import CLICKS_S, LoopbackFound, LoopbackRefusal, NoLoopback

SAID = pattern_edges()[:COUNT] + 1.25


@pytest.mark.parametrize("late_s", [0.0, 0.0123, -0.04, 0.31])
def test_the_shift_is_found_among_noises(late_s: float) -> None:
    dice = np.random.default_rng(3)
    heard = np.sort(np.concatenate([SAID + late_s + dice.normal(0, 0.0004, COUNT), dice.uniform(1, 12, 8)]))
    found = compare(heard, SAID)
    assert isinstance(found, LoopbackFound)
    assert found.correction_s == pytest.approx(late_s, abs=0.001)
    assert 0.002 <= found.bound_s <= 0.005
    assert found.count >= COUNT - 1


def test_some_that_did_not_come_back_are_no_harm() -> None:
    found = compare(np.delete(SAID, [2, 5, 9]) + 0.02, SAID)
    assert isinstance(found, LoopbackFound)
    assert (found.count, found.correction_s) == (COUNT - 3, pytest.approx(0.02))


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        (np.zeros(0), NoLoopback.NOTHING_HEARD),
        (SAID[: NEEDED - 1], NoLoopback.TOO_FEW),
        (np.arange(2.0, 14.0, 0.25), NoLoopback.NO_AGREEMENT),
        (np.sort(np.concatenate([SAID + 0.01, SAID + 0.24])), NoLoopback.ECHOES),
    ],
)
def test_what_does_not_fit_gives_nothing(heard: np.ndarray, why: NoLoopback) -> None:
    found = compare(heard, SAID)
    assert isinstance(found, LoopbackRefusal)
    assert found.why is why


def test_the_clicks_are_as_long_as_is_waited_for(tmp_path: Path) -> None:
    assert CLICKS_S - 1 < write_clicks(tmp_path / "clicks.wav") <= CLICKS_S
