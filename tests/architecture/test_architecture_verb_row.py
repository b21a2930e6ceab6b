"""The process that runs verbs one after another (`rigs.verb_row`): it says what a process for each would say, and when
it ends, the next verb has another."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rigs.verb_row import VerbRow, started

PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def row() -> Iterator[VerbRow]:
    row = VerbRow()
    yield row
    row.close()


@pytest.mark.parametrize("words", [["--version"], ["takes", "show", "none", "--json"], ["takes"], ["no such verb"]])
def test_it_says_what_a_process_of_its_own_says(row: VerbRow, words: list[str]) -> None:
    env = dict(os.environ)
    said, alone = row.run(words, env, PATIENCE_S), started(words, env, PATIENCE_S)
    assert (said.returncode, said.stdout, said.stderr) == (alone.returncode, alone.stdout, alone.stderr)


def test_each_verb_has_the_environment_it_was_given(row: VerbRow, tmp_path: Path) -> None:
    for name in ("one", "another"):
        env = {**os.environ, "PERFSTUDIO_HOME": str(tmp_path / name)}
        assert row.run(["takes", "list", "--json"], env, PATIENCE_S).returncode == 0
        assert (tmp_path / name).is_dir()


def test_after_a_verb_that_does_not_end_and_after_its_own_end_it_goes_on(
    tmp_path: Path,
) -> None:
    row = VerbRow()
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            row.run(["receive", "--folder", str(tmp_path / "in")], dict(os.environ), 0.01)
        assert row.run(["--version"], dict(os.environ), PATIENCE_S).returncode == 0
        row._process.kill()
        assert row.run(["--version"], dict(os.environ), PATIENCE_S).returncode != 0
        assert row.run(["--version"], dict(os.environ), PATIENCE_S).stdout.startswith("perfstudio ")
    finally:
        row.close()
