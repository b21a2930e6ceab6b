"""The list of faults: complete, every test it names exists, and what does not hold says why. `-s` prints the counts."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
FAULTS: list[dict[str, str]] = tomllib.loads((Path(__file__).parent / "faults.toml").read_text("utf-8"))["fault"]
ROOMS = {
    "CAM": 19, "MIC": 17, "CAL": 5, "DSK": 15, "PRC": 11, "PWR": 6, "CLK": 5, "CHK": 12, "LIB": 14, "IMP": 22,
    "UPL": 27, "CRD": 12, "CON": 13, "UI": 10, "PLY": 5, "PAR": 8, "PAI": 7, "BES": 2, "CLW": 7, "CLP": 5, "DUO": 24,
    "REE": 1,
}  # fmt: skip

TEST = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


@cache
def names_in(path: str) -> frozenset[str]:
    """The test functions of a file, read and not run."""
    return frozenset(TEST.findall((TOP / path).read_text("utf-8")))


def test_every_fault_is_there_once() -> None:
    expected = [f"{room}-{number}" for room, count in ROOMS.items() for number in range(1, count + 1)]
    assert [fault["id"] for fault in FAULTS] == expected
    counts = Counter(fault["result"].partition(":")[0] for fault in FAULTS)
    print("\n" + ", ".join(f"{name} {count}" for name, count in counts.most_common()), f"of {len(FAULTS)} faults")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["id"])
def test_what_is_said_of_a_fault_can_be_looked_up(fault: dict[str, str]) -> None:
    assert set(fault) == {"id", "fault", "trigger", "test", "result"}
    assert fault["fault"]
    assert fault["trigger"]
    assert re.fullmatch(r"holds|(otherwise|partly|not yet): \S.{10,}", fault["result"])
    if fault["test"]:
        path, _, name = fault["test"].partition("::")
        assert name in names_in(path)
    assert bool(fault["test"]) == (not fault["result"].startswith("not yet"))
