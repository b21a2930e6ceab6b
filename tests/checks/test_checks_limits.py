"""Limits: one file, every number with its source; a pack can tighten and never loosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfstudio.checks.limits import Bounds, Limit, Limits, house_limits, parse_limits
from perfstudio.model.checks import CheckCode, Verdict


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
    house = Limits({code: Limit("x", "s", look=mine)})
    strict = house.stricter({code: Limit("x", "s", look=asked)})
    before, after = house[code].verdict(value)[0], strict[code].verdict(value)[0]
    assert order.index(after) >= order.index(before)
    assert order.index(after) >= order.index(Limit("x", "s", look=asked).verdict(value)[0])


@pytest.mark.parametrize("plain", [{"nonsense": {"unit": "s", "source": "x"}}, {"peak": {"unit": "s"}}])
def test_a_broken_file_is_refused(plain: dict[str, dict[str, str]]) -> None:
    with pytest.raises((ValueError, KeyError)):
        parse_limits(plain)
