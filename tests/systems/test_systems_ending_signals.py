"""What asks a program to end is heard by the one it is meant for."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from perfstudio.systems.ending_signals import ENDING, OF_A_TERMINAL, heard, left_to_who_started
from rigs.systems import posix_only


@pytest.fixture(autouse=True)
def as_they_were() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_every_one_is_heard_and_means_afterwards_what_it_meant() -> None:
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)  # whoever began the tests may have had them ignored
    before = [signal.getsignal(number) for number in ENDING]
    told: list[int] = []
    with heard(lambda: told.append(1)):
        for number in ENDING:
            signal.raise_signal(number)
    assert len(told) == len(ENDING) >= 3
    assert [signal.getsignal(number) for number in ENDING] == before


@posix_only("no terminal there tells by a signal that it is closed")
def test_a_terminal_that_is_closed_may_be_left_alone() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    told: list[int] = []
    with heard(lambda: told.append(1)):
        signal.raise_signal(signal.SIGHUP)
        assert not told, "nohup"
        signal.raise_signal(signal.SIGTERM)
    assert told == [1]
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_what_a_terminal_says_to_all_of_its_processes_is_left_to_the_one_that_started_them() -> None:
    left_to_who_started()
    for number in OF_A_TERMINAL:
        signal.raise_signal(number)
    assert signal.SIGINT in OF_A_TERMINAL
    assert signal.SIGTERM not in OF_A_TERMINAL, "the system means everybody"
