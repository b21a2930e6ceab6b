"""Commands that people are told to type are there, on each system; hooks find the tools where a system keeps them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
INSTALLER = TOP / "installer"
sys.path.insert(0, str(INSTALLER))

import environment  # noqa: E402
import own_tool  # noqa: E402
from perfstudio.cli.main import VERBS  # noqa: E402

PAPERS = ("README.md", "CONTRIBUTING.md")
WINDOWS = r"On Windows `py` stands for `python3` and `.venv\Scripts\` for `.venv/bin/`"
TOOLS = {"perfstudio", "pytest", "python"}
TYPED = re.compile(r"^    ((?:sudo )?(?:python3 |\.venv/bin/|pipx |pre-commit ).*)$", re.MULTILINE)


def commands(paper: str) -> list[list[str]]:
    text = (TOP / paper).read_text(encoding="utf-8")
    assert WINDOWS in text
    return [line.partition(" #")[0].split() for line in TYPED.findall(text)]


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_to_be_typed_is_there_on_each_system(paper: str) -> None:
    """No word of one shell alone; scripts that exist, tools of the environment, verbs of the program."""
    found = commands(paper)
    assert len(found) >= 6
    for words in found:
        assert not {"&&", "||", ";", "export", "\\"} & set(words), words
        assert not any("$" in word for word in words), words
        program = words[1] if words[0] == "sudo" else words[0]
        if program == "python3" and words[1] != "-m":
            assert (TOP / words[words.index(program) + 1]).is_file(), words
        if program.startswith(".venv/bin/"):
            assert program.removeprefix(".venv/bin/") in TOOLS, words
        if program.endswith("/perfstudio") and words[1:]:
            assert words[1] in VERBS, words


def test_hooks_go_through_what_knows_where_tools_are() -> None:
    text = (TOP / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"entry: (.*)", text)
    assert len(entries) == 4
    for entry in entries:
        program, script, tool, *_ = entry.split()
        assert (program, script) == ("python", "installer/own_tool.py"), "language: python has one on each system"
        assert tool in {"ruff", "lint-imports", "python"}
    assert text.count("language: python") == len(entries)


@pytest.mark.parametrize(("folder", "ending"), [("bin", ""), ("Scripts", ".exe")])
def test_a_tool_is_found_where_the_system_keeps_it(
    folder: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(own_tool, "python", lambda: tmp_path / folder / f"python{ending}")
    monkeypatch.setattr(own_tool, "TOP", tmp_path)
    assert own_tool.main(["ruff", "check"]) == 1
    said = capfd.readouterr().err
    assert str(tmp_path / folder / f"ruff{ending}") in said
    assert "bootstrap.py test" in said
    assert own_tool.main([]) == 2
    if sys.platform == "win32":
        return
    tool = tmp_path / folder / f"ruff{ending}"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\necho "$PWD $*"\nexit 3\n')
    tool.chmod(0o755)
    assert own_tool.main(["ruff", "check", "a b"]) == 3
    assert capfd.readouterr().out.strip() == f"{tmp_path} check a b"
    assert environment.python().is_relative_to(environment.VENV)
