"""Reading consent.json, and nothing that only looks like it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode

MAX_RECORD_BYTES = 4 << 20


def read_record(data: bytes) -> ConsentRecord:
    """A record from the bytes of consent.json. Raises ConsentError(CONSENT_INVALID, where, problem).

    Nothing is taken that would not be written back the same: no doubled names, no values of another type.
    """
    if len(data) > MAX_RECORD_BYTES:
        raise _invalid("consent.json", "too_large")
    try:
        plain = json.loads(data, object_pairs_hook=_no_doubles)
        record = ConsentRecord.model_validate(plain)
        same = canonical_bytes(plain) == record.canonical()
    except ValidationError as failure:
        error = failure.errors(include_url=False, include_context=False)[0]
        raise _invalid(".".join(map(str, error["loc"])) or "consent.json", error["type"]) from None
    except (ValueError, RecursionError):
        raise _invalid("consent.json", "not_json") from None
    if not same:
        raise _invalid("consent.json", "not_as_written")
    return record


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise ValueError("a name occurs twice")
    return plain


def _invalid(where: str, problem: str) -> ConsentError:
    return ConsentError(ErrorCode.CONSENT_INVALID, where=where, problem=problem)
