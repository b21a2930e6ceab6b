"""What is typed behind an option and is none: said in plain words, by every verb."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.cli.main import VERBS, _parser, _shared, run

NONSENSE = ("x", "", "nan", "inf", "-inf", "1e999", "٣x", "²", "0x10", "9" * 5000, "-1", "größer")


def options(verb: str) -> Iterator[tuple[list[str], str]]:
    """(words before the value, the option's type by name) of every option of a verb that takes a value it converts."""
    whole = _parser([verb], _shared())
    (verbs,) = (action for action in whole._actions if isinstance(action, argparse._SubParsersAction))
    yield from _options([verb], verbs.choices[verb])


def _options(words: list[str], parser: argparse.ArgumentParser) -> Iterator[tuple[list[str], str]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, deeper in action.choices.items():
                yield from _options([*words, name], deeper)
        elif action.type is not None and action.option_strings:
            yield [*words, action.option_strings[-1]], getattr(action.type, "__name__", str(action.type))
        elif action.choices is not None and action.option_strings:
            yield [*words, action.option_strings[-1]], "choices"


FILES = ("Path", "_file")
"""Whatever is typed may be the name of one."""
EVERY = [(words, kind) for verb in VERBS for words, kind in options(verb) if kind not in FILES]


def test_there_are_such_options() -> None:
    assert {"--seconds", "--fps", "--size", "--port", "--partner-at", "--valence", "--encode", "--source-ms"} <= {
        words[-1] for words, _ in EVERY
    }
    assert {kind for _, kind in EVERY}.isdisjoint({"float", "int", "Encode"}), "their names would reach a person"


@pytest.mark.parametrize(("words", "kind"), EVERY, ids=[" ".join(words) for words, _ in EVERY])
def test_nonsense_is_answered_with_what_fits(words: list[str], kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused = 0
    for typed in NONSENSE:
        with pytest.raises(SystemExit) as ended:
            run([*words[:-1], f"{words[-1]}={typed}", "--no-such-option"])
        assert ended.value.code == 2
        said = capsys.readouterr().err
        assert f"argument {words[-1]}: " in said or "arguments are required" in said or "unrecognized" in said
        assert not re.search(r"invalid \w+ value|Traceback|_\w+ value", said), said
        refused += "must " in said or "invalid choice" in said
    assert refused >= 6, "most of this is no value"


SECRET = "s3cret-Token-of-a-studio_0123456789"


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for deeper in action.choices.values():
                yield from _parsers(deeper)


def test_no_option_is_read_from_its_beginning() -> None:
    for verb in VERBS:
        (verbs,) = (a for a in _parser([verb], _shared())._actions if isinstance(a, argparse._SubParsersAction))
        assert not any(parser.allow_abbrev for parser in _parsers(verbs.choices[verb]))
    assert not _parser([], _shared()).allow_abbrev
    assert not _shared().allow_abbrev


@pytest.mark.parametrize(
    ("words", "clue"),
    [
        (["receive", "--token", SECRET], "--token-file FILE"),
        (["deliver", f"--token={SECRET}"], "--token-file FILE"),
        (["consent", "take-back", "01", "--token", SECRET], "--token-file FILE"),
        (["receive", "--tok", SECRET], "--tok"),
        (["receive", "--token-f", "-" + SECRET], "--token-f"),
        (["--token", SECRET, "receive"], "--token"),
        (["doctor", f"--secret={SECRET}"], "--secret"),
        (["receive", "--token-file", SECRET], "Name a file with the token"),
    ],
)
def test_what_may_be_a_token_is_not_said_again(words: list[str], clue: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        ended: object = run(
            [*words, "--home", "nowhere", *(["--folder", "nowhere"] if "--token-file" in words else [])]
        )
    except SystemExit as stopped:
        ended = stopped.code
    said = "".join(capsys.readouterr())
    assert ended != 0
    assert clue in said
    assert SECRET not in said


def test_a_token_file_that_is_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty-one").write_bytes(b"")
    assert run(["receive", "--folder", str(tmp_path / "r"), "--token-file", str(tmp_path / "empty-one")]) == 1
    assert "empty-one" in capsys.readouterr().err
