"""`export`: one folder with everything of mine, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfstudio.cli.main import run
from perfstudio.session.mine_export import HASHES
from rigs.kept_takes import KILLED
from rigs.signing_home import MINE, SIGNED, signed_home


def typed(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = run(["export", *words, "--home", str(home)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_everything_of_mine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = signed_home(tmp_path / "home")
    code, out, err = typed(capsys, home, str(tmp_path / "mine"))
    assert code == 1, "one take was cut short and is named"
    assert out.startswith("Copied and read back: 4 takes")
    assert KILLED in err
    assert (tmp_path / "mine" / HASHES).exists()
    code, out, _ = typed(capsys, home, str(tmp_path / "mine"), "--json")
    document = json.loads(out)
    assert sorted(document["takes"]) == sorted((*MINE, SIGNED))
    assert document["left"] == [{"take_id": KILLED, "why": "rolling"}]
    code, out, err = typed(capsys, home, str(home / "mine"))
    assert (code, out) == (1, "")
    assert "inside" in err


def test_a_home_with_nothing_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = typed(capsys, tmp_path / "home", str(tmp_path / "mine"))
    assert (code, out.startswith("Copied and read back: no takes")) == (0, True)
