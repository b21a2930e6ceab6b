"""What verbs print: lines for people, or exactly one JSON document; progress on stderr only where someone watches."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from perfstudio.cli import terminal
from perfstudio.systems.consoles import clears_lines, is_terminal

DONE, REASON, USAGE, RETAKE = 0, 1, 2, 3


class Output:
    """Where a verb speaks to. With `json` people's lines are kept back and one document is printed at the end.

    Text in any script may be said; the terminal shows what it can. JSON is UTF-8, or ASCII where that is not shown.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._watched = is_terminal(sys.stderr)
        self._line = ""
        """What progress has on the terminal now."""

    def say(self, line: str = "") -> None:
        """A line for people, on stdout."""
        if not self.as_json:
            terminal.write(line + "\n")

    def document(self, value: Any) -> None:
        """The one JSON document of this verb."""
        if self.as_json:
            text = json.dumps(value, indent=1, ensure_ascii=not terminal.shows_utf8(), default=str)
            terminal.write_utf8(text + "\n")

    def progress(self, line: str) -> None:
        """A line that replaces itself while long work goes on."""
        if self._watched:
            terminal.note(f"{self._cleared()}{line}")
            self._line = line

    def progress_done(self) -> None:
        """Clear the progress line."""
        if self._watched:
            terminal.note(self._cleared())
            self._line = ""

    def _cleared(self) -> str:
        """What takes the line away; blanks where the terminal knows no sign for it."""
        return "\r\x1b[2K" if clears_lines() else f"\r{' ' * len(self._line)}\r"

    def warn(self, line: str) -> None:
        """Something to know, on stderr."""
        terminal.note(line + "\n")


def table(rows: Sequence[tuple[str, ...]], *, gap: int = 2) -> list[str]:
    """Rows of text as aligned lines."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        (" " * gap).join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
