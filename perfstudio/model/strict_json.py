"""JSON from outside, read strictly: what Python's reader lets through and others choke on is refused with a place.

Refused: more than a set number of bytes, deeper nesting than 32, lists and objects with more members than any of our
documents has (a validator would otherwise name a million faults), anything but UTF-8, duplicate keys, NaN and infinity,
numbers outside what every JSON reader keeps exactly (beyond 2^53, however they are written), lone surrogates and, where
the text comes from others, control characters other than tab and newline. A number without a fraction is a whole
number: 60.0 and 6e1 are 60, as in JSON Schema and RFC 8785. Pure: takes bytes, returns plain values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import partial
from itertools import accumulate
from typing import Any

from perfstudio.model.json_lines import Place, first_double, line_at, line_of, line_of_word, slip_at

MAX_DEPTH = 32
MAX_ITEMS = 10_000
MAX_FIELDS = 100
MAX_INTEGER = 2**53 - 1
"""The largest integer that RFC 8785 and every JavaScript reader keep exactly."""

# A string is swallowed whole, closed or not, so that the scan is linear in hostile input.
_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_TOKENS = re.compile(rf"{_STRING}|[\[{{]|[\]}}]", re.DOTALL)
_BRACKETS = re.compile(rf'(?:[^"\[\]{{}}]++|{_STRING})*+([\[{{\]}}]?)', re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1, "": 0}
CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Characters that no text from others may hold, as the inside of a character class: controls but tab and newline."""
_UNFIT = re.compile(f"[{CONTROL}\ud800-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPES_OF = {_UNFIT: re.compile(r"[\x7f-\x9f]|\\[bfru]"), _LONE: re.compile(r"\\u[dD]")}
"""Without one of these in a text that Python's reader takes, no string in it is unfit: it lets no other control
character through, and no lone surrogate comes out of UTF-8."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"{\x00", b"\x00{")
_MANY_DIGITS = 400
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


class JsonProblemError(ValueError):
    """Why a text is refused: `problem` is a code, `where` a path such as `prompts[3].title` or `line 7`.

    `line` is the line of the path in the text, 0 where there is none to name. A fact `slip` says what people write
    that is no JSON: comment, trailing_comma, quotes, empty, utf_16.
    """

    def __init__(self, problem: str, where: str = "", line: int = 0, **facts: str | int | float) -> None:
        super().__init__(f"{problem} at {where or 'the top'}")
        self.problem = problem
        self.where = where
        self.line = line
        self.facts = facts | ({"line": line} if line else {})


def read_strictly(
    data: bytes, *, limit: int, max_depth: int = MAX_DEPTH, max_items: int = MAX_ITEMS, own_words: bool = False
) -> Any:
    """The value in `data` (UTF-8, a byte order mark is allowed). Raises JsonProblemError.

    `own_words`: the text was written here from what people and devices said, so control characters are let be.
    """
    text = decoded(data, limit=limit)
    _refuse_depth(text, max_depth)
    doubts: list[str] = []
    try:
        value = json.loads(
            text,
            object_pairs_hook=partial(_object, doubts),
            parse_int=partial(_whole, doubts),
            parse_float=partial(_number, doubts),
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        slip, line = slip_at(text, error.pos)
        raise JsonProblemError("not_json", f"line {line}", slip=slip) from error
    except _DoubledError as error:
        place, line = first_double(text) or ((error.name,), 0)
        raise JsonProblemError("duplicate_key", path_of(place), line) from error
    except _ConstantError as error:
        raise JsonProblemError("not_a_number", f"line {line_of_word(text, error.name)}") from error
    unfit_text = _LONE if own_words else _UNFIT
    doubtful = doubts or text.count(",") >= max_items or _ESCAPES_OF[unfit_text].search(text)
    unfit = _unfit(value, (), max_items, unfit_text) if doubtful else None  # it costs more than all of the reading
    if unfit:
        place, problem, facts = unfit
        raise JsonProblemError(problem, path_of(place), line_of(text, place), **facts)
    return value


def read_leniently(data: bytes | str) -> Any:
    """What Python's own reader makes of a text that is nested no deeper than ours are. Raises ValueError.

    It would follow a deeper one to the end of the stack, where nothing that ends meanwhile can do so in order.
    """
    text = data if isinstance(data, str) else data.decode(json.detect_encoding(data), "surrogatepass")
    _refuse_depth(text, MAX_DEPTH)
    return json.loads(text)


def decoded(data: bytes, *, limit: int) -> str:
    """The text of a document. Raises JsonProblemError when it is too large or not UTF-8."""
    if len(data) > limit:
        raise JsonProblemError("too_large", limit=limit)
    if data.startswith(_UTF_16):
        raise JsonProblemError("not_utf8", slip="utf_16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise JsonProblemError("not_utf8", f"line {line}") from error


def step(where: str, key: str | int) -> str:
    """One step further down a path: `prompts` and 3 make `prompts[3]`, then `beats` makes `prompts[3].beats`."""
    if isinstance(key, int):
        return f"{where}[{key}]"
    name = key if _PLAIN_KEY.fullmatch(key) else "…"  # a key from outside is quoted only when it is harmless
    return f"{where}.{name}" if where else name


def path_of(place: Place) -> str:
    """A place as a path."""
    where = ""
    for key in place:
        where = step(where, key)
    return where


class _NamedError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class _DoubledError(_NamedError):
    """A name is there twice in one object."""


class _ConstantError(_NamedError):
    """NaN or infinity, which JSON does not have."""


def _refuse_depth(text: str, max_depth: int) -> None:
    if max(accumulate(map(_STEPS.__getitem__, _BRACKETS.findall(text)))) <= max_depth:
        return
    depth = 0
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                if depth > max_depth:
                    raise JsonProblemError("too_deep", f"line {line_at(text, token.start())}", limit=max_depth)
            case "]" | "}":
                depth -= 1


def _object(doubts: list[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubledError(next(name for i, name in enumerate(names) if name in names[:i]))
    if len(made) > MAX_FIELDS:
        doubts.append("fields")
    return made


def _whole(doubts: list[str], digits: str) -> int | float:
    value = int(digits) if len(digits) < _MANY_DIGITS else float(digits)  # Python reads only so many, and slowly
    if abs(value) > MAX_INTEGER:
        doubts.append(digits)
    return value


def _number(doubts: list[str], digits: str) -> int | float:
    value = float(digits)
    if abs(value) > MAX_INTEGER:
        doubts.append(digits)
        return value
    return int(value) if value.is_integer() else value


def _constant(name: str) -> float:
    raise _ConstantError(name)


_Unfit = tuple[Place, str, dict[str, int]]


def _unfit(value: Any, place: Place, max_items: int, unfit_text: re.Pattern[str]) -> _Unfit | None:
    """The first string, number, list or object that is not fit to be passed on, or None."""
    inside: Iterable[tuple[str | int, Any]] = ()
    match value:
        case str():
            return (place, "control_character", {}) if unfit_text.search(value) else None
        case int() | float():
            return (place, "number_too_large", {"limit": MAX_INTEGER}) if abs(value) > MAX_INTEGER else None
        case list() | dict() if len(value) > (most := max_items if isinstance(value, list) else MAX_FIELDS):
            return place, "too_many", {"limit": most}
        case list():
            inside = enumerate(value)
        case dict():
            unfit_name = next((name for name in value if unfit_text.search(name)), None)
            if unfit_name is not None:
                return (*place, unfit_name), "control_character", {}
            inside = value.items()
    looks = (_unfit(item, (*place, step), max_items, unfit_text) for step, item in inside)
    return next((found for found in looks if found), None)
