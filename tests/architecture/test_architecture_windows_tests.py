"""The command that runs the tests under a Python for Windows: what it says of a folder, and what it lays to Wine."""

from __future__ import annotations

import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "installer"))
import windows_tests  # noqa: E402

SAID = rb"""
..F.Fs.E
SKIPPED [2] tests\rigs\systems.py:56: not under Wine: there are no links
SKIPPED [1] tests\packs\test_packs_reader.py:9: not under Wine: there are no links
FAILED tests/packs/test_packs_reader.py::test_one[a b] - assert 1 == 2
FAILED tests\packs\test_packs_shelf.py::test_two - OSError
ERROR tests/packs/test_packs_shelf.py::test_three - OSError
2 failed, 301 passed, 3 skipped, 1 error in 12.34s
""".replace(b"\n", b"\r\n")


def test_what_failed_and_what_is_wines_own() -> None:
    found = windows_tests.result(
        "tests/packs", SAID, 12.3, {"tests/packs/test_packs_shelf.py::test_two": "it does not"}
    )
    assert found.counts == {"passed": 301, "failed": 1, "skipped": 3, "errors": 1, "Wine's fault": 1}
    assert not found.good
    assert list(windows_tests.told(found)) == [
        "failed: tests/packs/test_packs_reader.py::test_one[a b]",
        "failed: tests/packs/test_packs_shelf.py::test_three",
        "Wine's fault: tests/packs/test_packs_shelf.py::test_two: it does not",
        "not tried: 3, not under Wine: there are no links",
    ]
    own = windows_tests.result("tests/packs", SAID, 12.3, {"tests/packs/test_packs": "it does not"})
    assert own.good
    assert own.counts == {"passed": 301, "failed": 0, "skipped": 3, "errors": 0, "Wine's fault": 3}
    assert "3 Wine's fault" in windows_tests.row(own)


def test_a_folder_that_says_nothing_is_not_good() -> None:
    assert not windows_tests.result("tests/packs", b"", 1.0, {}).good
    assert "NOT ENDED" in windows_tests.row(windows_tests.result("tests/packs", SAID, 1.0, {}, ended=False))


def test_each_wall_is_a_test_that_is_there() -> None:
    for wall, why in windows_tests.WALLS.items():
        file, _, name = wall.partition("::")
        assert f"def {name.partition('[')[0]}" in (TOP / file).read_text("utf-8"), wall
        assert why
