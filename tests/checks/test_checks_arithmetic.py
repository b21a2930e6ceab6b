"""Short ways of reckoning give what the long ways of the definitions give."""

from __future__ import annotations

import numpy as np

from perfstudio.checks.lip_sync import _correlations
from perfstudio.checks.speech import _TIME_CONSTANT_S, _active_count, _smooth


def test_correlations_at_every_shift_are_pearsons() -> None:
    rng = np.random.default_rng(1)
    for noise in (0.1, 1.0, 9.0):
        voice = np.cumsum(rng.standard_normal(300))
        mouth = np.roll(voice, 11) + noise * rng.standard_normal(300)
        found = _correlations(mouth, voice, 40)
        for shift in range(-40, 41):
            late = mouth[max(0, shift) : 300 + min(0, shift)]
            early = voice[max(0, -shift) : 300 - max(0, shift)]
            assert np.isclose(found[shift + 40], np.corrcoef(late, early)[0, 1], atol=1e-9)


def test_active_time_is_every_moment_within_the_hangover_of_a_sounding_one() -> None:
    rng = np.random.default_rng(2)
    for _ in range(400):
        above = np.repeat(rng.random(rng.integers(1, 40)) < rng.random(), rng.integers(1, 6))
        hang = int(rng.integers(0, 9))
        sounding = np.flatnonzero(above)
        active = [bool(((at - sounding >= 0) & (at - sounding <= hang)).any()) for at in range(len(above))]
        assert _active_count(above, hang) == sum(active)


def test_a_series_is_smoothed_as_sample_by_sample() -> None:
    series, g, last = np.random.default_rng(3).random(600), np.exp(-0.001 / _TIME_CONSTANT_S), 0.0
    plain = [last := g * last + (1 - g) * value for value in series]
    assert np.allclose(_smooth(series, 0.001), plain, rtol=0, atol=1e-12)
