"""Between `TakeRow` and the columns of the index, and from a filter to its WHERE clause."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from perfstudio.library.take_row import TakeFilter, TakeRow
from perfstudio.model.checks import Verdict
from perfstudio.model.take import Decision, TakeState

COLUMNS = tuple(field.name for field in fields(TakeRow))
_LISTS = frozenset({"emotions", "meant"})
_FLAGS = frozenset({"sealed", "circled", "practice", "missing"})
_SEARCHED = ("prompt_title", "character", "note", "prompt_id", "meant")
_SEARCH = " OR ".join(f"{name} LIKE ? ESCAPE '!'" for name in _SEARCHED)
_LIKE = str.maketrans({"%": "!%", "_": "!_", "!": "!!"})


def to_columns(row: TakeRow) -> tuple[Any, ...]:
    """The values of `COLUMNS` as SQLite keeps them."""
    return tuple(_plain(getattr(row, name)) for name in COLUMNS)


def checksum(columns: Sequence[Any]) -> int:
    """CRC-32 of a row. SQLite's own checks see damaged pages, but not a changed letter inside a text."""
    return zlib.crc32(repr(tuple(columns)).encode("utf-8", "surrogatepass"))


def from_columns(columns: tuple[Any, ...]) -> TakeRow:
    """The row from values of `COLUMNS` followed by their checksum. Raises ValueError when they do not agree."""
    *plain, crc = columns
    if checksum(plain) != crc:
        raise ValueError("checksum")
    values = dict(zip(COLUMNS, plain, strict=True))
    values |= {name: tuple(json.loads(values[name])) for name in _LISTS}
    values |= {name: bool(values[name]) for name in _FLAGS}
    values["started_utc"] = datetime.fromisoformat(values["started_utc"])
    values["state"] = TakeState(values["state"])
    values["decision"] = Decision(values["decision"])
    values["verdict"] = Verdict(values["verdict"]) if values["verdict"] else None
    return TakeRow(**values)


def where(chosen: TakeFilter) -> tuple[str, tuple[object, ...]]:
    """The WHERE clause of a filter and its values."""
    parts: list[tuple[str, tuple[object, ...]]] = []
    if chosen.states:
        parts.append((f"state IN ({', '.join('?' * len(chosen.states))})", tuple(s.value for s in chosen.states)))
    for name in ("pack_id", "prompt_id", "character", "circled", "practice"):
        value = getattr(chosen, name)
        if value is not None:
            parts.append((f"{name} = ?", (value,)))
    if chosen.emotion is not None:
        parts.append(("EXISTS (SELECT 1 FROM json_each(emotions) WHERE value = ?)", (chosen.emotion,)))
    for word in chosen.text.split():
        pattern = f"%{word.translate(_LIKE)}%"
        parts.append((f"({_SEARCH})", (pattern,) * len(_SEARCHED)))
    if not parts:
        return "", ()
    return "WHERE " + " AND ".join(clause for clause, _ in parts), tuple(v for _, values in parts for v in values)


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return json.dumps(value, ensure_ascii=False)
        case datetime():
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        case bool():
            return int(value)
        case TakeState() | Decision() | Verdict():
            return value.value
    return value
