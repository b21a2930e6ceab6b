"""Speeds as people type and read them."""

from __future__ import annotations

import pytest

from perfstudio.texts.rates import RateProblemError, parse_rate, said, shown


@pytest.mark.parametrize(
    ("typed", "rate"),
    [
        ("500kB/s", 500_000),
        ("500 KB/s", 500_000),
        ("1.5 MB/s", 1_500_000),
        ("1,5MB/s", 1_500_000),
        ("4Mbit/s", 500_000),
        ("800 kbit/s", 100_000),
        ("10 mbps", 10_000_000),
        ("9000 bytes/s", 9_000),
        ("none", None),
        ("", None),
    ],
)
def test_a_speed_as_people_type_it(typed: str, rate: int | None) -> None:
    assert parse_rate(typed) == rate
    assert parse_rate(shown(rate)) == rate


@pytest.mark.parametrize("typed", ["5", "fast", "5 MB", "-1 MB/s", "0 MB/s", "1 kB/s", "1e9 MB/s", "٥ MB/s", "5 GB/s"])
def test_what_is_no_speed_is_answered_with_what_one_looks_like(typed: str) -> None:
    with pytest.raises(RateProblemError, match=r"500 kB/s or 4 Mbit/s|8 kB/s"):
        parse_rate(typed)


def test_a_speed_is_said_in_both_units() -> None:
    assert said(500_000) == "500 kB a second (4 Mbit/s)"
