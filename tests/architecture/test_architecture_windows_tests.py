"""The command that runs the tests under a Python for Windows: what it says of a folder, and what it lays to Wine."""

from __future__ import annotations

import sys
from pathlib import Path

from rigs.systems import no_wine

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "installer"))
import windows_tests  # noqa: E402

SAID = rb"""
..F.Fs.E
SKIPPED [2] tests\rigs\systems.py:56: not under Wine: there are no links
SKIPPED [1] tests\packs\test_packs_reader.py:9: not under Wine: there are no links
SKIPPED [4] tests\packs\test_packs_reader.py:19: not on Windows: a pipe has no name there
FAILED tests/packs/test_packs_reader.py::test_one[a b] - assert 1 == 2
FAILED tests\packs\test_packs_shelf.py::test_two - OSError
ERROR tests/packs/test_packs_shelf.py::test_three - OSError
2 failed, 301 passed, 7 skipped, 1 error in 12.34s
""".replace(b"\n", b"\r\n")


def test_what_failed_and_what_is_wines_own() -> None:
    found = windows_tests.result("tests/packs", SAID, 12.3)
    assert found.figures == (301, 3, 3, 4)
    assert not found.good
    assert list(windows_tests.told(found)) == [
        "tests/packs: 12 s",
        "    failed: tests/packs/test_packs_reader.py::test_one[a b]",
        "    failed: tests/packs/test_packs_shelf.py::test_two",
        "    failed: tests/packs/test_packs_shelf.py::test_three",
        "    skipped: 3, not under Wine: there are no links",
        "    skipped: 4, not on Windows: a pipe has no name there",
    ]


def test_a_folder_in_which_nothing_failed_is_good() -> None:
    assert windows_tests.result("tests/texts", b"17 passed in 1.00s", 1.0).good


def test_a_folder_that_says_nothing_is_not_good() -> None:
    assert not windows_tests.result("tests/packs", b"", 1.0).good
    late = windows_tests.result("tests/packs", SAID, 1.0, ended=False)
    assert not late.good
    assert next(windows_tests.told(late)).endswith("NOT ENDED")


def test_the_table_has_each_folder_and_the_sum() -> None:
    several = [windows_tests.result("tests/packs", SAID, 1.0), windows_tests.result("tests/x", b"", 1.0)]
    head, line, *rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in windows_tests.table(several)]
    assert head == ["folder", "passed", "failed", "Wine's", "not tried"]
    assert line[0] == "---"
    assert rows == [
        ["tests/packs", "301", "3", "3", "4"],
        ["tests/x (not ended)", "0", "0", "0", "0"],
        ["all", "301", "3", "3", "4"],
    ]


def test_what_is_wines_own_begins_as_the_mark_says_it() -> None:
    assert no_wine("a word").kwargs["reason"] == f"{windows_tests.WINE}a word"
