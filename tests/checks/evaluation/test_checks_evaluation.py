"""How good the checks are: at least 95 % of stated faults found, at most 2 % false alarms on clean material."""

from __future__ import annotations

import itertools

import pytest
from evaluation_cases import picture_cases, sound_cases
from evaluation_table import run


@pytest.mark.parametrize("share", [4, pytest.param(1, marks=pytest.mark.soak)])
def test_short_form_every_fault_of_one_seed(share: int) -> None:
    """Every fourth case with the suite, all of them as soak."""
    table = run(itertools.islice(itertools.chain(sound_cases(range(1)), picture_cases(range(1))), 0, None, share))
    assert len(table.missed) <= 1, table.text()
    assert table.alarms == [], table.text()


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_long_form_prints_the_confusion_table() -> None:
    table = run(itertools.chain(sound_cases(range(9)), picture_cases(range(7))))
    print("\n" + table.text())
    assert table.clean() + table.faulty() >= 300
    assert len(table.missed) <= 0.05 * table.faulty()
    assert len(table.alarms) <= 0.02 * table.clean()
