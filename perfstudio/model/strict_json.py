"""JSON from outside, read strictly: what Python's reader lets through and others choke on is refused with a place.

Refused: more than a set number of bytes, deeper nesting than 32, lists and objects with more members than any of our
documents has (a validator would otherwise name a million faults), anything but UTF-8, duplicate keys, NaN and infinity,
numbers outside what every JSON reader keeps exactly (integers beyond 2^53, floats that overflow), lone surrogates and
control characters other than tab and newline. Pure: takes bytes, returns plain values.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MAX_DEPTH = 32
MAX_ITEMS = 10_000
MAX_FIELDS = 100
MAX_INTEGER = 2**53 - 1
"""The largest integer that RFC 8785 and every JavaScript reader keep exactly."""

# A string is swallowed whole, closed or not, so that the scan is linear in hostile input.
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


class JsonProblemError(ValueError):
    """Why a text is refused: `problem` is a code, `where` a path such as `prompts[3].title` or `line 7`."""

    def __init__(self, problem: str, where: str = "", **facts: str | int | float) -> None:
        super().__init__(f"{problem} at {where or 'the top'}")
        self.problem = problem
        self.where = where
        self.facts = facts


def read_strictly(data: bytes, *, limit: int, max_depth: int = MAX_DEPTH, max_items: int = MAX_ITEMS) -> Any:
    """The value in `data` (UTF-8, a byte order mark is allowed). Raises JsonProblemError."""
    if len(data) > limit:
        raise JsonProblemError("too_large", limit=limit)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonProblemError("not_utf8", f"byte {error.start}") from error
    _refuse_depth(text, max_depth)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise JsonProblemError("not_json", f"line {error.lineno}") from error
    except JsonProblemError:
        raise
    except ValueError as error:  # more digits than Python is willing to read
        raise JsonProblemError("number_too_large", limit=MAX_INTEGER) from error
    _refuse_unfit(value, "", max_items)
    return value


def step(where: str, key: str | int) -> str:
    """One step further down a path: `prompts` and 3 make `prompts[3]`, then `beats` makes `prompts[3].beats`."""
    if isinstance(key, int):
        return f"{where}[{key}]"
    name = key if _PLAIN_KEY.fullmatch(key) else "…"  # a key from outside is quoted only when it is harmless
    return f"{where}.{name}" if where else name


def _refuse_depth(text: str, max_depth: int) -> None:
    depth = 0
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                if depth > max_depth:
                    raise JsonProblemError(
                        "too_deep", f"line {text.count(chr(10), 0, token.start()) + 1}", limit=max_depth
                    )
            case "]" | "}":
                depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise JsonProblemError("duplicate_key", step("", key))
        made[key] = value
    return made


def _constant(name: str) -> float:
    raise JsonProblemError("not_a_number", name)


def _refuse_unfit(value: Any, where: str, max_items: int) -> None:
    """Raise JsonProblemError for the first string, number, list or object that is not fit to be passed on."""
    match value:
        case str():
            _refuse_text(value, where)
        case int() | float():
            if not (math.isfinite(value) and (isinstance(value, float) or abs(value) <= MAX_INTEGER)):
                raise JsonProblemError("number_too_large", where, limit=MAX_INTEGER)
        case list():
            _refuse_more(len(value), max_items, where)
            for index, item in enumerate(value):
                _refuse_unfit(item, step(where, index), max_items)
        case dict():
            _refuse_more(len(value), MAX_FIELDS, where)
            for key, item in value.items():
                _refuse_text(key, step(where, key))
                _refuse_unfit(item, step(where, key), max_items)


def _refuse_text(text: str, where: str) -> None:
    if _UNFIT.search(text):
        raise JsonProblemError("control_character", where)


def _refuse_more(count: int, limit: int, where: str) -> None:
    if count > limit:
        raise JsonProblemError("too_many", where, limit=limit)
