"""Numbers as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfstudio.texts import formatting

CET = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=CET)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (formatting.duration(151.99), "2:31"),
        (formatting.duration(4), "0:04"),
        (formatting.duration(3729), "1:02:09"),
        (formatting.duration(-1), "0:00"),
        (formatting.duration(0.1 + 0.2 + 0.7), "0:01"),
        (formatting.span(0.04), "0.04 s"),
        (formatting.span(7), "7 s"),
        (formatting.span(9.96), "10 s"),
        (formatting.span(151), "2 min 31 s"),
        (formatting.span(120), "2 min"),
        (formatting.span(7800), "2 h 10 min"),
        (formatting.span(3600), "1 h"),
        (formatting.about(7790), "about 2 h 10 min"),
        (formatting.about(480), "about 8 min"),
        (formatting.about(20), "less than a minute"),
        (formatting.minutes_range(120, 240), "2–4 min"),
        (formatting.minutes_range(60, 90), "1–1½ min"),
        (formatting.minutes_range(180, 180), "3 min"),
        (formatting.minutes_range(40, 55), "40–55 s"),
        (formatting.size(41_400_000), "41 MB"),
        (formatting.size(1_340_000_000), "1.3 GB"),
        (formatting.size(812_000), "812 kB"),
        (formatting.size(999_999), "1 MB"),
        (formatting.size(0), "0 bytes"),
        (formatting.size(1), "1 byte"),
        (formatting.speed(1_300_000), "1.3 MB a second"),
        (formatting.percent(0.98), "98 %"),
        (formatting.percent(0.9999), "99 %"),
        (formatting.percent(1.0), "100 %"),
        (formatting.percent(0.004), "0.4 %"),
        (formatting.percent(0), "0 %"),
        (formatting.decibels(-12.4), "\N{MINUS SIGN}12 dB"),
        (formatting.decibels(-0.2), "0 dB"),
        (formatting.milliseconds(0.21), "0.2 ms"),
        (formatting.milliseconds(0.04), "0.04 ms"),
        (formatting.milliseconds(14.4), "14 ms"),
        (formatting.in_sync_within(0.21), "in sync within 0.2 ms"),
        (formatting.in_sync_within(0.0), "in sync within 0.01 ms"),
        (formatting.frequency(50), "50 Hz"),
        (formatting.frequency(3900), "3.9 kHz"),
        (formatting.count(0, "take"), "no takes"),
        (formatting.count(1, "take"), "1 take"),
        (formatting.count(3214, "frame"), "3\N{NARROW NO-BREAK SPACE}214 frames"),
        (formatting.listing(["light"]), "light"),
        (formatting.listing(["light", "focus", "frame rate"]), "light, focus and frame rate"),
        (formatting.alternatives(["a", "b"]), "a or b"),
        (formatting.listing([]), ""),
        (formatting.day(date(2026, 11, 20)), "20 November 2026"),
        (formatting.when(datetime(2026, 11, 20, 13, 6, tzinfo=UTC), NOW), "today 14:06"),
        (formatting.when(datetime(2026, 11, 19, 8, 30, tzinfo=CET), NOW), "yesterday 8:30"),
        (formatting.when(datetime(2026, 3, 2, 8, 5, tzinfo=CET), NOW), "2 March 8:05"),
        (formatting.when(datetime(2024, 5, 3, 8, 5, tzinfo=CET), NOW), "3 May 2024"),
    ],
)
def test_said(said: str, expected: str) -> None:
    assert said == expected


@given(st.floats(min_value=0, max_value=200_000))
def test_lengths_are_never_rounded_into_sixty(seconds: float) -> None:
    assert " 60 " not in f" {formatting.span(seconds)} "
    assert ":60" not in formatting.duration(seconds)


@given(st.floats(min_value=0, max_value=1))
def test_only_the_whole_is_a_hundred_percent(share: float) -> None:
    assert (formatting.percent(share) == "100 %") == (share == 1)


@pytest.mark.parametrize("day", [date.min, date.max, date(1969, 12, 31)], ids=["first", "last", "1969"])
@pytest.mark.parametrize("hours", [-14, 0, 14])
def test_a_moment_that_the_system_cannot_reckon_is_said_as_it_is(day: date, hours: int) -> None:
    named = datetime.combine(day, time(12), timezone(timedelta(hours=hours)))
    assert formatting.day_and_clock(formatting.here(named))
    summer = datetime(2026, 7, 1, tzinfo=UTC)
    assert formatting.here(summer).utcoffset() == summer.astimezone().utcoffset()


def test_a_moment_before_windows_knows_time() -> None:
    class OfWindows(datetime):
        def astimezone(self, tz: object = None) -> OfWindows:
            raise OSError(22, "Invalid argument")

    moment = OfWindows(1969, 12, 31, 12, tzinfo=UTC)
    assert formatting.day_and_clock(formatting.here(moment)) == "31 December 1969, 12:00"
