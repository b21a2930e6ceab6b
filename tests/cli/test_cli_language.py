"""In another language the verbs say no word of English but names of options, codes and what others brought."""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.cli import usage
from perfstudio.cli.main import VERBS, run
from perfstudio.language.catalogue import speak
from perfstudio.model.consent import UseId
from rigs.strange_language import of_the_bundled_packs, ordinary, written

_USAGE = re.compile(r"(?m)^ｕｓａｇｅ: .*\n(?: .*\n)*")
_NAMES = re.compile(r"(?m)^ +\S.*?(?:  +|$)|--[a-z-]+|\{[a-z_,]+\}|\b[A-Z][A-Z,x]*\b|\b1280x720\b")
"""The left column of a help text, options, choices, and the words that stand for a value."""


@pytest.fixture
def strangely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PERFSTUDIO_LANGUAGE", str(written(tmp_path)))
    monkeypatch.setenv("COLUMNS", "300")
    yield
    speak()


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """What a verb says, in this process: its code, and both streams."""
    capsys.readouterr()
    try:
        code = run(words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out + said.err


SUB_VERBS = {
    "takes": ("list", "show", "keep", "bin", "restore", "circle", "label", "played", "note", "recover"),
    "packs": ("import", "validate", "list", "show"),
    "consent": ("show", "sign", "take-back", "give", "given"),
}


@pytest.mark.usefixtures("strangely")
def test_every_help_is_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [[], *([verb] for verb in VERBS), *([verb, sub] for verb, subs in SUB_VERBS.items() for sub in subs)]
    found = {}
    for words in asked:
        code, said = typed(capsys, *words, "--help")
        assert code == 0
        assert "ｏｐｔｉｏｎｓ" in said
        left = ordinary(_NAMES.sub("", _USAGE.sub("", said)))
        if left:
            found[" ".join(words)] = left
    assert found == {}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("takes", "list"), 0),
        (("takes", "list", "--bin"), 0),
        (("takes", "recover"), 0),
        (("takes", "show", "⌁"), 1),
        (("packs", "list"), 0),
        (("packs", "validate", "⌁.perfpack"), 1),
        (("calibrate", "--list"), 0),
        (("calibrate",), 1),
        (("rebuild",), 0),
        (("deliver",), 1),
        (("check", "⌁.mp4"), 1),
        (("verify", "⌁"), 1),
        (("record", "⌁"), 1),
        (("record", "⌁", "--seconds", "⌁"), 2),
        (("record",), 2),
        (("⌁",), 2),
        (("packs", "show", "the-slowest-race", "--role", "a"), 0),
        (("takes", "label", "⌁", "--meant"), 2),
        (("takes", "label", "⌁", "--meant", "⌁", "--valence", "12"), 2),
        (("verify", ""), 2),
        (("--⌁",), 2),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("strangely")
def test_what_verbs_say_is_in_the_language(
    capsys: pytest.CaptureFixture[str], home: Path, words: tuple[str, ...], code: int
) -> None:
    ended, said = typed(capsys, *words)
    assert ended == code
    brought = (
        *of_the_bundled_packs(),
        "perfpack",
        "mp4",
        "take.json",
        "perfstudio",
        *VERBS,
        *SUB_VERBS["takes"],
        "--role",
        *UseId,
        str(home),
    )
    names = ("prompt", "--valence", "--seconds", "--meant", "folder", "verb", "VERB")
    assert ordinary(said, (*brought, *names)) == []
    assert "Traceback" not in said


@pytest.mark.usefixtures("strangely")
def test_documents_for_programs_are_not_translated(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("packs", "list", "--json"), ("takes", "list", "--json"), ("doctor", "--json")):
        _code, strange = typed(capsys, *words)
        with pytest.MonkeyPatch.context() as plain:
            plain.setenv("PERFSTUDIO_LANGUAGE", "en")
            _code, english = typed(capsys, *words)
        assert strange.isascii() or words[0] == "packs"
        told, again = json.loads(strange), json.loads(english)
        if words[0] == "doctor":  # what is free on the disk changes meanwhile
            told, again = ([one["part"] for one in made] for made in (told, again))
        assert told == again


def test_what_argparse_says_by_itself_is_in_the_catalogue() -> None:
    """Each sentence of this Python's argparse that a person can meet."""
    programmers = (
        "conflicting", "unknown parser", "can't open", "cannot", "is not callable", "invalid option string", "dest=",
        "invalid conflict", "unexpected option", "an invalid argument for", "must be optional", "with mode", "error: ",
        ".__call__", "warning: ", "deprecated",
    )  # fmt: skip
    known = {*usage.OF_ARGPARSE, *usage._INSTEAD, usage._EXPECTED.one}
    said = {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(inspect.getsource(argparse)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_", "ngettext", "gettext")
        if isinstance(node.args[0], ast.Constant)
    }
    assert {text for text in said if not any(word in text for word in programmers)} <= known


def test_english_says_what_argparse_says(capsys: pytest.CaptureFixture[str]) -> None:
    speak()
    with pytest.MonkeyPatch.context() as plain:
        plain.setenv("PERFSTUDIO_LANGUAGE", "en")
        assert "the following arguments are required: folder" in typed(capsys, "verify")[1]
        assert "expected one argument" in typed(capsys, "record", "⌁", "--camera")[1]
