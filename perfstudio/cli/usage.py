"""Wrong usage in one line, in words: what was typed is shown harmlessly, and no name of a function is."""

from __future__ import annotations

import argparse
import math
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

from perfstudio.cli.output import USAGE

_NAMES_A_FUNCTION = re.compile(r"invalid \w+ value: (.*)", re.DOTALL)
_MOST, _MOST_DIGITS = 300, 18


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line and where to read more, and ends with 2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.register("type", Path, _path)
        self.register("type", float, _number)
        self.register("type", int, _whole)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The same; a lone `--` as a value, of which some versions make an empty list, is refused."""
        found, rest = super().parse_known_args(args, namespace)
        for name, value in vars(found).items():
            if isinstance(value, list):
                self.error(f"argument {name}: this cannot be meant: '--'")
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Say it and end."""
        told = _NAMES_A_FUNCTION.sub(r"this cannot be meant: \1", message)
        print(f"{self.prog}: {harmless(told)} (`{self.prog} --help` says more)", file=sys.stderr)
        sys.exit(USAGE)


def _path(typed: str) -> Path:
    """A file or folder that could be there: an empty name would be the folder that one happens to stand in."""
    if not typed or "\0" in typed:
        raise argparse.ArgumentTypeError("names no file or folder" if not typed else "no file can have such a name")
    return Path(typed)


def _number(typed: str) -> float:
    """A number that can be reckoned with."""
    try:
        found = float(typed)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise argparse.ArgumentTypeError(f"must be a number, and not {typed!r}")
    return found


def _whole(typed: str) -> int:
    """A whole number."""
    if not (typed.removeprefix("-").isdecimal() and len(typed) <= _MOST_DIGITS):
        raise argparse.ArgumentTypeError(f"must be a whole number, and not {typed!r}")
    return int(typed)


def harmless(text: str) -> str:
    """One line that no terminal obeys: control characters and what is no text become marks; not without an end."""
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return line if len(line) <= _MOST else f"{line[:_MOST]} …"
