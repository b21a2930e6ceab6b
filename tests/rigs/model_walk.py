"""Every leaf of a document changed, one at a time: what nobody would notice on a page is not shown there."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

D = TypeVar("D", bound=BaseModel)

SAMPLES: dict[str, Any] = {
    "term": "P77M",
    "amount": "77.5",
    "currency": "SEK",
    "sha256": "ab" * 32,
    "seal_sha256": "cd" * 32,
    "prev_sha256": "ef" * 32,
    "response_days": 41,
    "seq": 77,
    "size": 7_777,
    "duration_s": 77.5,
    "tz_offset_min": 345,
}
"""Values for fields that do not take any text."""


@dataclass(frozen=True)
class Change:
    """One leaf with another value; `word` is what has to be read then, None where any other words will do."""

    path: str
    value: Any
    word: str | None = None


def changes(document: D) -> Iterator[tuple[Change, D]]:
    """The document with each of its leaves changed in turn, in every way that its type knows."""
    for name, field in type(document).model_fields.items():
        for change in _others(field.annotation, getattr(document, name), name):
            yield change, document.model_copy(update={name: change.value})


def _others(kind: Any, now: Any, path: str) -> Iterator[Change]:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from _others(args[0], now, path)
    elif origin in (Union, types.UnionType):
        yield from _others(next(arg for arg in args if arg is not type(None)), now, path)
    elif origin is Literal:
        yield from (Change(path, option) for option in args if option != now)
    elif origin is tuple:
        assert now, f"{path} is empty: fill it in, so that it can be walked"
        yield Change(path, ())
        yield from (Change(c.path, (c.value, *now[1:]), c.word) for c in _others(args[0], now[0], path))
    elif isinstance(kind, type):
        yield from _plain(kind, now, path)
    else:
        raise AssertionError(f"{path}: the walk does not know {kind}")


def _plain(kind: type, now: Any, path: str) -> Iterator[Change]:
    last = path.rpartition(".")[2]
    if issubclass(kind, BaseModel):
        assert now is not None, f"{path} is missing: fill it in, so that it can be walked"
        yield from (Change(f"{path}.{c.path}", changed, c.word) for c, changed in changes(now))
    elif issubclass(kind, Enum):
        yield from (Change(path, option) for option in kind if option != now)
    elif kind is bool:
        yield Change(path, not now)
    elif kind is datetime:
        yield Change(path, now + timedelta(days=400))
    elif last in SAMPLES:
        yield Change(path, SAMPLES[last], None if last in ("term", "tz_offset_min") else str(SAMPLES[last]))
    elif kind is str:
        word = f"Distinct {path}"
        yield Change(path, word, word)
    else:
        raise AssertionError(f"{path}: give the walk a sample of {kind}")
