"""A clock that was set back brings nothing back, and a clock in doubt signs nothing before the performer says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_papers import consent_of
from library_takes import sealed_take

from perfstudio.library.library import Library
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.take import Labels
from perfstudio.session.delivery.permits import Permits
from perfstudio.session.known_time import NAME, OFF, KnownTime

NOW = utc_now()
YEARS = timedelta(days=3 * 366)


class Clock:
    """What the computer says."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(library: Library, clock: Clock) -> KnownTime:
    return KnownTime(library.root, library, clock)


@pytest.fixture
def take_id(library: Library) -> str:
    """Kept, labelled, signed now for two years."""
    made = sealed_take(library)
    library.keep(made)
    library.label(made, Labels(meant=("grief",)))
    library.write_consent(made, consent_of(library.manifest(made)))
    return made


def test_nothing_is_known_where_nothing_was_signed(known: KnownTime) -> None:
    assert known.now() == NOW
    assert known.doubt() is None


def test_consent_that_ran_out_stays_so_when_the_clock_is_set_back(
    library: Library, known: KnownTime, clock: Clock, take_id: str
) -> None:
    permits = Permits(library, known)
    assert permits.may_send(take_id)
    clock.at = NOW + YEARS
    assert not permits.may_send(take_id)
    known.heard(clock.at, "north-lab")
    clock.at = NOW
    assert not permits.may_send(take_id)
    with pytest.raises(ConsentError) as refused:
        permits.require(take_id)
    assert refused.value.code is ErrorCode.CLOCK_DOUBTED
    assert refused.value.facts["by"] == "north-lab"
    known.clock_is_right()
    assert permits.may_send(take_id), "the performer says what time it is"


def test_what_was_signed_is_known_without_the_file(library: Library, clock: Clock, take_id: str) -> None:
    file = library.root / NAME
    for damage in ("", "{", '{"highest": "yesterday"}', "[1]"):
        if damage:
            file.write_text(damage)
        clock.at = NOW - YEARS
        doubt = KnownTime(library.root, library, clock).doubt()
        assert doubt is not None
        assert doubt.known >= NOW - OFF
        assert doubt.by == ""


@pytest.mark.parametrize("off", [timedelta(hours=-23), timedelta(hours=23), timedelta()])
def test_less_than_a_day_is_no_doubt(known: KnownTime, clock: Clock, off: timedelta) -> None:
    known.heard(NOW, "north-lab")
    clock.at = NOW + off
    assert known.doubt() is None


def test_a_clock_that_is_ahead_is_in_doubt_until_it_is_set_right(known: KnownTime, clock: Clock) -> None:
    clock.at = NOW + YEARS
    known.heard(NOW, "north-lab")
    doubt = known.doubt()
    assert doubt is not None
    assert abs(doubt.known - NOW) < OFF
    assert known.now() == clock.at
    clock.at = NOW + timedelta(hours=1)
    assert known.doubt() is None
    clock.at = NOW + timedelta(days=300)
    known.heard(clock.at, "north-lab")
    assert known.doubt() is None, "a clock that has simply gone on"


def test_a_signature_of_an_earlier_time_takes_nothing_away(known: KnownTime, clock: Clock) -> None:
    known.signed(NOW)
    known.signed(NOW - YEARS)
    known.heard(NOW - YEARS, "north-lab")
    clock.at = NOW - YEARS
    assert known.now() == NOW


def test_a_signature_dated_ahead_is_not_sent_once_the_clock_is_right(
    library: Library, known: KnownTime, take_id: str, clock: Clock
) -> None:
    clock.at = NOW - YEARS
    known.clock_is_right()
    with pytest.raises(ConsentError) as refused:
        Permits(library, known).require(take_id)
    assert refused.value.facts["problem"] == "not_begun"
