"""From what a validator says to PACK_INVALID: where it is, as a plain path, and which rule it breaks, as a code.

Codes of `problem`: missing, unknown_field, too_short, too_long, too_few, too_many, too_small, too_large, pattern,
not_one_of, not_text, not_a_number, not_a_list, not_an_object, not_true_or_false, not_a_date, wrong_type; from the JSON
reader (`model.strict_json`) and from the cross references (`packs.cross`) their own.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.strict_json import step

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
    "int_from_float": "not_a_number",
    "float_type": "not_a_number",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
    "model_type": "not_an_object",
    "dict_type": "not_an_object",
    "bool_type": "not_true_or_false",
}
_LIMITS = ("min_length", "max_length", "ge", "le", "expected")


def invalid(file: str, where: str, problem: str, **facts: str | int | float) -> PackError:
    """PACK_INVALID with its facts."""
    return PackError(ErrorCode.PACK_INVALID, file=file, where=where, problem=problem, **facts)


def first_problem(file: str, error: ValidationError) -> PackError:
    """The first thing pydantic found, in the words of the house. What was found is counted, never quoted."""
    found = error.errors(include_url=False, include_input=False)
    chosen = found[0]
    facts: dict[str, str | int | float] = {"problems": len(found)} if len(found) > 1 else {}
    context: dict[str, Any] = chosen.get("ctx", {})
    limit = next((context[name] for name in _LIMITS if name in context), None)
    if isinstance(limit, str | int | float):
        facts["limit"] = limit
    where = ""
    for key in chosen["loc"]:
        where = step(where, key)
    return invalid(file, where, _code(chosen["type"]), **facts)


def _code(kind: str) -> str:
    if kind.startswith("date"):
        return "not_a_date"
    return _CODES.get(kind, "wrong_type")
