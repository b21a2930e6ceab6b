"""The terminal or pipe that a verb speaks into: of any encoding, closed, or gone while it speaks."""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import sys
import unicodedata
from typing import TextIO

from perfstudio.language.catalogue import N_
from perfstudio.systems.consoles import is_terminal

ERRORS = "perfstudio.plain"
NOT_WRITTEN = N_("The output could not be written: there is no room for it.")
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
_PLAIN = {
    "…": "...", "–": "-", "—": "-", "−": "-", "·": "-", "×": "x", "→": "->", "≤": "<=", "≥": ">=",
    "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "ß": "ss",
}  # fmt: skip
"""What typewriters have in place of what typesetters have."""


class OutputEndedError(Exception):
    """Nobody can read what is printed."""

    def __init__(self, problem: OSError) -> None:
        self.full = problem.errno in _FULL


def prepare() -> None:
    """Let both streams take any text: what an encoding lacks is written plainer. A closed stream swallows it."""
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we do
        elif (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(errors=ERRORS)


def write(text: str) -> None:
    """Print at once, on stdout. Raises OutputEndedError."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as problem:
        raise OutputEndedError(problem) from problem


def write_utf8(text: str) -> None:
    """For programs to read: in UTF-8 whatever the terminal is in. Raises OutputEndedError."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        write(text)
        return
    try:
        sys.stdout.flush()
        raw.write(text.encode("utf-8", ERRORS))
        raw.flush()
    except OSError as problem:
        raise OutputEndedError(problem) from problem


def shows_utf8() -> bool:
    """Whether what is printed is read as UTF-8."""
    return codecs.lookup(getattr(sys.stdout, "encoding", None) or "ascii").name == "utf-8"


def is_read() -> bool:
    """Whether a person has a terminal before them in which what is noted appears."""
    return is_terminal(sys.stderr)


def note(text: str) -> None:
    """Print at once, on stderr. Where nobody reads it, nothing is lost."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def finish() -> None:
    """Write out what is left, of argparse too. Raises OutputEndedError."""
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    try:
        sys.stdout.flush()
    except OSError as problem:
        raise OutputEndedError(problem) from problem


def abandon() -> None:
    """Nobody reads any more: Python, which writes out what is left when it ends, shall not stumble over it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
            continue
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _plainer(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    return "".join(map(_plain, problem.object[problem.start : problem.end])), problem.end


def _plain(letter: str) -> str:
    """The nearest in ASCII: without its accent, as a typewriter has it, or a question mark."""
    if letter in _PLAIN:
        return _PLAIN[letter]
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if part.isascii()) or ("" if unicodedata.combining(letter) else "?")


codecs.register_error(ERRORS, _plainer)
