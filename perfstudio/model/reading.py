"""From the bytes of a document to its value: strict JSON, then the model, and one kind of error for both.

What is read here is what the published schema of the document allows, no more and no less (`perfstudio.schemas`): text
is text, 60.0 is a whole number, true is no number, a moment is an RFC 3339 moment that exists.

Codes of a `JsonProblemError`, besides those of `strict_json`: missing, unknown_field, too_short, too_long, too_few,
too_many, too_small, too_large, pattern, not_one_of, not_text, not_a_number, not_whole, not_a_list, not_an_object,
not_true_or_false, not_a_date, not_a_moment, wrong_type.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import to_json

from perfstudio.model.base import Document
from perfstudio.model.json_lines import line_of
from perfstudio.model.strict_json import MAX_ITEMS, JsonProblemError, decoded, path_of, read_strictly

Kind = TypeVar("Kind", bound=Document)

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_few",
    "too_long": "too_many",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "string_pattern_mismatch": "pattern",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "string_type": "not_text",
    "int_type": "not_a_number",
    "int_from_float": "not_whole",
    "float_type": "not_a_number",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
    "model_type": "not_an_object",
    "dict_type": "not_an_object",
    "bool_type": "not_true_or_false",
}
_LIMITS = ("min_length", "max_length", "ge", "le", "expected")


def read_document(
    data: bytes, kind: type[Kind], *, limit: int, max_items: int = MAX_ITEMS, own_words: bool = False
) -> Kind:
    """The document in these bytes. Raises JsonProblemError. See `read_strictly` for the limits."""
    plain = read_strictly(data, limit=limit, max_items=max_items, own_words=own_words)
    return document_of(plain, kind, data)


def document_of(plain: Any, kind: type[Kind], data: bytes) -> Kind:
    """The document in a value that `read_strictly` made of `data`. Raises JsonProblemError."""
    try:
        return kind.model_validate_json(to_json(plain), strict=True)
    except ValidationError as error:
        raise _first_problem(error, data) from error


def value_of(kind: type[Kind], **values: Any) -> Kind:
    """A value made of what a person typed. Raises JsonProblemError."""
    try:
        return kind(**values)
    except ValidationError as error:
        raise _first_problem(error, b"") from error


def line_of_path(data: bytes, where: str) -> int:
    """The line of a path such as `prompts[3].title` in a document that was read."""
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", where)
    return line_of(decoded(data, limit=len(data)), tuple(int(index) if index else name for index, name in steps))


def _first_problem(error: ValidationError, data: bytes) -> JsonProblemError:
    """The first thing the model found. What was found is counted, never quoted."""
    found = error.errors(include_url=False)
    chosen = found[0]
    facts: dict[str, str | int | float] = {"problems": len(found)} if len(found) > 1 else {}
    context: dict[str, Any] = chosen.get("ctx", {})
    limit = next((context[name] for name in _LIMITS if name in context), None)
    if isinstance(limit, str | int | float):
        facts["limit"] = limit
    line = line_of(decoded(data, limit=len(data)), chosen["loc"]) if data else 0
    return JsonProblemError(_code(chosen["type"], chosen["input"]), path_of(chosen["loc"]), line, **facts)


def _code(kind: str, found: Any) -> str:
    if kind == "int_type" and isinstance(found, float):
        return "not_whole"
    return _CODES.get(kind, kind if kind in ("not_a_date", "not_a_moment") else "wrong_type")
