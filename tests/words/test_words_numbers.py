"""Numbers as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfstudio.words import numbers

CET = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=CET)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (numbers.duration(151.99), "2:31"),
        (numbers.duration(4), "0:04"),
        (numbers.duration(3729), "1:02:09"),
        (numbers.duration(-1), "0:00"),
        (numbers.duration(0.1 + 0.2 + 0.7), "0:01"),
        (numbers.span(0.04), "0.04 s"),
        (numbers.span(7), "7 s"),
        (numbers.span(9.96), "10 s"),
        (numbers.span(151), "2 min 31 s"),
        (numbers.span(120), "2 min"),
        (numbers.span(7800), "2 h 10 min"),
        (numbers.span(3600), "1 h"),
        (numbers.about(7790), "about 2 h 10 min"),
        (numbers.about(480), "about 8 min"),
        (numbers.about(20), "less than a minute"),
        (numbers.minutes_range(120, 240), "2–4 min"),
        (numbers.minutes_range(60, 90), "1–1½ min"),
        (numbers.minutes_range(180, 180), "3 min"),
        (numbers.minutes_range(40, 55), "40–55 s"),
        (numbers.size(41_400_000), "41 MB"),
        (numbers.size(1_340_000_000), "1.3 GB"),
        (numbers.size(812_000), "812 kB"),
        (numbers.size(999_999), "1 MB"),
        (numbers.size(0), "0 bytes"),
        (numbers.size(1), "1 byte"),
        (numbers.speed(1_300_000), "1.3 MB a second"),
        (numbers.percent(0.98), "98 %"),
        (numbers.percent(0.9999), "99 %"),
        (numbers.percent(1.0), "100 %"),
        (numbers.percent(0.004), "0.4 %"),
        (numbers.percent(0), "0 %"),
        (numbers.decibels(-12.4), "\N{MINUS SIGN}12 dB"),
        (numbers.decibels(-0.2), "0 dB"),
        (numbers.milliseconds(0.21), "0.2 ms"),
        (numbers.milliseconds(0.04), "0.04 ms"),
        (numbers.milliseconds(14.4), "14 ms"),
        (numbers.in_sync_within(0.21), "in sync within 0.2 ms"),
        (numbers.in_sync_within(0.0), "in sync within 0.01 ms"),
        (numbers.frequency(50), "50 Hz"),
        (numbers.frequency(3900), "3.9 kHz"),
        (numbers.count(0, "take"), "no takes"),
        (numbers.count(1, "take"), "1 take"),
        (numbers.count(3214, "frame"), "3\N{NARROW NO-BREAK SPACE}214 frames"),
        (numbers.listing(["light"]), "light"),
        (numbers.listing(["light", "focus", "frame rate"]), "light, focus and frame rate"),
        (numbers.listing(["a", "b"], "or"), "a or b"),
        (numbers.listing([]), ""),
        (numbers.day(date(2026, 11, 20)), "20 November 2026"),
        (numbers.when(datetime(2026, 11, 20, 13, 6, tzinfo=UTC), NOW), "today 14:06"),
        (numbers.when(datetime(2026, 11, 19, 8, 30, tzinfo=CET), NOW), "yesterday 8:30"),
        (numbers.when(datetime(2026, 3, 2, 8, 5, tzinfo=CET), NOW), "2 March 8:05"),
        (numbers.when(datetime(2024, 5, 3, 8, 5, tzinfo=CET), NOW), "3 May 2024"),
    ],
)
def test_said(said: str, expected: str) -> None:
    assert said == expected


@given(st.floats(min_value=0, max_value=200_000))
def test_lengths_are_never_rounded_into_sixty(seconds: float) -> None:
    assert " 60 " not in f" {numbers.span(seconds)} "
    assert ":60" not in numbers.duration(seconds)


@given(st.floats(min_value=0, max_value=1))
def test_only_the_whole_is_a_hundred_percent(share: float) -> None:
    assert (numbers.percent(share) == "100 %") == (share == 1)
