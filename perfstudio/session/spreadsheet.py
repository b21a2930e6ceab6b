"""Tables as files that spreadsheets open: CSV (RFC 4180), and nothing in it that one would reckon out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would reckon out."""


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A heading and the rows; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def csv_bytes(text: str) -> bytes:
    """The table as a file: UTF-8 with the mark by which spreadsheets know it."""
    return text.encode("utf-8-sig")


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
