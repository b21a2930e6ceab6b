"""Limits: one file, every number with its source; a pack can tighten and never loosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from perfstudio.checks.limits import Bounds, CheckLimits, Limit, house_limits, limits_for, parse_limits
from perfstudio.model.checks import CheckCode, StricterLimit, Verdict


def test_every_check_has_a_limit_with_unit_and_source() -> None:
    limits = house_limits()
    assert set(limits.by_code) == set(CheckCode)
    assert all(limit.unit and limit.source for limit in limits.by_code.values())


def test_retake_is_never_easier_than_look() -> None:
    for code, limit in house_limits().by_code.items():
        if limit.retake.high is not None and limit.look.high is not None:
            assert limit.retake.high > limit.look.high, code
        if limit.retake.low is not None and limit.look.low is not None:
            assert limit.retake.low < limit.look.low, code


def test_the_verdict_names_the_bound_that_was_crossed() -> None:
    limit = Limit("x", "s", look=Bounds(0, 10), retake=Bounds(None, 20))
    assert limit.verdict(5) == (Verdict.GOOD, 0)
    assert limit.verdict(-1) == (Verdict.LOOK, 0)
    assert limit.verdict(11) == (Verdict.LOOK, 10)
    assert limit.verdict(21) == (Verdict.RETAKE, 20)


bounds = st.builds(
    Bounds, st.none() | st.floats(-100, 0, allow_nan=False), st.none() | st.floats(0, 100, allow_nan=False)
)


@given(bounds, bounds, st.floats(-200, 200))
def test_a_pack_can_only_tighten(mine: Bounds, asked: Bounds, value: float) -> None:
    order = [Verdict.GOOD, Verdict.LOOK, Verdict.RETAKE]
    code = CheckCode.PEAK
    house = CheckLimits({code: Limit("x", "s", look=mine)})
    strict = house.stricter({code: Limit("x", "s", look=asked)})
    before, after = house[code].verdict(value)[0], strict[code].verdict(value)[0]
    assert order.index(after) >= order.index(before)
    assert order.index(after) >= order.index(Limit("x", "s", look=asked).verdict(value)[0])


def test_a_pack_s_stricter_limit_decides_and_is_named() -> None:
    asked = StricterLimit(code=CheckCode.NOISE_FLOOR, look_high=-60.0, retake_high=-30.0)
    limits = limits_for((asked,), "Night scenes")
    found = limits.judge(CheckCode.NOISE_FLOOR, -55.0)
    assert (found.verdict, found.limit, found.source) == (Verdict.LOOK, -60.0, "pack: Night scenes")
    house = house_limits()[CheckCode.NOISE_FLOOR]
    loud = limits.judge(CheckCode.NOISE_FLOOR, -35.0)  # looser than the house: the house's word stands
    assert (loud.verdict, loud.limit, loud.source) == (Verdict.RETAKE, house.retake.high, house.source)
    assert limits.judge(CheckCode.HUM, -70.0) == house_limits().judge(CheckCode.HUM, -70.0)


def test_of_two_limits_for_one_check_both_hold() -> None:
    twice = (StricterLimit(code=CheckCode.SNR, look_low=25.0), StricterLimit(code=CheckCode.SNR, look_low=30.0))
    assert limits_for(twice, "x").judge(CheckCode.SNR, 28.0).limit == 30.0


@pytest.mark.parametrize(
    "bad", [{"code": "beauty"}, {"code": "snr", "look_low": float("nan")}, {"code": "snr", "x": 1}]
)
def test_an_unknown_check_or_bound_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StricterLimit.model_validate(bad)


@pytest.mark.parametrize("plain", [{"nonsense": {"unit": "s", "source": "x"}}, {"peak": {"unit": "s"}}])
def test_a_broken_file_is_refused(plain: dict[str, dict[str, str]]) -> None:
    with pytest.raises((ValueError, KeyError)):
        parse_limits(plain)
