"""What is typed behind an option and is none: said in plain words, by every verb."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

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
