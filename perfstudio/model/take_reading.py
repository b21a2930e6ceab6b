"""take.json read back, in whichever format it was written."""

from __future__ import annotations

import re
from typing import Any, Final

from perfstudio.model.reading import document_of
from perfstudio.model.strict_json import JsonProblemError, read_strictly
from perfstudio.model.take import TakeManifest
from perfstudio.model.take_1 import TakeManifest1
from perfstudio.model.take_2 import FORMAT, TakeManifest2

TAKE_LIMIT: Final = 4_000_000
"""Bytes of one take.json. A two-hour take with a hole every second stays below 2 MB."""
TAKE_LIST_LIMIT: Final = 100_000
"""Members of one list in it: far more than fit into so many bytes."""
NEWER: Final = "newer_format"
"""The problem of a take that a later version wrote."""

FORMATS: Final[dict[str, type[TakeManifest1] | type[TakeManifest2]]] = {
    "perfstudio-take/1": TakeManifest1,
    "perfstudio-take/2": TakeManifest2,
}
_FIRST: Final = "perfstudio-take/1"
"""What a take is that does not say: format 1 allowed that."""
_NUMBERED: Final = re.compile(r"perfstudio-take/([1-9][0-9]{0,5})")


def read_take(data: bytes) -> TakeManifest:
    """The manifest in the bytes of a take.json. Raises JsonProblemError; its problem is NEWER where a later version of
    perfstudio wrote the take, whatever else is in it.
    """
    plain = read_strictly(data, limit=TAKE_LIMIT, max_items=TAKE_LIST_LIMIT, own_words=True)
    named = plain.get("format", _FIRST) if isinstance(plain, dict) else _FIRST
    if _is_newer(named):
        raise JsonProblemError(NEWER, "format")
    kind = FORMATS.get(named, TakeManifest2) if isinstance(named, str) else TakeManifest2
    return document_of(plain, kind, data)


def unreadable(problem: Exception, other: str = "unreadable") -> str:
    """One word for a take.json that could not be read: NEWER, or else `other`."""
    return NEWER if isinstance(problem, JsonProblemError) and problem.problem == NEWER else other


def take_of(plain: dict[str, Any]) -> TakeManifest:
    """The manifest in a value that was read or made before. Raises ValidationError."""
    return FORMATS[plain.get("format", _FIRST)].model_validate(plain)


def in_format_2(draft: TakeManifest) -> TakeManifest:
    """A draft as it is written now: one of format 1 was left by an older version that ended while it rolled."""
    if not isinstance(draft, TakeManifest1):
        return draft
    return TakeManifest2.model_validate(draft.to_json() | {"format": FORMAT})


def _is_newer(named: object) -> bool:
    found = _NUMBERED.fullmatch(named) if isinstance(named, str) else None
    return found is not None and named not in FORMATS
