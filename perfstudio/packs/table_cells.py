"""A table of prompts as it comes out of a spreadsheet: whatever its encoding, separator and line ends, rows by column.

Known are UTF-8, UTF-16 and UTF-32 with their mark, UTF-8 without one, and else Windows-1252, which is said. Separators
are comma, semicolon, tab and bar: the one under which the first row names most of the columns. Everything wrong is one
PackError(PROMPTS_UNREADABLE) with the row's line; nothing is guessed about what a cell means.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from perfstudio.model.errors import ErrorCode, PackError

MOST_BYTES: Final = 20_000_000
"""Of a table: a thousand scenes of five pages each."""
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DOCUMENTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")
"""How spreadsheets and other documents begin that are no text."""
_SEPARATORS: Final = ",;\t|"
_ALIKE: Final = 0.8
"""How alike a column has to be to one that is known, to be taken for a slip of the pen."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the line of the file that it begins in, and its cells by column; empty ones are left out."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class PromptTable:
    """A table whose first row was understood."""

    file: str
    encoding: str
    rows: tuple[TableRow, ...]
    passed_over: tuple[str, ...] = ()
    """Columns that mean nothing here."""


def problem_in(file: str, where: str, problem: str, line: int = 0, **facts: str | int) -> PackError:
    """PROMPTS_UNREADABLE with its facts."""
    at = {"line": line} if line else {}
    return PackError(ErrorCode.PROMPTS_UNREADABLE, file=file, where=where, problem=problem, **at, **facts)


def read_table(
    data: bytes, file: str, known: Collection[str], *, needed: Collection[str], encoding: str = ""
) -> PromptTable:
    """The table in these bytes. `known` are the columns that have a meaning, `needed` those that have to be there;
    `encoding` is what a person says that it is in. Raises PackError."""
    text, encoding = _text(data, file, encoding)
    lines = io.StringIO(text, newline=None)
    separator = _separator(lines, known)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows = _records(reader, file)
    first = next(rows, None)
    if first is None:
        raise problem_in(file, "", "empty_table")
    names, passed_over = _columns(first[1], file, known, needed)
    return PromptTable(file, encoding, tuple(_row(file, names, *record) for record in rows), passed_over)


def is_encoding(name: str) -> bool:
    """Whether a person named an encoding of text that is known here."""
    try:
        return "".encode(name) == b"" or codecs.lookup(name).name.startswith("utf")
    except (LookupError, ValueError):
        return False


def _text(data: bytes, file: str, asked: str) -> tuple[str, str]:
    if data.startswith(_DOCUMENTS):
        raise problem_in(file, "", "spreadsheet")
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    halves = next((name for name, high in (("utf-16-le", 1), ("utf-16-be", 0)) if _is_empty(data[high:80:2])), None)
    sure = asked or marked or halves
    for encoding in (sure,) if sure else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            raise problem_in(file, "", "not_a_table")
        return text.removeprefix("\ufeff"), encoding
    raise problem_in(file, "", "encoding_wrong" if asked else "encoding_unknown")


def _is_empty(half: bytes) -> bool:
    """Whether letters of two bytes each have this half of them empty, as those of the first row have."""
    return len(half) > 1 and half.count(0) > 0.9 * len(half)


def _separator(lines: io.StringIO, known: Collection[str]) -> str:
    """Leaves the lines at the row that names the columns; a line such as `sep=;`, as Excel reads it, is passed over."""
    first = lines.readline()
    asked = re.fullmatch(r"\ufeff?\"?sep=(.)\"?", first.strip("\n"))
    if asked is None:
        lines.seek(0)
    head = lines.tell()
    names = lines.readline()
    while names and not names.strip():
        head = lines.tell()
        names = lines.readline()
    lines.seek(head)
    if asked is not None:
        return asked[1]

    def fits(separator: str) -> int:
        return sum(column_name(cell) in known for cell in names.replace('"', "").strip("\n").split(separator))

    return max(_SEPARATORS, key=fits)


def _records(reader: Iterator[list[str]], file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with the line that it begins in."""
    while True:
        line = getattr(reader, "line_num", 0) + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            problem = "cell_too_long" if "limit" in str(error) else "quote_open"
            raise problem_in(file, "", problem, line) from error
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield line, record


def column_name(cell: str) -> str:
    """A column as it is called here: "Ends when" is ends_when."""
    return re.sub(r"[\s_-]+", "_", cell.strip().casefold()).strip("_")


def _columns(
    first: list[str], file: str, known: Collection[str], needed: Collection[str]
) -> tuple[list[str], tuple[str, ...]]:
    names = [column_name(cell) for cell in first]
    for name in needed:
        if name not in names:
            raise problem_in(file, name, "column_missing", 1)
    for at, name in enumerate(names):
        if name in names[:at] and name in known:
            raise problem_in(file, name, "column_twice", 1)
        close = get_close_matches(name, known, n=1, cutoff=_ALIKE) if name and name not in known else []
        if close and close[0] not in names:
            raise problem_in(file, name[:40], "column_alike", 1, limit=close[0])
    strange = tuple(cell.strip() for cell, name in zip(first, names, strict=True) if name and name not in known)
    return [name if name in known else "" for name in names], strange


def _row(file: str, names: list[str], line: int, record: list[str]) -> TableRow:
    if any(cell.strip() for cell in record[len(names) :]):
        raise problem_in(file, "", "too_many_cells", line, limit=len(names))
    cells = {name: cell.strip() for name, cell in zip(names, record, strict=False) if name and cell.strip()}
    return TableRow(line, cells)
