"""Wrong usage in one line, in words: what was typed is shown harmlessly, and no name of a function is."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from perfstudio.cli.output import USAGE
from perfstudio.language.catalogue import Messages, Plural, _, ngettext

_MOST, _MOST_DIGITS = 300, 18
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
"""As an address begins (RFC 3986); a drive of Windows has one letter."""
OF_ARGPARSE: Messages[tuple[str, ...]] = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "argument %(argument_name)s: %(message)s",
    "unrecognized arguments: %s",
    "the following arguments are required: %s",
    "one of the arguments %s is required",
    "ambiguous option: %(option)s could match %(matches)s",
    "expected one argument",
    "expected at most one argument",
    "expected at least one argument",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)",
    "not allowed with argument %s",
    "ignored explicit argument %r",
)
"""What argparse says by itself. It looks its words up, too; here it finds ours."""
_EXPECTED = Plural("expected %s argument", "expected %s arguments")
_INSTEAD: Messages[dict[str, str]] = {"invalid %(type)s value: %(value)r": "this cannot be what you meant: %(value)r"}
"""What would name a function."""


def _looked_up(message: str) -> str:
    return _(_INSTEAD.get(message, message))


vars(argparse).update(_=_looked_up, ngettext=ngettext)


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line and where to read more, and ends with 2.

    Every option is typed whole: the beginning of one could be another one tomorrow. What stands behind an option that
    is not known may be a secret, and is never repeated.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False} | options)
        self._unsaid: dict[str, str] = {}
        self.register("type", Path, _path)
        self.register("type", float, _number)
        self.register("type", int, _whole)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The same; what is left over is named without its values."""
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error(_("unrecognized arguments: %s") % " ".join(_without_values(rest)))
        return found

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The same; a lone `--` as a value, of which some versions make an empty list, is refused."""
        self._look_over(sys.argv[1:] if args is None else list(args))
        found, rest = super().parse_known_args(args, namespace)
        for name, value in vars(found).items():
            if isinstance(value, list):
                self.error(_("argument {name}: this cannot be what you meant: '--'", name=name))
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Say it and end."""
        for word, option in self._unsaid.items():
            if repr(word) in message:  # what is wrong is the option before it
                message = _("unrecognized arguments: %s") % f"{option} …"
        print(
            _("{prog}: {problem} (see `{prog} --help`)", prog=self.prog, problem=harmless(message)),
            file=sys.stderr,
        )
        sys.exit(USAGE)

    def _look_over(self, words: list[str]) -> None:
        """What stands behind options that are not known here; a token that is typed as it is goes no further."""
        names = [word.partition("=")[0] for word in words]
        known = self._option_string_actions
        if "--token-file" in known and "--token" in names:
            self.error(
                _(
                    "a token is not typed on the command line, where others could read it: put it in a file and use "
                    "--token-file FILE"
                )
            )
        pairs = zip(names, words[1:], strict=False)
        self._unsaid = {word: name for name, word in pairs if name.startswith("-") and name not in known}


def _without_values(words: list[str]) -> Iterator[str]:
    """Options by their names, and other words as they are, unless they stand behind an option."""
    behind = False
    for word in words:
        if behind and not word.startswith("--"):
            behind = False
            yield "…"
            continue
        name, has_value, _value = word.partition("=")
        is_option = word.startswith("-")
        behind = is_option and not has_value
        yield f"{name}=…" if is_option and has_value else word


class Several(argparse.Action):
    """One value or more, as a tuple: a list is what some versions make of a lone `--`."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        setattr(namespace, self.dest, tuple(values))


def _path(typed: str) -> Path:
    """A file or folder that could be there: an empty name would be the folder that one happens to stand in, and of an
    address a folder `http:` would be made."""
    if not typed or "\0" in typed:
        raise argparse.ArgumentTypeError(
            _("does not name a file or folder") if not typed else _("no file can have this name")
        )
    if _ADDRESS.match(typed):
        raise argparse.ArgumentTypeError(_("must be a file or folder on this computer, not an address"))
    return Path(typed)


def _number(typed: str) -> float:
    """A number that can be reckoned with."""
    try:
        found = float(typed)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise argparse.ArgumentTypeError(_("must be a number, not {typed}", typed=repr(typed)))
    return found


def _whole(typed: str) -> int:
    """A whole number."""
    if not (typed.removeprefix("-").isdecimal() and len(typed) <= _MOST_DIGITS):
        raise argparse.ArgumentTypeError(_("must be a whole number, not {typed}", typed=repr(typed)))
    return int(typed)


def harmless(text: str) -> str:
    """One line that no terminal obeys: control characters and what is no text become marks; not without an end."""
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return line if len(line) <= _MOST else f"{line[:_MOST]} …"
