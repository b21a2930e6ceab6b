"""Every verb with wrong values of every kind: one or two plain lines, exit 1 or 2, and never the last net.

In one process for most, as programs of their own for some. A new verb, sub-verb or option is found by itself. The
values of an ordinary run are a share of all, another for each argument; the soak tries every one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import stands
from cli_wrong import IDS, NUMBERS, WORDS, Leaf, Said, breakages, broken_home, files, leaves, plainness, typed

from library.library_takes import sealed_take
from perfstudio.cli import main, net
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from rigs.shortened import every, shortened
from rigs.verbs import Type

LEAVES = leaves()
EACH, STEP = 2, 37
"""Values that each argument is given in an ordinary run, and how far apart they are in the list of all."""


@pytest.fixture(scope="module")
def with_a_take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a take; for copies."""
    folder = tmp_path_factory.mktemp("whole") / "home"
    with Home(AppPaths(folder)) as opened:
        sealed_take(opened.library)
    return folder


@pytest.fixture
def here(tmp_path: Path, home: Path, with_a_take: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, full of files that are not what is asked for; a home with a take; the edge stood in for."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    shutil.copytree(with_a_take, home, symlinks=True)
    stands.put_in(monkeypatch.setattr)
    monkeypatch.setattr(net, "caught", not_needed)
    return folder


def not_needed(problem: Exception, _: Path | None) -> None:
    """In the place of the net: what it would have caught is a fault of the program."""
    raise AssertionError("the last net was needed") from problem


def shares(leaf: Leaf, values: list[str], each: int) -> Iterator[list[str]]:
    """What to type: each argument of a verb with some of the values, others for the next argument and verb."""
    at = STEP * LEAVES.index(leaf)
    for action in leaf.actions:
        for _ in range(each):
            at += STEP
            yield leaf.with_value(action, values[at % len(values)])


def wrong(folder: Path) -> list[str]:
    return [*WORDS, *NUMBERS, *IDS, *files(folder)]


def name_of(leaf: Leaf) -> str:
    return " ".join(leaf.words) or "window"


@pytest.mark.parametrize("leaf", LEAVES, ids=name_of)
def test_wrong_values_get_a_plain_answer(here: Path, leaf: Leaf) -> None:
    for words in shares(leaf, wrong(here), EACH):
        hold(typed(words))


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("leaf", LEAVES, ids=name_of)
def test_wrong_values_get_a_plain_answer_long(here: Path, leaf: Leaf) -> None:
    values = wrong(here)
    for action in leaf.actions:
        for value in values:
            hold(typed(leaf.with_value(action, value)))


def hold(said: Said) -> None:
    fault = plainness(said)
    assert not fault, f"{fault}: {said.words!r:.400} -> {said.code} {said.err!r:.600}"


def as_a_program(words: list[str], **env: str) -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "perfstudio", *words],
        capture_output=True, text=True, errors="backslashreplace", timeout=100, check=False,
        stdin=subprocess.DEVNULL, env={**os.environ, "DISPLAY": "", "QT_QPA_PLATFORM": "", **env},
    )  # fmt: skip
    return Said(words, done.returncode, done.stdout, done.stderr)


def fit_for_a_program(words: list[str]) -> bool:
    return not any("\0" in word for word in words)


QUICK = ("packs validate", "takes show", "consent show", "verify", "deliver", "record")


@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if name_of(leaf) in QUICK], ids=name_of)
def test_wrong_values_get_a_plain_answer_from_a_program(here: Path, perfstudio: Type, leaf: Leaf) -> None:
    for words in [w for w in shares(leaf, wrong(here), 2) if fit_for_a_program(w)][:2]:
        answer = perfstudio(*words, DISPLAY="", QT_QPA_PLATFORM="")
        hold(Said(words, answer.code, answer.out, answer.err))


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if leaf.words[:1] != ("receive",)], ids=name_of)
def test_wrong_values_get_a_plain_answer_from_a_program_long(here: Path, leaf: Leaf) -> None:
    for each in [w for w in shares(leaf, wrong(here), 10) if fit_for_a_program(w)][:10]:
        hold(as_a_program(each))


LOOKS = (
    ["takes", "list"], ["takes", "show", "the-letter"], ["takes", "keep", "the-letter"], ["takes", "note", "x", "y"],
    ["packs", "list"], ["consent", "show", "the-letter"], ["deliver"], ["rebuild"], ["takes", "recover"], ["devices"],
    ["doctor"], ["calibrate", "--list"], ["consent", "withdraw", "the-letter"], ["packs", "import", "."],
    ["verify", "."], ["takes", "bin", "the-letter"],
)  # fmt: skip


@pytest.mark.parametrize("what", shortened(sorted(breakages()), every(5)))
def test_a_broken_home_gets_a_plain_answer(here: Path, home: Path, tmp_path: Path, what: str) -> None:
    """Each breakage with some of the verbs, others for the next; the soak tries all."""
    at = sorted(breakages()).index(what)
    for number in range(2):
        made = broken_home(home, tmp_path / f"broken-{number}", what)
        hold(typed([*LOOKS[(2 * at + number) % len(LOOKS)], "--home", str(made)]))


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("what", sorted(breakages()))
def test_a_broken_home_gets_a_plain_answer_long(here: Path, home: Path, tmp_path: Path, what: str) -> None:
    for number, words in enumerate(LOOKS):
        made = broken_home(home, tmp_path / f"broken-{number}", what)
        hold(typed([*words, "--home", str(made)]))


def test_the_net_says_one_line_and_keeps_the_traceback(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(*_: object) -> int:
        raise ZeroDivisionError("nobody expected that")

    module = main._module("takes")
    monkeypatch.setattr(module, "run", falls)
    for place in (home, home / "gone"):
        said = typed(["takes", "list", "--home", str(place)])
        assert (said.code, said.err.count("\n"), said.out) == (1, 1, "")
        assert "ZeroDivisionError" not in said.err
        file = Path(said.err.split("“")[1].split("”")[0])
        assert "ZeroDivisionError: nobody expected that" in file.read_text(encoding="utf-8")
        file.unlink()
        (home / "logs").mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["takes", "list", "--home="], "does not name a file or folder"),
        (["export", "https://x.example/copy"], "not an address"),
        (["record", "x", "--camera", "none", "--microphone", "practice", "--fps", "x"], "--fps"),
        (["demo", "--seconds", "soon"], "a number"),
        (["takes", "show", "a", "\x1b[31mred"], "\ufffd[31mred"),
        (["dance"], "dance"),
    ],
)
def test_wrong_usage_is_one_line(words: list[str], told: str) -> None:
    said = typed(words)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert told in said.err
    assert plainness(said) == ""
