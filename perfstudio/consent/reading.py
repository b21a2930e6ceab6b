"""Reading consent.json, and nothing that only looks like it."""

from __future__ import annotations

from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.reading import document_of
from perfstudio.model.strict_json import JsonProblemError, read_strictly

MAX_RECORD_BYTES = 4 << 20
CONSENT = "consent.json"


def read_record(data: bytes) -> ConsentRecord:
    """A record from the bytes of consent.json. Raises ConsentError(CONSENT_INVALID, where, problem).

    Nothing is taken that would not be written back the same: no doubled names, no values of another type.
    """
    try:
        plain = read_strictly(data, limit=MAX_RECORD_BYTES, own_words=True)
        record = document_of(plain, ConsentRecord, data)
    except JsonProblemError as found:
        raise _invalid(found.where or CONSENT, found.problem, **found.facts) from None
    if canonical_bytes(plain) != record.canonical():
        raise _invalid(CONSENT, "not_as_written")
    return record


def _invalid(where: str, problem: str, **facts: str | int | float) -> ConsentError:
    return ConsentError(ErrorCode.CONSENT_INVALID, where=where, problem=problem, **facts)
